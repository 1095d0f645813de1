"""Copied alone, every program of every page runs after the pip line of its page, where nothing else is installed.

Programs that need other versions run in such environments anyway: in test_error_pairs.py, and in tests/mocks/run.py.
"""

import io
import json
import os
import subprocess
import sys
import venv
import warnings
import zipfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from importlib.machinery import PathFinder
from importlib.metadata import Distribution, distribution
from pathlib import Path
from typing import Any, TypeAlias

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from docs._tools.data import sandbox_wheel
from docs._tools.data.as_of import ROOT
from docs._tools.data.requirements import newest_upload, requirement
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
DOCS, SNIPPETS = ROOT / "docs", ROOT / "snippets"
RAISED = {problem.failing: problem.raises.type for problem in problems() if problem.raises}
OPENAI = requirement("openai")
PYTEST = requirement("pytest")
SANDBOX = "openai-sandbox"
POINTED = ("OPENAI_BASE_URL", "OPENAI_API_KEY", CA_FILE, "NO_PROXY", "no_proxy")


Runner: TypeAlias = "subprocess.Popen[str]"


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


@pytest.fixture(scope="module")
def runners(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[bool, Runner]]:
    """What runs programs, and what runs tests: with what all of their lines bring already loaded."""
    with (
        warnings.catch_warnings(action="ignore", category=DeprecationWarning),  # this process has threads
        runner(environment([OPENAI], tmp_path_factory.mktemp("programs"))) as programs,
        runner(environment([OPENAI, PYTEST], tmp_path_factory.mktemp("tests"), sandbox=True)) as tests,
    ):
        yield {False: programs, True: tests}


@pytest.mark.parametrize("line", LINES, ids=run_page.pip_line)
def test_every_program_runs_alone_after_its_line(
    line: tuple[str, ...], runners: dict[bool, Runner], tmp_path: Path
) -> None:
    failed = []
    for tests in (False, True):
        these = [case for case in CASES if case.line == line and is_test(case.program) == tests]
        if these:
            # Other programs than tests have the sandbox in another process.
            python = environment(list(line), tmp_path / f"environment-{tests}", sandbox=tests)
            failed += [said for case in these if (said := run_alone(case, python, runners[tests], tmp_path))]
    assert not failed, "\n".join(failed)


@pytest.mark.parametrize("line", LINES, ids=run_page.pip_line)
def test_what_a_line_brings_is_what_is_installed_after_it(line: tuple[str, ...], tmp_path: Path) -> None:
    limits = tmp_path / "limits.txt"
    limits.write_text(requirement("websockets"), "utf-8")  # another page's line keeps this environment from newer ones
    options = ["--no-config", "--quiet", "--no-header", "--no-annotate", "--exclude-newer", newest_upload()]
    options += ["--constraint", str(limits)]
    command = [uv_path(), "pip", "compile", *options, "--python", sys.executable, "-"]
    done = subprocess.run(command, input="\n".join(line), capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    here = {canonicalize_name(found.name): found.version for found in brought(list(line))}
    assert dict(one.split("==") for one in done.stdout.split()) == here


def test_a_module_that_a_line_does_not_bring_is_named(tmp_path: Path) -> None:
    program = tmp_path / "program.py"
    program.write_text("import json\nimport openai\nimport yaml\n", "utf-8")
    python = environment([OPENAI], tmp_path / "environment")
    assert missing(Case(program, (OPENAI,)), packages_of(python)) == ["yaml"]


def test_an_environment_holds_what_its_line_brings_and_nothing_else(tmp_path: Path) -> None:
    python = environment(["openai>=3.52,<4", "python-dotenv>=1.2,<2"], tmp_path / "environment")
    for module, there in (("openai", True), ("dotenv", True), ("httpx2", True), ("pytest", False), ("yaml", False)):
        done = subprocess.run([python, "-c", f"import {module}"], capture_output=True, check=False)
        assert (done.returncode == 0) == there, module


def environment(line: list[str], home: Path, *, sandbox: bool = False) -> Path:
    """Make an environment that holds what is wanted and what that brings, and return its interpreter.

    What it holds are links to the packages of this environment, which are compiled. The sandbox is unpacked as readers
    get it.
    """
    venv.create(home, symlinks=True)
    packages = Path(packages_of(home / "bin" / "python"))
    linked = [found for found in brought([*line, *([SANDBOX] if sandbox else [])]) if found.name != SANDBOX]
    for top in sorted({top for found in linked for top in places(found)}):
        (packages / top.name).symlink_to(top)
    if sandbox:
        zipfile.ZipFile(io.BytesIO(sandbox_wheel.wheel())).extractall(packages)
    return home / "bin" / "python"


def packages_of(python: Path) -> str:
    (packages,) = python.parent.parent.glob("lib/python*/site-packages")
    return str(packages)


def brought(line: list[str]) -> list[Distribution]:
    """Return the distributions that pip would install for a line, in the versions of this environment."""
    found: dict[tuple[str, str], Distribution] = {}
    waiting = [(Requirement(wanted), "") for wanted in line]
    while waiting:
        wanted, extra = waiting.pop()
        if wanted.marker and not wanted.marker.evaluate({"extra": extra}):
            continue
        for asked in ("", *wanted.extras):
            if (wanted.name, asked) not in found:
                found[wanted.name, asked] = has = distribution(wanted.name)
                assert wanted.specifier.contains(has.version, prereleases=True), f"{wanted}: {has.version} is here"
                waiting += [(Requirement(brings), asked) for brings in has.requires or []]
    return list(found.values())


def places(found: Distribution) -> set[Path]:
    """Return the folders and files at the top of what a distribution has installed."""
    names = {file.parts[0] for file in found.files or []} - {"..", "__pycache__"}
    return {Path(str(found.locate_file(name))) for name in names}


@contextmanager
def runner(python: Path) -> Iterator[Runner]:
    """Start what runs programs in an environment, or in one that holds more."""
    with (
        Sandbox(set_environment=False) as api,
        subprocess.Popen(
            [str(python), fork_programs.__file__, report_ending.__file__, certificates.__file__],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            env=scrubbed(os.environ, api.base_url),
        ) as process,
    ):
        yield process


def missing(case: Case, packages: str) -> list[str]:
    """Return the modules that a program imports and that are nowhere: not Python's, beside it, or among packages."""
    places = [packages, str(case.program.parent)]
    tops = {module.partition(".")[0] for module in imports(case.source)} - sys.stdlib_module_names
    return sorted(top for top in tops if not PathFinder.find_spec(top, places))


def run_by_itself(case: Case, python: Path, folder: Path, variables: Mapping[str, str]) -> int:
    """Run a program as `python PROGRAM` does: what it needs has to be there when the interpreter starts."""
    command = [str(python), report_ending.__file__, str(folder / case.program.name), str(folder / "ending.json")]
    return subprocess.run(command, cwd=folder, env={**kept_of(os.environ), **variables}, capture_output=True).returncode


def run_alone(case: Case, python: Path, running: Runner, tmp_path: Path) -> str:
    """Copy a program into an empty folder and run it there. Returns what went wrong, or nothing."""
    if lacks := missing(case, packages_of(python)):
        return f"{place(case.program)}: its line does not bring {', '.join(lacks)}"
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
            code = answer(running, python, case, folder, {} if knows_sandbox(case.source) else pointed, test)
            return "" if code in passed(case) else f"{place(case.program)}: {(folder / 'printed').read_text('utf-8')}"
        if needs_own_process(case.source):
            code = run_by_itself(case, python, folder, pointed | variables(case.source))
        else:
            code = answer(running, python, case, folder, pointed, [])
    report = folder / "ending.json"
    ending: Mapping[str, Any] = json.loads(report.read_text("utf-8")) if report.exists() else {"exception": code}
    if ending.get("exception") == RAISED.get(case.program):
        return ""
    return f"{place(case.program)}: ends with {ending.get('exception')}: {ending.get('text')}"


def passed(case: Case) -> tuple[int, ...]:
    """Return the exit codes of pytest that are right: a conftest.py has no tests."""
    return (5,) if case.program.name == "conftest.py" else (0,)


def answer(
    running: Runner, python: Path, case: Case, folder: Path, variables: Mapping[str, str], arguments: list[str]
) -> int:
    assert running.stdin
    assert running.stdout
    job = {
        "folder": str(folder),
        "packages": packages_of(python),
        "program": case.program.name,
        "variables": dict(variables),
        "pytest": arguments,
    }
    running.stdin.write(f"{json.dumps(job)}\n")
    running.stdin.flush()
    return int(running.stdout.readline())
