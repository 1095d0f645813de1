"""Copied alone, every program of every page runs after the pip line of its page, where nothing else is installed.

Programs that need other versions run in such environments anyway: in test_error_pairs.py, and in tests/mocks/run.py.
"""

import json
import os
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from filelock import FileLock

from docs._tools.data import sandbox_wheel
from docs._tools.data.as_of import ROOT
from docs._tools.data.requirements import newest_upload
from docs._tools.ledger.pages import markdown_pages
from docs._tools.ledger.programs import (
    files,
    imports,
    is_test,
    knows_sandbox,
    needs,
    needs_own_process,
    packages,
    variables,
)
from docs._tools.site import run_page
from docs._tools.tables.error_pages import problems
from openai_sandbox import Sandbox
from openai_sandbox.faults import plan_of
from openai_sandbox.http.environment import CA_FILE
from tests import certificates
from tests.conftest import PINNED
from tests.interop.run import kept_of, scrubbed, uv_path

from . import fork_programs, report_ending
from .outputs import place

FEWEST_PROGRAMS = 246
ENVIRONMENTS = ROOT / ".cache" / "alone"
DOCS, SNIPPETS = ROOT / "docs", ROOT / "snippets"
RAISED = {problem.failing: problem.raises.type for problem in problems() if problem.raises}
POINTED = ("OPENAI_BASE_URL", "OPENAI_API_KEY", CA_FILE, "NO_PROXY", "no_proxy")


@dataclass(frozen=True, slots=True)
class Case:
    """A program, and the requirements that its page names for it."""

    program: Path
    line: tuple[str, ...]

    @property
    def source(self) -> str:
        return self.program.read_text("utf-8")


def cases() -> list[Case]:
    found = []
    for page in markdown_pages(DOCS):
        if shown := run_page.programs(page.relative_to(DOCS).as_posix(), DOCS, SNIPPETS):
            found += [Case(program, shown.requirements) for program in shown.together]
    return found


CASES = cases()
LINES = sorted({case.line for case in CASES})


def test_every_program_that_needs_no_other_versions_is_among_them() -> None:
    programs = {path for path in SNIPPETS.rglob("*.py") if path.name != "__init__.py"}
    assert {case.program for case in CASES} == {path for path in programs if not packages(path.read_text("utf-8"))}
    assert len(CASES) >= FEWEST_PROGRAMS


@pytest.mark.parametrize("line", LINES, ids=run_page.pip_line)
@pytest.mark.filterwarnings("ignore::DeprecationWarning")  # this process has threads when it starts another
def test_every_program_runs_alone_after_its_line(line: tuple[str, ...], tmp_path: Path) -> None:
    failed = []
    for tests in (False, True):
        these = [case for case in CASES if case.line == line and is_test(case.program) == tests]
        if these:
            wheel = [wheel_in(tmp_path)] if tests else []  # other programs have the sandbox in another process
            with environment([*line, *wheel]) as python, runner(python, these) as running:
                failed += [said for case in these if (said := run_alone(case, python, running, tmp_path))]
    assert not failed, "\n".join(failed)


@contextmanager
def environment(wanted: list[str]) -> Iterator[Path]:
    """Make an environment that holds what is wanted and what that brings, and yield its interpreter.

    It is the one of the line before, without what only that had: what both have stays compiled.
    """
    python_version = f"{sys.version_info.major}.{sys.version_info.minor}"
    home = ENVIRONMENTS / python_version
    python = home / "bin" / "python"
    home.parent.mkdir(parents=True, exist_ok=True)
    with FileLock(home.with_suffix(".lock")):
        if not python.exists():
            uv("venv", "--python", sys.executable, str(home))
        uv("pip", "install", "--exact", "--python", str(python), "--exclude-newer", newest_upload(), *wanted)
        yield python


def wheel_in(folder: Path) -> str:
    path = folder / sandbox_wheel.NAME
    path.write_bytes(sandbox_wheel.wheel())
    return str(path)


def uv(*arguments: str) -> None:
    command = [uv_path(), "--quiet", "--no-config", *arguments]
    done = subprocess.run(command, cwd=ENVIRONMENTS.parent, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr


@contextmanager
def runner(python: Path, these: list[Case]) -> Iterator["subprocess.Popen[str]"]:
    """Start what runs programs in an environment, with the modules that they import."""
    modules = sorted({module for case in these for module in imports(case.source)})
    with (
        Sandbox(set_environment=False) as api,
        subprocess.Popen(
            [str(python), fork_programs.__file__, report_ending.__file__, certificates.__file__, *modules],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            env=scrubbed(os.environ, api.base_url),
        ) as process,
    ):
        yield process


def run_by_itself(case: Case, python: str, folder: Path, variables: Mapping[str, str]) -> int:
    """Run a program as `python PROGRAM` does: what it needs has to be there when the interpreter starts."""
    command = [python, report_ending.__file__, str(folder / case.program.name), str(folder / "ending.json")]
    return subprocess.run(command, cwd=folder, env={**kept_of(os.environ), **variables}, capture_output=True).returncode


def run_alone(case: Case, python: Path, running: "subprocess.Popen[str]", tmp_path: Path) -> str:
    """Copy a program into an empty folder and run it there. Returns what went wrong, or nothing."""
    folder = tmp_path / case.program.relative_to(SNIPPETS).with_suffix("")
    folder.mkdir(parents=True)
    for name in (case.program.name, *files(case.source)):
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(run_page.text(case.program.parent / name))
    test = ["-q", "-p", "no:cacheprovider"] if is_test(case.program) else []
    with Sandbox(plan_of(case.program), **PINNED):
        pointed = {name: os.environ[name] for name in POINTED if name in os.environ}
        if ".env" in needs(case.source):
            (folder / ".env").write_text(f"OPENAI_API_KEY={pointed.pop('OPENAI_API_KEY')}\n", "utf-8")
        if test:
            code = answer(running, case, folder, {} if knows_sandbox(case.source) else pointed, test)
            return "" if code in passed(case) else f"{place(case.program)}: {(folder / 'printed').read_text('utf-8')}"
        if needs_own_process(case.source):
            code = run_by_itself(case, str(python), folder, pointed | variables(case.source))
        else:
            code = answer(running, case, folder, pointed, [])
    report = folder / "ending.json"
    ending: Mapping[str, Any] = json.loads(report.read_text("utf-8")) if report.exists() else {"exception": code}
    if ending.get("exception") == RAISED.get(case.program):
        return ""
    return f"{place(case.program)}: ends with {ending.get('exception')}: {ending.get('text')}"


def passed(case: Case) -> tuple[int, ...]:
    """Return the exit codes of pytest that are right: a conftest.py has no tests."""
    return (5,) if case.program.name == "conftest.py" else (0,)


def answer(
    running: "subprocess.Popen[str]", case: Case, folder: Path, variables: Mapping[str, str], arguments: list[str]
) -> int:
    assert running.stdin
    assert running.stdout
    job = {"folder": str(folder), "program": case.program.name, "variables": dict(variables), "pytest": arguments}
    running.stdin.write(f"{json.dumps(job)}\n")
    running.stdin.flush()
    return int(running.stdout.readline())
