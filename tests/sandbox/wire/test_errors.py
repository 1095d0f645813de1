"""The catalog of errors: each row says how it is known, and the sandbox uses it."""

import re
from pathlib import Path

import openai_sandbox
from openai_sandbox.wire.errors import catalog


def test_every_error_of_the_catalog_says_how_it_is_known() -> None:
    assert len(catalog()) >= 38
    for case in catalog().values():
        assert case.evidence in ("recorded", "specified", "pasted", "inferred")
        assert case.source
        assert 400 <= case.status < 600


def test_every_error_of_the_catalog_is_used_or_known_to_wait() -> None:
    package = Path(openai_sandbox.__file__).parent
    source = "".join(path.read_text("utf-8") for path in package.rglob("*.py"))
    unused = {id for id in catalog() if f'"{id}"' not in source}
    dynamic = {id for id in unused if re.match(r"(decimal|integer)_(above_max|below_min)$|rate_limit\.tokens$", id)}
    assert unused == dynamic
