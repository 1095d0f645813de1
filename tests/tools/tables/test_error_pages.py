"""What an entry of docs/errors/problems/*.yml may hold, and what is made of it."""

import json
from pathlib import Path
from typing import Any

import pytest

from docs._tools.tables import error_pages
from docs._tools.tables.error_pages import ProblemError

ENTRY: dict[str, Any] = {
    "id": "some-problem",
    "title": "Some problem",
    "symptom": "It fails.[^a-claim]",
    "cause": "See [this](x.md).",
    "fix": "Do it right.",
    "raises": {"type": "openai.BadRequestError", "status": 400, "message": "wrong"},
    "evidence": "replayed",
    "threads": ["https://github.com/openai/openai-python/issues/1671", "https://example.com/a/"],
    "read": "2026-11-20",
}


@pytest.fixture
def folder(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    monkeypatch.setattr(error_pages, "ERRORS", tmp_path)
    monkeypatch.setattr(error_pages, "SNIPPETS", tmp_path / "snippets")
    programs = tmp_path / "snippets" / "errors" / "some_page"
    programs.mkdir(parents=True)
    (programs / "some_problem_fails.out").write_text("openai.BadRequestError: this is wrong\n")
    return tmp_path


def write(folder: Path, *entries: dict[str, Any]) -> None:
    (folder / "some-page.yml").write_text(json.dumps(entries))


def test_a_problem_is_told_on_the_skeleton(folder: Path) -> None:
    write(folder, ENTRY)
    text = error_pages.render("some-page")
    parts = ["## Some problem { #some-problem }", "**Symptom.**", "some_problem_fails.out", "**Cause.**"]
    parts += ["errors/some_page/some_problem_fails.py", "**Fix.**", "errors/some_page/some_problem_fixed.py"]
    parts += ["**Proof.**", "replayed by", "**Threads.** [openai-python #1671](https://github.com/", "[example.com/a]("]
    places = [text.index(part) for part in parts]
    assert places == sorted(places)


def test_the_finder_gets_the_messages_and_plain_text(folder: Path) -> None:
    write(folder, ENTRY | {"messages": ["another wording"]})
    (found,) = json.loads(error_pages.finder_data())
    assert found["messages"] == ["openai.BadRequestError: this is wrong", "another wording"]
    assert found["symptom"] == "It fails."
    assert (found["url"], found["status"]) == ("errors/some-page/#some-problem", 400)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"fixx": "x"}, "unknown fixx"),
        ({"cause": ""}, "cause must be there"),
        ({"evidence": "guessed"}, "evidence is one of executed, replayed"),
        ({"id": "401-key"}, "an id has lower-case letters"),
        ({"raises": {"type": "ValueError"}}, "raises has type and message"),
        ({"raises": {"type": "ValueError", "message": "x", "name": "y"}}, "raises has type and message"),
    ],
)
def test_a_malformed_entry_is_named(folder: Path, change: dict[str, Any], said: str) -> None:
    write(folder, ENTRY | change)
    with pytest.raises(ProblemError, match=rf"docs/errors/problems/some-page\.yml: .*: {said}"):
        error_pages.problems()


def test_an_id_that_is_there_twice_is_named(folder: Path) -> None:
    write(folder, ENTRY, ENTRY)
    with pytest.raises(ProblemError, match="some-problem"):
        error_pages.problems()


def test_the_lines_in_which_two_programs_differ_are_marked(folder: Path) -> None:
    write(folder, ENTRY)
    programs = folder / "snippets" / "errors" / "some_page"
    (programs / "some_problem_fails.py").write_text('"""Fail."""\n\nx = 1\nask(max_tokens=1)\n')
    (programs / "some_problem_fixed.py").write_text('"""Work."""\n\nx = 1\nask(limit=1)\n#> 2\n')
    text = error_pages.render("some-page")
    assert '```{ .python .changed title="some_problem_fails.py" hl_lines="4" }' in text
    assert '```{ .python .changed title="some_problem_fixed.py" hl_lines="4" }' in text
