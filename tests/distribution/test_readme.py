"""The README of the distribution: its programs run, and its commands are ones that there are."""

import os
import re
import shlex
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from docs._tools.data.as_of import ROOT
from openai_sandbox import Sandbox
from openai_sandbox.cli import main
from tests import forked_python

MEMBER = ROOT / "sandbox"
README = (MEMBER / "README.md").read_text("utf-8")
PROJECT = tomllib.loads((MEMBER / "pyproject.toml").read_text("utf-8"))["project"]

# Of all the plugins that are installed here its reader has one: loading the others takes longer than the test.
ALONE = {"PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1", "PYTEST_ADDOPTS": "-p openai_sandbox -p no:cacheprovider"}


def blocks(language: str) -> list[str]:
    """Return the blocks of a language."""
    return re.findall(rf"^```{language}\n(.*?)^```$", README, re.MULTILINE | re.DOTALL)


def run(*command: str, folder: Path) -> str:
    """Run Python with these arguments in a folder, and return what it prints."""
    done = subprocess.run(
        [sys.executable, *command], cwd=folder, env=os.environ | ALONE, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def run_pytest(*arguments: str, folder: Path) -> str:
    """Run pytest with these arguments in a folder, and return what it prints."""
    done = forked_python.run("pytest", *arguments, cwd=folder, env=os.environ | ALONE)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def test_its_programs_run(tmp_path: Path) -> None:
    recorded, suite, program = blocks("python")
    (tmp_path / "test_suite.py").write_text(suite)
    (tmp_path / "test_recorded.py").write_text(recorded)
    (tmp_path / "program.py").write_text(program)
    with Sandbox():  # stands for the real API
        # Where CI is set, nothing is recorded unless that is said.
        assert "2 passed" in run_pytest("-q", "--openai-record=once", folder=tmp_path)
    assert "2 passed" in run_pytest("-q", folder=tmp_path)
    assert (tmp_path / "cassettes" / "test_recorded" / "test_it_greets.json").exists()
    assert re.fullmatch(r"\w.* 1\n", run("program.py", folder=tmp_path))


def test_its_commands_are_there(capsys: pytest.CaptureFixture[str]) -> None:
    commands = [shlex.split(command) for block in blocks("bash") for command in block.splitlines()]
    own = [arguments for name, *arguments in commands if name == "openai-sandbox"]
    assert len(own) == 8
    for arguments in own:
        # With --help, options are read and nothing is run. After the name of a program, it would be the program's.
        options = arguments[1:-1] if arguments[0] == "run" else arguments[1:]
        with pytest.raises(SystemExit) as ended:
            main([arguments[0], *options, "--help"])
        assert ended.value.code == 0
    others = [command for command in commands if command[0] != "openai-sandbox"]
    assert others == [["pip", "install", "PATH_TO_CLONE/sandbox"], ["uv", "build", "--package", PROJECT["name"]]]
    assert "usage: openai-sandbox run" in capsys.readouterr().out


def test_it_names_what_it_brings() -> None:
    required = [re.split(r"[^\w-]", requirement)[0] for requirement in PROJECT["dependencies"]]
    said = re.search(r"It\s+installs (.*?), and leaves", README, re.DOTALL)
    assert said
    assert re.findall(r"`([\w-]+)`", said[1]) == required


def test_every_python_it_says_it_runs_on_is_declared() -> None:
    declared = re.findall(r"Python :: (3\.\d+)", "\n".join(PROJECT["classifiers"]))
    assert f"Python {declared[0]} to {declared[-1]}" in README
    assert PROJECT["requires-python"] == f">={declared[0]}"


def test_what_the_pages_tell_to_install_can_be_installed() -> None:
    pages = [ROOT / "README.md", MEMBER / "README.md", *(ROOT / "docs").rglob("*.md")]
    named = {
        name
        for page in pages
        for name in re.findall(r"(?:install|--dev) PATH_TO_CLONE([\w/]*)", page.read_text("utf-8"))
    }
    assert named == {"/sandbox"}
    assert tomllib.loads((MEMBER / "pyproject.toml").read_text("utf-8"))["build-system"]["requires"]
