"""Blocks that are not Python are checked too: shell commands run, JSON is what the sandbox answers, settings parse."""

import importlib
import json
import os
import re
import shlex
import shutil
import subprocess
import sys
import tomllib
from collections.abc import Callable
from functools import cache
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
import yaml
from dotenv import dotenv_values
from pydantic import TypeAdapter

from docs._tools.data.as_of import ROOT
from docs._tools.ledger.pages import Block
from docs._tools.tables.error_pages import difference, problems
from openai_sandbox import Sandbox
from openai_sandbox.cassettes import document
from openai_sandbox.scripts import Script
from openai_sandbox.scripts.files import load

from ..good_requests import CHAT
from ..sandbox.compare.recorded import ASKED, answered, cassette
from . import terminal
from .outputs import compare

SNIPPETS = ROOT / "snippets"
README = (ROOT / "README.md").read_text("utf-8")


def text_of(block: Block) -> str:
    """Return what the reader sees: the included file, or what is written."""
    return "".join((SNIPPETS / include.path).read_text("utf-8") for include in block.includes) or block.body


def test_block_is_checked(
    block: Block, sandbox: Callable[..., Sandbox], request: pytest.FixtureRequest, tmp_path: Path
) -> None:
    language = block.language
    if language == "bash":
        check_commands(block, sandbox, tmp_path)
    elif language == "json":
        check_json(block, sandbox, bool(request.config.getoption("update_examples")))
    elif language == "toml":
        tomllib.loads(text_of(block))
    elif language == "yaml":
        yaml.safe_load(text_of(block))
    elif language == "javascript":
        check_node(block, sandbox)
    elif language == "html":
        check_html(block)
    elif language == "env":
        values = dotenv_values(stream=StringIO(text_of(block)))
        assert values, f"{block.place}: no settings"
        assert all(values.values()), f"{block.place}: a setting without a value"
    elif language == "text":
        assert ".output" in block.info, f"{block.place}: a text block is the output of a snippet: mark it .output"
        assert [Path(include.path).suffix for include in block.includes] == [".out"], (
            f"{block.place}: output is included from a snippet's .out file"
        )
    elif language == "diff":
        assert text_of(block).strip("\n") in differences(), f"{block.place}: no two programs differ so"
    else:
        # Python by test_snippets.py, Mermaid by the build.
        assert language in ("python", "mermaid"), f"{block.place}: nothing checks '{language}' blocks"


def check_commands(block: Block, sandbox: Callable[..., Sandbox], tmp_path: Path) -> None:
    """Run what can be run. Every command must be one of the kinds below."""
    text = text_of(block)
    if block.includes and not text.startswith("curl "):
        snippet = SNIPPETS / block.includes[0].path
        done = terminal.run(text, snippet.parent)
        assert done.returncode == 0, f"{block.place}: {done.stderr}"
        compare(snippet.with_suffix(".out"), done.stdout)
        return
    if block.includes:
        reply = run_curl(block.includes[0].path, sandbox)
        assert "error" not in reply or reply["error"] is None, f"{block.place}: {reply['error']}"
        return
    for command in re.sub(r"\\\n\s*", "", text).splitlines():
        if match := re.fullmatch(
            r"uv run openai-sandbox run (?P<options>(?:--\w+ (?:\"[^\"]*\"|\S+) )*)(?P<file>snippets/\S+\.py)", command
        ):
            options = match["options"].replace("--verdict ", f"--verdict {tmp_path}/")
            done = sandbox_run(f"--seed 204 {options}{match['file']}")
            assert done.returncode == 0, f"{block.place}: {done.stderr}"
            output = (ROOT / match["file"]).with_suffix(".out")
            if output.exists():
                compare(output, done.stdout)
        elif match := re.fullmatch(r"uv run openai-sandbox compare (?P<today>--today )?(?P<folder>[\w/]+)", command):
            folder = tmp_path / match["folder"]
            folder.mkdir(parents=True)
            (folder / "a.yaml").write_text(cassette((ASKED, answered(CHAT, ASKED)[2])), "utf-8")
            compared = [sys.executable, "-m", "openai_sandbox.cli", "compare", match["folder"], "--structure"]
            compared += ["50", "--today"] if match["today"] else ["100"]
            done = subprocess.run(compared, cwd=tmp_path, capture_output=True, text=True, check=False)
            assert done.returncode == 0, f"{block.place}: {done.stdout}{done.stderr}"
        elif match := re.fullmatch(r"uv run openai-sandbox (?P<command>serve|record) (?P<options>.+)", command):
            options = ["--port", "0", *match["options"].split()]
            served = [sys.executable, "-m", "openai_sandbox.cli", match["command"], *options]
            with subprocess.Popen(
                served, cwd=tmp_path, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
            ) as server:
                said = server.stdout.readline() if server.stdout else ""
                server.kill()
            assert said.startswith("export OPENAI_BASE_URL="), f"{block.place}: does not start"
        elif match := re.fullmatch(r"pip install (?P<requirements>\S.*)", command):
            project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]["dependencies"]
            requirements = shlex.split(match["requirements"])
            for requirement in requirements:
                assert requirement in project, f"{block.place}: pyproject.toml does not ask for {requirement}"
        elif match := re.fullmatch(rf"(?:python|{terminal.PYTEST}) (?P<file>\w+\.py)", command):
            shown = list(SNIPPETS.rglob(match["file"]))
            assert shown, f"{block.place}: there is no snippet {match['file']}"
        else:
            assert command in README.splitlines(), f"{block.place}: nothing checks '{command}'"


@cache
def differences() -> set[str]:
    """Return in what the programs of each problem differ."""
    return {"\n".join(difference(problem.failing, problem.fixed)) for problem in problems()}


@cache
def sandbox_run(arguments: str) -> subprocess.CompletedProcess[str]:
    """Run `openai-sandbox run` with these arguments, once for all the blocks that show it."""
    command = [sys.executable, "-m", "openai_sandbox.cli", "run", *shlex.split(arguments)]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)


def run_curl(path: str, sandbox: Callable[..., Sandbox]) -> Any:
    """Run a curl command with the real curl against the sandbox and return the parsed answer."""
    if not shutil.which("curl"):
        pytest.skip("curl is not installed")
    with sandbox():
        done = subprocess.run(
            ["sh", "-e", str(SNIPPETS / path)], capture_output=True, text=True, check=False, env=os.environ
        )
    assert done.returncode == 0, f"snippets/{path}: {done.stderr}"
    return json.loads(done.stdout)


def check_node(block: Block, sandbox: Callable[..., Sandbox]) -> None:
    """Run a program with the real Node SDK against the sandbox."""
    (include,) = block.includes
    node = shutil.which("node")
    if not node or not (ROOT / "node_modules" / "openai").is_dir():
        pytest.skip("Node or its openai package is not installed")
    with sandbox() as api:
        done = subprocess.run(
            [node, str(SNIPPETS / include.path)], capture_output=True, text=True, check=False, env=os.environ
        )
    assert done.returncode == 0, f"{block.place}: {done.stderr}"
    assert all(exchange.authored for exchange in api.requests)
    compare((SNIPPETS / include.path).with_suffix(".out"), done.stdout)


def check_html(block: Block) -> None:
    """The page is a file that a program beside it serves. tests/site/test_streamed_page.py looks at it in a browser."""
    (include,) = block.includes
    folder = (SNIPPETS / include.path).parent
    served = any(Path(include.path).name in program.read_text("utf-8") for program in folder.glob("*.py"))
    assert served, f"{block.place}: no program of this page serves {include.path}"


def check_json(block: Block, sandbox: Callable[..., Sandbox], updating: bool) -> None:
    """The JSON validates as the type it names, and is what the sandbox answers to the request it names."""
    if "data-script" in block.options:
        load(SNIPPETS / block.includes[0].path, Script())
        return
    if "data-cassette" in block.options:
        (include,) = block.includes
        assert document.read(text_of(block), include.path)[0], f"{block.place}: no recordings"
        return
    kind, request = block.options.get("data-sdk-type"), block.options.get("data-reply-to")
    assert kind, f'{block.place}: name the SDK type that validates it: data-sdk-type="openai.types...."'
    assert request, f'{block.place}: name the command it answers: data-reply-to="name.sh"'
    (include,) = block.includes
    target = SNIPPETS / include.path
    reply = run_curl((Path(include.path).parent / request).as_posix(), sandbox)
    if updating:
        target.write_text(json.dumps(reply, indent=2, ensure_ascii=False) + "\n", "utf-8")
    shown = json.loads(target.read_text("utf-8"))
    assert shown == reply, f"{target}: the sandbox answers something else: uv run pytest tests/pages --update-examples"
    module, _, name = kind.rpartition(".")
    TypeAdapter(getattr(importlib.import_module(module), name)).validate_python(shown, strict=True)
