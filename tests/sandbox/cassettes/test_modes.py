"""When something is recorded, and what options do not fit together."""

import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from openai import OpenAI

from openai_sandbox import Sandbox
from openai_sandbox.cli import main

from ...good_requests import RESPONSE, RESPONSES
from ..client import MakeSandbox, Served, ask
from .recorded import exchange, exchanges, write

OTHER = RESPONSE | {"input": "Say goodbye"}


@pytest.mark.simulates("record-modes")
@pytest.mark.parametrize(
    ("mode", "there", "statuses", "asked", "kept"),
    [
        ("once", False, [200, 200, 200], 3, 3),
        ("once", True, [200, 501, 501], 0, 1),
        ("new", False, [200, 200, 200], 3, 3),
        ("new", True, [200, 200, 200], 2, 3),
        ("none", True, [200, 501, 501], 0, 1),
    ],
)
def test_a_mode_says_what_is_recorded(
    tmp_path: Path, mode: Any, there: bool, statuses: list[int], asked: int, kept: int
) -> None:
    cassette = tmp_path / "a.json"
    if there:
        write(cassette, exchange(RESPONSE, {"id": "resp_recorded"}))
    with (
        Sandbox(set_environment=False) as back,
        Sandbox(upstream=back.base_url, record=cassette, mode=mode) as front,
    ):
        replies = [ask(front, "POST", RESPONSES, json=body) for body in (RESPONSE, RESPONSE, OTHER)]
    assert [reply.status_code for reply in replies] == statuses
    assert (replies[0].json()["id"] == "resp_recorded") == there
    assert len(back.requests) == asked
    assert len(exchanges(cassette)) == kept


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"record": "a.json"}, "needs a server that answers: upstream='https://api.openai.com/v1'"),
        ({"record": "a.json", "mode": "none"}, "a.json: no such file, and mode 'none' records nothing"),
        ({"record": "a.yaml", "upstream": "http://127.0.0.1:9/v1"}, "name a file that ends in .json"),
        ({"record": "a.json", "mode": "all"}, "mode 'all' is not understood: use once, new, none"),
        ({"record": ".", "mode": "new", "upstream": "http://127.0.0.1:9/v1"}, "cannot be"),
        ({"replay": "b.json", "upstream": "http://127.0.0.1:9/v1"}, "replay and upstream exclude each other"),
        ({"replay": "b.json", "script": "rules.json"}, "script and cassettes exclude each other"),
        ({"replay": "b.json", "webhook": "http://127.0.0.1:9/"}, "webhook and cassettes exclude each other"),
    ],
)
def test_options_that_do_not_fit_together_are_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, options: dict[str, Any], said: str
) -> None:
    monkeypatch.chdir(tmp_path)
    write(tmp_path / "b.json")
    with pytest.raises(ValueError, match=said):
        Sandbox(**options)


def test_a_cassette_that_is_there_needs_neither_upstream_nor_key(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("OPENAI_API_KEY")
    cassette = write(tmp_path / "a.json", exchange(RESPONSE, {"id": "resp_recorded"}))
    with Sandbox(record=cassette), OpenAI() as client:
        assert client.responses.create(**RESPONSE).id == "resp_recorded"
    with Sandbox(record=cassette, upstream="http://127.0.0.1:9/v1"), OpenAI() as client:
        assert client.responses.create(**RESPONSE).id == "resp_recorded"


def test_the_key_of_the_environment_stays_while_something_is_recorded(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", "sk-sandbox-mine")
    with (
        Sandbox(set_environment=False) as back,
        Sandbox(upstream=back.base_url, record=tmp_path / "a.json"),
        OpenAI() as client,
    ):
        assert client.api_key == "sk-sandbox-mine"
        client.responses.create(**RESPONSE)
    assert "mine" not in (tmp_path / "a.json").read_text("utf-8")


def test_nothing_is_recorded_of_an_upstream_that_is_not_there(tmp_path: Path) -> None:
    with Sandbox(upstream="http://127.0.0.1:9/v1", record=tmp_path / "a.json") as api:
        assert ask(api, "POST", RESPONSES, json=RESPONSE).status_code == 502
    assert not (tmp_path / "a.json").exists()


def test_the_command_records_and_the_others_replay(
    tmp_path: Path, sandbox: MakeSandbox, served: Served, capsys: pytest.CaptureFixture[str]
) -> None:
    cassette = tmp_path / "a.json"
    with sandbox(set_environment=False) as back:
        command = ["record", "--upstream", back.base_url, "--to", str(cassette), "--port", "0"]
        arguments = [sys.executable, "-m", "openai_sandbox.cli", *command]
        with subprocess.Popen(arguments, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as recorder:
            assert recorder.stdout
            assert recorder.stderr
            address = recorder.stdout.readline().strip().removeprefix("export OPENAI_BASE_URL=")
            then = ask(address, "POST", RESPONSES, json=RESPONSE).json()
            recorder.terminate()
            said = recorder.stderr.read()
    assert f"# Records to {cassette}, without keys and account ids." in said
    assert len(exchanges(cassette)) == 1

    base_url, _ = served("--replay", str(cassette))
    assert ask(base_url, "POST", RESPONSES, json=RESPONSE).json() == then

    program = tmp_path / "program.py"
    program.write_text(f"from openai import OpenAI\nprint(OpenAI().responses.create(**{RESPONSE}).id)\n")
    run = [sys.executable, "-m", "openai_sandbox.cli", "run", "--replay", str(cassette), str(program)]
    environment = {name: value for name, value in os.environ.items() if name != "OPENAI_API_KEY"}
    assert subprocess.run(run, capture_output=True, text=True, env=environment).stdout.strip() == then["id"]


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["record"], "the following arguments are required: --upstream, --to"),
        (
            ["record", "--upstream", "nowhere", "--to", "a.json", "--port", "0"],
            "'nowhere' is not the base URL of a server",
        ),
        (["record", "--upstream", "http://127.0.0.1:9", "--to", "a.yaml"], "name a file that ends in .json"),
        (["record", "--upstream", "http://127.0.0.1:9", "--to", "a.json", "--mode", "all"], "invalid choice: 'all'"),
        (["serve", "--replay", "missing.json"], "missing.json: cannot be read: no such file"),
        (["run", "--replay", "missing.json", __file__], "missing.json: cannot be read: no such file"),
        (["run", __file__, "--replay", "a.json"], "put it before, or write -- before the program's own options"),
        (["serve", "--port", "0", "--scrub", "("], "scrub: '(' is not a regular expression"),
    ],
)
def test_a_mistake_on_the_command_line_is_one_line_and_exit_code_2(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, arguments: list[str], said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    assert main(arguments) == 2
    error = capsys.readouterr().err
    assert error.startswith("openai-sandbox: ")
    assert said in error
    assert error.count("\n") == 1
