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
    parts = ["## Some problem { #some-problem }", "**Symptom.**", "**Fix.**", "**Cause.**"]
    parts += [
        '??? example "A program that fails, and what you see"',
        '    --8<-- "errors/some_page/some_problem_fails.py"',
    ]
    parts += ["some_problem_fails.out", '    --8<-- "errors/some_page/some_problem_fixed.py"']
    parts += [
        "**Proof.**",
        "recorded or pasted",
        "**Threads.** [openai-python #1671](https://github.com/",
        "[example.com/a](",
    ]
    places = [text.index(part) for part in parts]
    assert places == sorted(places)


def test_only_an_error_of_the_api_is_said_to_be_recorded_or_pasted(folder: Path) -> None:
    for change in ({"raises": None}, {"evidence": "simulated"}):
        write(folder, ENTRY | change)
        text = error_pages.render("some-page")
        assert "simulates the answer" in text
        assert "recorded or pasted" not in text


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"fixx": "x"}, "unknown fixx"),
        ({"cause": ""}, "cause must be there"),
        ({"evidence": "guessed"}, "evidence is one of executed, replayed, simulated"),
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
    assert '``` { .diff title="What changes" }\n- ask(max_tokens=1)\n+ ask(limit=1)\n```' in text.replace(
        "```{ ", "``` { "
    )
    assert '```{ .python .changed title="some_problem_fails.py" hl_lines="4" }' in text
    assert '```{ .python .changed title="some_problem_fixed.py" hl_lines="4" }' in text


def test_the_difference_is_shown_without_the_indent_that_all_its_lines_have(tmp_path: Path) -> None:
    (tmp_path / "a.py").write_text('"""Fail."""\nif x:\n    a = 1\n    b = 2\n\n    if c:\n        d()\n')
    (tmp_path / "b.py").write_text('"""Work."""\nif x:\n    a = 2\n    b = 2\n    #> 3\n    if c:\n        e()\n')
    found = error_pages.difference(tmp_path / "a.py", tmp_path / "b.py")
    assert found == ["- a = 1", "+ a = 2", "", "-     d()", "+     e()"]


def test_programs_that_hardly_have_a_line_in_common_show_no_difference(folder: Path) -> None:
    write(folder, ENTRY)
    programs = folder / "snippets" / "errors" / "some_page"
    (programs / "some_problem_fails.py").write_text('"""Fail."""\n' + "a()\n" * 15)
    (programs / "some_problem_fixed.py").write_text('"""Work."""\n' + "b()\n" * 15)
    assert "What changes" not in error_pages.render("some-page")


@pytest.mark.parametrize(
    ("declared", "said"),
    [
        ("openai==1.0, x==2", "with `openai==1.0` and `x==2`."),
        ("openai==1.0, x==2", "`uv run --no-project --with openai==1.0 --with x==2 it_fails.py`"),
        ("process", "This program fails. Run it with `openai-sandbox run it_fails.py`:"),
        ("PYTHONIOENCODING=cp1252", "This program fails with `PYTHONIOENCODING=cp1252`."),
        (".env", "but not `OPENAI_API_KEY`, and run `python it_fails.py`."),
        (".env, OPENAI_API_KEY=sk-old", "and `OPENAI_API_KEY=sk-old`, and run `python it_fails.py`."),
    ],
)
def test_a_program_that_fails_only_in_an_environment_says_so(tmp_path: Path, declared: str, said: str) -> None:
    program = tmp_path / "it_fails.py"
    program.write_text(f"# needs: {declared}\n", "utf-8")
    assert said in error_pages._how_to_run(program, error_pages.Raises("ValueError", "no"))


def test_an_error_that_only_a_comment_of_the_failing_program_causes_is_said_to_be_injected(folder: Path) -> None:
    write(folder, ENTRY)
    programs = folder / "snippets" / "errors" / "some_page"
    said = "The comment `# sandbox: rate_limit` makes the sandbox answer with this error"
    (programs / "some_problem_fails.py").write_text('"""Fail."""\n# sandbox: rate_limit\na()\n')
    (programs / "some_problem_fixed.py").write_text('"""Work."""\nb()\n')
    assert said in error_pages.render("some-page")
    (programs / "some_problem_fixed.py").write_text('"""Work."""\n# sandbox: rate_limit\nb()\n')
    assert said not in error_pages.render("some-page")


def test_a_program_that_raises_nothing_is_not_said_to_fail(tmp_path: Path) -> None:
    said = error_pages._how_to_run(tmp_path / "it_fails.py", raises=None)
    assert said == "This program shows the problem. Run it with `openai-sandbox run it_fails.py`:"
