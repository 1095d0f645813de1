"""What a program that runs against the sandbox finds in its environment, and what it does not."""

import ast
import os
import re
from pathlib import Path

import openai
import pytest

from openai_sandbox import Sandbox
from openai_sandbox.http.address import API_KEY
from openai_sandbox.http.environment import KEPT, POINTED, REMOVED, Overlay, named_in_files, of_program

URL = "http://127.0.0.1:8787/v1"
REAL = "sk-proj-a-real-key-0123456789"


def read_by_the_sdk() -> set[str]:
    """Return the names of all variables that the source of the installed SDK reads."""
    found = set()
    for path in Path(openai.__file__).parent.rglob("*.py"):
        source = path.read_text("utf-8")
        if "environ" in source or "getenv" in source:
            for node in ast.walk(ast.parse(source)):
                if isinstance(node, ast.Call | ast.Subscript) and re.search(r"environ|getenv", ast.unparse(node)):
                    inner = [*node.args[:1]] if isinstance(node, ast.Call) else [node.slice]
                    found |= {part.value for part in inner if isinstance(part, ast.Constant)}
    return {name for name in found if isinstance(name, str) and name.isupper()}


def test_every_variable_that_the_sdk_reads_is_pointed_here_removed_or_kept_for_a_reason() -> None:
    read = read_by_the_sdk()
    assert len(read) >= 15
    assert not read - {*POINTED, *REMOVED, *KEPT}, "say in http/environment.py what becomes of it"
    assert not {*POINTED} & {*REMOVED} | {*REMOVED} & {*KEPT} | {*POINTED} & {*KEPT}


def test_no_real_credential_and_no_other_address_reaches_a_program() -> None:
    before = dict.fromkeys(read_by_the_sdk(), REAL) | {"HOME": "/home/ada"}
    after = of_program(URL, before)
    given = {name: value for name, value in after.items() if value == REAL}
    assert given.keys() <= {*KEPT}
    assert after["HOME"] == "/home/ada"
    assert (after["AZURE_OPENAI_ENDPOINT"], after["AZURE_OPENAI_API_KEY"]) == ("http://127.0.0.1:8787", API_KEY)
    assert after["OPENAI_ADMIN_KEY"] == API_KEY
    assert after["AWS_BEDROCK_BASE_URL"] == URL


def test_a_program_for_an_sdk_before_version_1_finds_the_sandbox_too() -> None:
    assert of_program(URL, {"OPENAI_API_BASE": "https://api.openai.com/v1"})["OPENAI_API_BASE"] == URL
    with Sandbox() as sandbox:
        assert os.environ["OPENAI_API_BASE"] == sandbox.base_url


def test_a_program_without_azure_gets_none() -> None:
    after = of_program(URL, {"OPENAI_API_KEY": REAL})
    assert not [name for name in after if "AZURE" in name or name in ("OPENAI_API_TYPE", "OPENAI_ADMIN_KEY")]


def test_what_a_file_would_set_is_set_already(tmp_path: Path) -> None:
    (tmp_path / ".env").write_text("# mine\nexport AZURE_OPENAI_API_KEY=abc\nGOOGLE_CLOUD_PROJECT = p\n")
    names = named_in_files([tmp_path / "below"])
    assert names == {"AZURE_OPENAI_API_KEY", "GOOGLE_CLOUD_PROJECT"}
    after = of_program(URL, {}, also_set=names)
    assert after["AZURE_OPENAI_ENDPOINT"] == "http://127.0.0.1:8787"
    assert after["GOOGLE_CLOUD_PROJECT"] == ""


@pytest.mark.parametrize("first_out", [0, 1])
def test_two_sandboxes_may_be_left_in_any_order(first_out: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", REAL)
    monkeypatch.setenv("OPENAI_ORG_ID", "org-real")
    before = dict(os.environ)
    sandboxes = [Sandbox(), Sandbox()]
    for sandbox in sandboxes:
        sandbox.__enter__()
    last = sandboxes[1 - first_out]
    sandboxes[first_out].__exit__(None, None, None)
    assert os.environ["OPENAI_BASE_URL"] == last.base_url
    assert os.environ["OPENAI_API_KEY"] == API_KEY
    assert "OPENAI_ORG_ID" not in os.environ
    last.__exit__(None, None, None)
    assert dict(os.environ) == before


def test_an_overlay_gives_back_what_was_not_there(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("OPENAI_LOG", raising=False)
    overlay = Overlay({"OPENAI_LOG": "debug"})
    overlay.put_on()
    assert os.environ["OPENAI_LOG"] == "debug"
    overlay.take_off()
    assert "OPENAI_LOG" not in os.environ


def test_a_sandbox_is_entered_once_at_a_time() -> None:
    with Sandbox() as sandbox, pytest.raises(RuntimeError, match="already running"):
        sandbox.__enter__()
    with sandbox:
        assert sandbox.base_url
