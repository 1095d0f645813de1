"""Programs on old versions of the SDK: how they are run, what is recorded, and the tables made from it."""

import json
import re
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from importlib.metadata import version
from pathlib import Path
from typing import Any

import pytest

from docs._tools.data.as_of import ROOT
from docs._tools.tables import versions
from docs._tools.tables.versions import COMMAND, CURRENT, OWN, SAME, Remedy, Results
from tests.versions import run as command

Runner = Callable[..., list[dict[str, Any]]]


@pytest.fixture
def found() -> Results:
    """What is committed, with an outcome to change."""
    return versions.read(versions.RESULTS.read_text("utf-8"))


def with_outcome(found: Results, program: str, major: str, outcome: str) -> Results:
    return replace(found, programs={**found.programs, program: {**found.programs[program], major: outcome}})


def problems(found: Results, known: list[Remedy] | None = None) -> list[str]:
    return versions.problems(found, versions.remedies() if known is None else known)


def test_every_program_has_been_tried_on_every_version(found: Results) -> None:
    missing = set(versions.programs()) - found.programs.keys()
    gone = found.programs.keys() - set(versions.programs())
    assert not missing | gone, f"not tried: {sorted(missing)}; no longer there: {sorted(gone)}: {COMMAND}"
    assert len(found.programs) >= 57
    assert all(outcomes.keys() == found.releases.keys() for outcomes in found.programs.values())


def test_the_versions_tried_are_the_major_versions_and_the_last_is_the_installed_one(found: Results) -> None:
    tried = {major: release.openai.partition(".")[0] for major, release in found.releases.items()}
    assert tried == {"1": "1", "2": "2", CURRENT: CURRENT}
    assert version("openai").partition(".")[0] == CURRENT, f"openai has a new major version: {COMMAND}"


def test_for_every_failure_there_is_a_remedy_that_works() -> None:
    wrong = problems(versions.results())
    assert not wrong, "\n".join([*wrong, COMMAND])


def test_a_failure_without_a_remedy_is_named(found: Results) -> None:
    (wrong,) = problems(with_outcome(found, "lessons/first_call/ask.py", "1", "raises KeyError: 'new'"))
    assert wrong.startswith("snippets/lessons/first_call/ask.py on openai 1.109.1: raises KeyError: 'new'")
    assert "docs/about/versions.yml" in wrong


def test_a_remedy_does_for_other_programs_that_fail_the_same_way(found: Results) -> None:
    again = found.programs[f"{OWN}count_tokens.py"]["1"]
    assert problems(with_outcome(found, "lessons/first_call/ask.py", "1", again)) == []


def test_a_failure_on_the_current_version_is_named_whatever_the_remedies(found: Results) -> None:
    again = found.programs[f"{OWN}count_tokens.py"]["1"]
    (wrong,) = problems(with_outcome(found, "lessons/first_call/ask.py", CURRENT, again))
    assert "on the current version" in wrong


def test_a_remedy_that_fails_itself_is_named(found: Results) -> None:
    broken = with_outcome(found, f"{OWN}count_tokens_anywhere.py", "1", "raises AttributeError: 'OpenAI' has no 'post'")
    assert any("count_tokens_anywhere.py, does not work there" in wrong for wrong in problems(broken))


def test_a_remedy_for_nothing_is_named(found: Results) -> None:
    stale = replace(versions.remedies()[0], failure="^raises LookupError")
    assert any("nothing fails like this" in wrong for wrong in problems(found, [*versions.remedies(), stale]))


@pytest.mark.parametrize(("field", "tried"), [("since", "2.5.0"), ("until", "2.6.0"), ("since", "2.7.0")])
def test_a_change_dated_wrong_or_not_tried_is_named(found: Results, field: str, tried: str) -> None:
    known = [
        replace(remedy, **{field: tried}) if remedy.example == "count_tokens.py" else remedy
        for remedy in versions.remedies()
    ]
    assert any(f"on openai {tried}, snippets/{OWN}count_tokens" in wrong for wrong in problems(found, known))


def test_the_tables_name_every_program_and_for_each_failure_what_to_write() -> None:
    table, failures = versions.table(), versions.failures()
    for program in versions.programs():
        if program.startswith(versions.SECTIONS):
            assert f"`{Path(program).name}`" in table
    for (program, _), outcome in versions.results().failures().items():
        remedy = versions.remedy_of(outcome, versions.remedies())
        assert remedy
        (row,) = [line for line in failures.splitlines() if line.startswith(f"- [`{Path(program).name}`](")]
        assert remedy.write in row and f"It works since {remedy.since}." in row


def test_programs_that_differ_have_rows_of_their_own(found: Results, monkeypatch: pytest.MonkeyPatch) -> None:
    again = found.programs[f"{OWN}count_tokens.py"]["1"]
    changed = with_outcome(found, "lessons/first_call/ask.py", "1", again)
    monkeypatch.setattr(versions, "results", lambda: changed)
    page = "[Your first API call](../lessons/first-call.md)"
    assert f"| {page} | `ask.py` | `AttributeError` | same | same |" in versions.table()
    assert f"| {page} | `basic.py`, `errors.py`," in versions.table()
    assert "- [`ask.py`](../lessons/first-call.md) raises `AttributeError:" in versions.failures()
    counts = re.search(r"(\d+) with openai 1\.109\.1, (\d+) with", versions.summary())
    assert counts and int(counts[1]) + 1 == int(counts[2])


def test_what_is_written_is_read_back_and_what_changed_is_told(found: Results) -> None:
    assert versions.written(found) == versions.RESULTS.read_text("utf-8")
    assert list(command.differences(found, found)) == []
    changed = with_outcome(found, "lessons/first_call/ask.py", "2", "prints nothing like it")
    removed, added = list(command.differences(found, changed))[-2:]
    assert removed.startswith('-  "lessons/first_call/ask.py"') and '"2": "same"' in removed
    assert added.startswith('+  "lessons/first_call/ask.py"') and '"2": "prints nothing like it"' in added


@pytest.fixture
def runner(tmp_path: Path) -> Runner:
    """Runs sources one after the other, as the command does, with the SDK installed here."""

    def run(*sources: str) -> list[dict[str, Any]]:
        lines = []
        for number, source in enumerate(sources):
            path = tmp_path / f"program_{number}.py"
            path.write_text(source)
            lines.append(json.dumps({"path": f"{path}", "environment": {"OPENAI_API_KEY": f"sk-{number}"}}))
        asked = "".join(f"{line}\n" for line in lines)
        done = subprocess.run(
            [sys.executable, f"{command.RUNNER}"], input=asked, capture_output=True, text=True, check=True
        )
        sdk, *answers = map(json.loads, done.stdout.splitlines())
        assert sdk == {"openai": version("openai"), "python": ">=3.10", "http": "httpx2"}
        return answers

    return run


def test_a_program_runs_alone_with_variables_of_its_own(runner: Runner) -> None:
    change = "import os, openai\nopenai.OpenAI = None\nos.environ['LEFT'] = 'behind'\nopen('left', 'w').close()\n"
    look = "import os, openai\nprint(openai.OpenAI().api_key, os.environ.get('LEFT'), os.path.exists('left'))\n"
    first, second = runner(change, look)
    assert first == {"printed": "", "raised": None}
    assert second == {"printed": "sk-1 None False\n", "raised": None}


def test_what_a_program_raises_is_told_with_what_it_printed_before(runner: Runner) -> None:
    answers = runner(
        "import sys\nprint(sys.stdin.readline() or 'nothing to read')\n",
        "print('so far')\nimport httpx2\nraise httpx2.ReadError('gone')\n",
        "import nothing_like_it\n",
        "raise SystemExit('no')\n",
        "raise SystemExit\n",
        "import os\nos.kill(os.getpid(), 9)\n",
    )
    assert [answer["raised"] for answer in answers] == [
        None,
        {"type": "httpx2.ReadError", "text": "gone"},
        {"type": "ModuleNotFoundError", "text": "No module named 'nothing_like_it'"},
        {"type": "SystemExit", "text": "no"},
        None,
        {"type": "SIGKILL", "text": "killed"},
    ]
    assert [answer["printed"] for answer in answers[:2]] == ["nothing to read\n", "so far\n"]


@pytest.mark.parametrize(
    ("printed", "raised", "expected"),
    [
        ("one\ntwo 0.5 s\n", None, SAME),
        ("one\n", None, "ends before line 2"),
        ("one\ntwo 9 s\n", None, "prints two 9 s"),
        ("one\ntwo 0.5 s\nthree\n", None, "prints three"),
        ("one\ntwo 0.5 s\n", {"type": "KeyError", "text": "'a'\nb"}, "raises KeyError: 'a'"),
    ],
)
def test_an_outcome_is_the_first_that_the_page_does_not_show(
    tmp_path: Path, printed: str, raised: dict[str, str] | None, expected: str
) -> None:
    program = tmp_path / "ask.py"
    program.write_text("print('one')\n#> one\nif True:\n    print('two')\n    #> two 0.4... s\n")
    assert command.outcome(program, printed, raised) == expected
    program.with_suffix(".out").write_text("one\ntwo 0.4... s\n")
    assert command.outcome(program, printed, raised) == expected


def test_programs_get_what_they_import_and_nothing_that_an_sdk_brings_along() -> None:
    needed = command.requirements(["lessons/first_call/usage.py", f"{OWN}broken_stream_anywhere.py"])
    assert [requirement.partition("==")[0] for requirement in needed] == ["genai-prices", "python-dotenv"]
    assert set(command.imported("import httpx2.x as y, os\nfrom pydantic.a import b\nfrom . import c\n")) == {
        "httpx2",
        "os",
        "pydantic",
    }


@pytest.mark.parametrize("arguments", [["--wirte"], ["--write", "--write"], ["1.109.1"]])
def test_arguments_that_are_not_understood_are_refused(
    arguments: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert command.main(arguments) == 2
    assert "usage: uv run python -m tests.versions.run [--write]" in capsys.readouterr().err


def test_without_uv_it_says_so(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setenv("PATH", "")
    assert command.main([]) == 2
    assert "this needs uv" in capsys.readouterr().err


def test_a_difference_or_a_failure_without_a_remedy_is_exit_code_1(
    found: Results, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("shutil.which", lambda name: f"/bin/{name}")
    monkeypatch.setattr(command, "find", lambda: found)
    assert command.main([]) == 0
    assert capsys.readouterr().err == ""
    new = with_outcome(found, "lessons/first_call/ask.py", "1", "raises KeyError: 'new'")
    monkeypatch.setattr(command, "find", lambda: new)
    assert command.main([]) == 1
    assert "--- recorded\n+++ now\n" in capsys.readouterr().err
    monkeypatch.setattr(versions, "RESULTS", tmp_path / "results.json")
    monkeypatch.setattr(command, "ROOT", tmp_path)
    assert command.main(["--write"]) == 1
    assert versions.read((tmp_path / "results.json").read_text("utf-8")) == new


def test_the_scheduled_job_tries_the_old_versions() -> None:
    assert f"run: {COMMAND}\n" in (ROOT / ".github" / "workflows" / "refresh.yml").read_text("utf-8")
