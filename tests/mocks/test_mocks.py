"""Mocks are compared by probes that can fail, and every test of another mock on the pages is run by something."""

import re
import sys
from pathlib import Path
from typing import Any

import pytest
import rs_bpe

from docs._tools.data.as_of import ROOT
from docs._tools.ledger.programs import packages
from docs._tools.tables import mocks
from docs._tools.tables.error_pages import problems

from . import compare, probes, run, tools

SNIPPETS = ROOT / "snippets"


class Always:
    """A mock that gives the same reply to everything."""

    def __init__(self, reply: probes.Reply) -> None:
        self.reply = reply

    def arrange(self, prompt: str) -> None:
        pass

    def send(self, method: str, path: str, body: Any = None, *, key: bool = True) -> probes.Reply:
        return self.reply


BODIES = [b"", b"{}", b"[]", b"null", b"data: {}\n\n", b'{"id": "a", "status": "completed", "data": []}']
REFUSAL = b'{"error": {"message": "No.", "type": "invalid_request_error", "param": null, "code": null}}'


@pytest.mark.parametrize("status", [200, 404, 500])
@pytest.mark.parametrize("body", [*BODIES, REFUSAL])
def test_a_mock_that_says_the_same_to_everything_passes_almost_no_probe(status: int, body: bytes) -> None:
    found, _ = probes.results(Always(probes.Reply(status, {}, body)))
    passed = {name for some in found.values() for name, holds in some.items() if holds}
    # What is asked of these is a status, or that anything comes.
    assert passed <= ({"speech"} if status == 200 else {"status 500"} if status == 500 else set())


def test_a_mock_that_refuses_everything_is_not_credited_with_refusing_what_is_wrong() -> None:
    found, _ = probes.results(Always(probes.Reply(400, {}, REFUSAL)))
    assert not any(found["refused_chat"].values())
    assert not any(found["refused_responses"].values())


def test_the_sandbox_does_what_the_table_says() -> None:
    with tools.sandbox() as served:
        found = compare.judged(*probes.results(served))
    recorded = mocks.results().found["sandbox"]
    assert found == {about: some for about, some in recorded.items() if about != "pytest"}
    assert {about for about, some in found.items() if not all(some.values())} == {"others"}


def test_the_probes_know_how_many_tokens_the_tokenizer_counts() -> None:
    encoding = rs_bpe.openai.o200k_base()
    assert len(encoding.encode(probes.ANSWER)) == probes.ANSWER_TOKENS
    assert len(encoding.encode(probes.SAY)) == probes.PROMPT_TOKENS
    guesses = (len(probes.ANSWER) / 4, len(probes.ANSWER.encode()) / 4, len(probes.ANSWER.split()))
    assert all(abs(guess - probes.ANSWER_TOKENS) > 2 for guess in guesses)


def test_what_changed_since_it_was_recorded_is_named() -> None:
    before: dict[str, Any] = {"versions": {"a": "1"}, "found": {"a": {"apis": {"chat": True}}}}
    after: dict[str, Any] = {"versions": {"a": "2"}, "found": {"a": {"apis": {"chat": False}}}}
    assert list(compare.differences(before, before)) == []
    assert set(compare.differences(before, after)) == {"a: 1 is now 2", "a / apis / chat: True is now False"}


def test_a_reply_that_lacks_a_member_is_not_of_the_sdks_type() -> None:
    with tools.sandbox() as served:
        probing = probes.Probing(served)
        reply = probing.chat(probes.SAY).json()
    assert compare.fits("chat", reply)
    assert not compare.fits("chat", {name: value for name, value in reply.items() if name != "model"})
    assert not compare.fits("chat", reply | {"created": "today"})


def test_every_file_that_needs_other_packages_is_run_by_something() -> None:
    needing = {path for path in SNIPPETS.rglob("*.py") if packages(path.read_text("utf-8"))}
    on_error_pages = {path for problem in problems() for path in (problem.failing, problem.fixed)}
    assert needing - on_error_pages == {run.FOLDER / name for name in run.RUN_HERE}
    assert all(run.RUN_HERE.values())


def test_every_test_before_a_move_has_one_after_it() -> None:
    names = {path.name for path in run.FOLDER.glob("test_*.py")}
    before = {name.removesuffix("_before.py") for name in names if name.endswith("_before.py")}
    after = {name.removesuffix("_after.py") for name in names if name.endswith("_after.py")}
    assert before == after
    assert len(before) >= 6


@pytest.mark.parametrize(
    ("source", "passes"),
    [
        ("def test_it():\n    pass\n", True),
        ("def test_it():\n    assert False\n", False),
        ("import nothing_like_it\n\ndef test_it():\n    pass\n", False),
        ("import pytest\n\n@pytest.mark.skip\ndef test_it():\n    pass\n", False),
        ("x = 1\n", False),
    ],
)
def test_a_file_passes_only_if_each_of_its_tests_does(
    source: str, passes: bool, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "test_made_up.py").write_text(source)
    monkeypatch.setattr(run, "FOLDER", tmp_path)
    monkeypatch.setattr(tools, "environment", lambda *_: Path(sys.executable))
    assert run.run("test_made_up.py")[0] == passes


def test_the_table_shows_what_was_found_and_in_its_place_what_was_read() -> None:
    table = mocks.render()
    rows = {line.split(" | ")[0].strip("| "): line for line in table.splitlines() if line.startswith("| ")}
    assert re.findall(r"\d of 8", rows["Bad requests it refuses, Chat Completions"])[0] == "8 of 8"
    assert rows["Streams in the API's order"].endswith("| you write each event |")
    assert mocks.NOT_READ in rows["Realtime"]
    assert len(rows) == 1 + len(mocks.ROWS)


def test_every_row_that_was_read_is_in_the_table_and_names_known_mocks() -> None:
    assert mocks.reviewed().keys() <= {id for id, _, _ in mocks.ROWS}
    for row in mocks.reviewed().values():
        assert row.values.keys() <= mocks.results().found.keys()
