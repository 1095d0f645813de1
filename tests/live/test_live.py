"""The snippets against the real API: `uv run pytest --live`, with a real key in OPENAI_API_KEY.

Off by default, because it costs money: `--live-cap DOLLARS` stops it (default: 1). A report with the date goes to
`--live-report FILE`, by default in `.cache/live/`.
"""

import json
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from docs._tools.data.as_of import ROOT
from docs._tools.tables.live_run import Ran

from .real_api import SNIPPETS, Relay, relaying, report, run


@pytest.fixture(scope="module")
def ran() -> list[Ran]:
    """What came of the snippets so far."""
    return []


@pytest.fixture(scope="module")
def relay(request: pytest.FixtureRequest, live_api: tuple[str, str], ran: list[Ran]) -> Iterator[Relay]:
    """The relay to the API. In the end, the report is written."""
    upstream, key = live_api
    made = Relay(upstream, key, request.config.getoption("live_cap"))
    with relaying(made):
        yield made
    today = date.today()
    given = request.config.getoption("live_report")
    path = Path(given) if given else ROOT / ".cache" / "live" / f"{today.isoformat()}.json"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(report(ran, made, today), indent=1) + "\n", encoding="utf-8")


@pytest.mark.live
@pytest.mark.parametrize("snippet", SNIPPETS, ids=lambda path: path.relative_to(ROOT / "snippets").as_posix())
def test_a_snippet_works_against_the_real_api(snippet: Path, relay: Relay, ran: list[Ran]) -> None:
    found = run(snippet, relay)
    ran.append(found)
    if relay.stopped:
        pytest.exit(f"the cap of ${relay.cap:g} is reached: raise it with --live-cap", returncode=1)
    assert found.fine, found.ended
    assert not found.differences, "\n".join(found.differences)
