"""`openai-sandbox explain` and `run --explain`: what a traceback means, in a terminal."""

import io
import subprocess
import sys
from pathlib import Path

import pytest

from openai_sandbox.cli import main
from openai_sandbox.commands.explain import SITE
from openai_sandbox.explain import Finder, explain, problems
from openai_sandbox.explain.finder import LONGEST

KNOWN = (
    "openai.BadRequestError: Error code: 400 - Unsupported parameter: 'max_tokens' is not supported with this model."
)
TRACEBACK = f"""Traceback (most recent call last):
  File "/srv/app/venv/lib/python3.12/site-packages/litellm/main.py", line 9, in completion
    raise exception
litellm.{KNOWN.removeprefix("openai.")}
"""


@pytest.fixture(autouse=True)
def without_a_site(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(SITE, raising=False)


def said_of(text: str | bytes, monkeypatch: pytest.MonkeyPatch, *options: str) -> int:
    given = text.encode() if isinstance(text, str) else text
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(given)))
    return main(["explain", *options])


def test_a_message_is_explained_with_its_fix_first(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert said_of(KNOWN, monkeypatch) == 0
    said = capsys.readouterr().out
    assert said.startswith("A match, because the message agrees: Unsupported parameter: 'max_tokens'\n\nFix: Rename it")
    assert "\n\nCause: " in said
    assert "://" not in said


@pytest.mark.parametrize("how", ["option", "variable"])
def test_an_address_is_named_where_the_site_is_known(
    how: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv(SITE, "https://docs.example/" if how == "variable" else "")
    options = ("--site", "https://docs.example") if how == "option" else ()
    said_of(KNOWN, monkeypatch, *options)
    assert "\nhttps://docs.example/errors/parameters/#max-tokens-unsupported" in capsys.readouterr().out


def test_what_nobody_knows_is_only_recognized(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert said_of("openai.ConflictError: Error code: 409 - zxqv", monkeypatch) == 1
    said = capsys.readouterr().out
    assert said.startswith("No")
    assert "Recognized: the exception openai.ConflictError, status 409. About ConflictError: " in said.replace(
        "\n", " "
    )


def test_the_server_and_the_library_are_recognized() -> None:
    found = explain(
        TRACEBACK.replace("litellm.Bad", "litellm.exceptions.Bad") + "https://openrouter.ai/api/v1"
    ).recognized
    assert (found.exception, found.status, found.server, found.library) == (
        "litellm.exceptions.BadRequestError",
        400,
        "OpenRouter",
        "litellm",
    )


@pytest.mark.parametrize(
    ("given", "told"),
    [
        ("", "standard input is empty: try 'python program.py 2>&1 | openai-sandbox explain'"),
        (" \n ", "standard input is empty"),
        (bytes(range(256)) * 9, "standard input is no text: give it the message or the traceback"),
    ],
)
def test_what_is_no_text_is_refused(
    given: str | bytes, told: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert said_of(given, monkeypatch) == 2
    assert told in capsys.readouterr().err


def test_a_file_is_read_too_and_a_missing_one_is_named(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    log = tmp_path / "app.log"
    log.write_text(f"12:00 INFO started\n12:01 ERROR {KNOWN}\n", "utf-8")
    assert main(["explain", str(log)]) == 0
    assert main(["explain", str(tmp_path / "none.log")]) == 2
    assert capsys.readouterr().err == f"openai-sandbox: {tmp_path / 'none.log'}: no such file or directory\n"


def test_the_end_of_a_long_log_is_read() -> None:
    assert explain("all is well\n" * LONGEST + KNOWN).sure


def test_other_commands_start_without_the_problems() -> None:
    program = "import sys, openai_sandbox.cli; sys.exit('openai_sandbox.explain' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", program], timeout=60).returncode == 0


def test_of_two_matches_the_longer_wording_comes_first() -> None:
    first = problems()[0] | {"id": "a", "recognized_by": [["zx"]]}
    other = problems()[0] | {"id": "b", "recognized_by": [["zxqv"]]}
    assert [match.problem["id"] for match in Finder([first, other]).explain("zxqv").matches] == ["b", "a"]


def test_run_explains_a_program_that_fails_and_leaves_its_output_and_exit_code_alone(tmp_path: Path) -> None:
    path = tmp_path / "program.py"
    path.write_text(f"import sys\nprint('before')\nprint({KNOWN!r}, file=sys.stderr)\nsys.exit(7)\n", "utf-8")
    done = run(path)
    assert (done.returncode, done.stdout) == (7, "before\n")
    assert done.stderr.startswith(f"{KNOWN}\nopenai-sandbox: about the end of {path}:\n\nA match, because")


def test_run_says_nothing_of_a_program_that_ends_well(tmp_path: Path) -> None:
    path = tmp_path / "program.py"
    path.write_text(f"import sys\nprint({KNOWN!r}, file=sys.stderr)\n", "utf-8")
    done = run(path)
    assert (done.returncode, done.stderr) == (0, f"{KNOWN}\n")


def run(path: Path) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "openai_sandbox.cli", "run", "--explain", str(path)]
    return subprocess.run(command, capture_output=True, text=True, timeout=60)
