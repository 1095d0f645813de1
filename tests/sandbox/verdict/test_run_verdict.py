"""`openai-sandbox run --verdict FILE`: the program's output as it was, the file, the summary and the exit code."""

import json
import signal
import subprocess
import sys
from pathlib import Path

import jsonschema
import pytest

from openai_sandbox.cli import main
from openai_sandbox.core import Core
from openai_sandbox.faults import plan
from openai_sandbox.observation import ending, lull
from openai_sandbox.verdict.clients import PATIENCE

from .test_verdict import SCHEMA

SANDBOX = [sys.executable, "-m", "openai_sandbox.cli", "run"]
# Without the SDK, whose import takes longer than the rest.
CALL = """
import http.client, json, os, sys
from urllib.parse import urlsplit
url = urlsplit(os.environ["OPENAI_BASE_URL"])
connection = http.client.HTTPConnection(url.netloc)
def ask(**more):
    body = json.dumps({"model": "gpt-6-luna", "input": "Write a haiku about coding", **more})
    headers = {"authorization": "Bearer " + os.environ["OPENAI_API_KEY"], "content-type": "application/json"}
    connection.request("POST", url.path + "/responses", body, headers)
    reply = connection.getresponse()
    return reply.status, json.loads(reply.read())
"""


def run(folder: Path, program: str, *options: str) -> tuple[subprocess.CompletedProcess[str], dict[str, object]]:
    path, file = folder / "program.py", folder / "verdict.json"
    path.write_text(CALL + program)
    command = [*SANDBOX, "--seed", "7", "--verdict", str(file), *options, str(path)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60)
    found = json.loads(file.read_text())
    jsonschema.validate(found, SCHEMA)
    return done, found


@pytest.mark.simulates("verdict-of-a-run")
def test_findings_are_written_and_told_and_make_a_good_exit_code_3(tmp_path: Path) -> None:
    program = "while ask()[0] == 429: pass\nprint('done')\nprint('so far', file=sys.stderr)\n"
    done, found = run(tmp_path, program, "--fault", "rate_limit retry_after=1")
    assert done.returncode == 3
    assert done.stdout == "done\n"
    assert done.stderr.startswith("so far\nopenai-sandbox: 1 finding in 2 requests\nretry_after_ignored (certain)")
    assert [finding["id"] for finding in found["findings"]] == ["retry_after_ignored"]  # type: ignore[attr-defined]
    assert found["program"] == {"name": str(tmp_path / "program.py"), "exit_code": 0}


@pytest.mark.simulates("verdict-of-a-run")
def test_the_exit_code_of_a_program_that_fails_stays_its_own(tmp_path: Path) -> None:
    done, found = run(tmp_path, "ask(), ask()\nsys.exit(7)\n", "--fault", "rate_limit retry_after=1")
    assert done.returncode == 7
    assert found["findings"]


@pytest.mark.simulates("verdict-of-a-run")
def test_without_findings_it_ends_as_it_would(tmp_path: Path) -> None:
    done, found = run(tmp_path, "print(ask()[0])\n")
    assert done.returncode == 0
    assert done.stdout == "200\n"
    assert done.stderr == "openai-sandbox: 0 findings in 1 request\n"
    assert found["findings"] == []


@pytest.mark.simulates("verdict-of-a-run")
@pytest.mark.parametrize(
    ("more", "found"), [("", ["status_ignored"]), ("print('status:', answer['status'])", [])], ids=["silent", "told"]
)
def test_what_it_prints_of_half_an_answer_counts(tmp_path: Path, more: str, found: list[str]) -> None:
    program = f"answer = ask()[1]\nprint(answer['output'][-1]['content'][0]['text'])\n{more}\n"
    _, written = run(tmp_path, program, "--fault", "content_filter")
    assert [finding["id"] for finding in written["findings"]] == found  # type: ignore[attr-defined]


@pytest.mark.simulates("verdict-of-a-run")
def test_a_client_that_waits_is_left_after_20_seconds_and_the_last_event_is_late() -> None:
    (fault,) = ending(plan("timeout"), PATIENCE).queue
    assert fault.hangs == 20
    core = Core()
    lull(core)
    assert core.latency.lull == 0.15


@pytest.mark.simulates("verdict-of-a-run")
def test_a_program_that_is_ended_while_it_waits_gets_a_verdict_too(tmp_path: Path) -> None:
    path, file = tmp_path / "program.py", tmp_path / "verdict.json"
    path.write_text(CALL + "print('asking')\nask()\n")
    command = [*SANDBOX, "--verdict", str(file), "--fault", "timeout", str(path)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as child:
        assert child.stdout
        assert child.stdout.readline() == "asking\n"
        child.terminate()
        assert child.wait(timeout=30) == 128 + signal.SIGTERM
    assert json.loads(file.read_text())["program"]["exit_code"] == 128 + signal.SIGTERM


@pytest.mark.parametrize(
    ("file", "message"), [(".", "is a folder"), ("missing/verdict.json", "there is no such folder")]
)
def test_a_file_that_cannot_be_written_is_named_before_anything_runs(
    tmp_path: Path, file: str, message: str, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "program.py"
    path.write_text("print('ran')\n")
    assert main(["run", "--verdict", str(tmp_path / file), str(path)]) == 2
    out, err = capsys.readouterr()
    assert message in err
    assert out == ""


def test_a_verdict_can_be_asked_for_on_a_module(tmp_path: Path) -> None:
    (tmp_path / "program.py").write_text(CALL + "print(ask()[0], sys.argv[1:])\n")
    command = [*SANDBOX, "--verdict", "verdict.json", "-m", "program", "--verdict"]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60, cwd=tmp_path)
    assert done.stdout == "200 ['--verdict']\n"
    assert (tmp_path / "verdict.json").exists()
