"""Reads programs: which of them a page shows, what they declare that they need, and what they import."""

import ast
import re
import sys
from collections.abc import Iterable
from functools import cache
from pathlib import Path

from ..data.requirements import brought_by, distribution_of, requirement
from .pages import PYTHON, blocks

NEEDS = re.compile(r"^# needs: (?P<needs>.+)$", re.MULTILINE)
SCRIPT = re.compile(r"^# sandbox: .*\bscript=([\w./-]+)", re.MULTILINE)
READ = re.compile(r'\.with_name\("([\w.]+)"\)')
SANDBOX = "openai_sandbox"


def programs_of(page: Path, snippets: Path) -> list[Path]:
    """Return the Python files that a page shows, in its order."""
    shown = [include.path for block in blocks(page) if block.language in PYTHON for include in block.includes]
    return [snippets / path for path in dict.fromkeys(shown)]


def is_test(program: Path) -> bool:
    """Tell whether pytest runs a program."""
    return program.name.startswith("test_") or program.name == "conftest.py"


def knows_sandbox(source: str) -> bool:
    """Tell whether a test starts the sandbox, itself or by its plugin for pytest."""
    return SANDBOX in source or "openai_recording" in source


def needs(source: str) -> list[str]:
    """Return what a program declares: `# needs: process, tenacity`."""
    return [need.strip() for line in NEEDS.findall(source) for need in line.split(",")]


def packages(source: str) -> tuple[str, ...]:
    """Return the packages of other versions that a program needs: `openai==1.55.2`."""
    return tuple(need for need in needs(source) if re.match(r"[\w-]+(\[\w+\])?==", need))


def variables(source: str) -> dict[str, str]:
    """Return the environment variables that a program needs: `NAME=value`."""
    return dict(need.split("=", 1) for need in needs(source) if re.match(r"[A-Z_]\w*=(?!=)", need))


def files(source: str) -> tuple[str, ...]:
    """Return the files of its page that a program needs in the same folder.

    It declares them, such as `web_app.py`, or as the script of its answers, or reads them by `with_name`.
    """
    declared = [need for need in needs(source) if re.fullmatch(r"\w[\w/-]*\.[a-z]+", need)]
    return tuple(dict.fromkeys(declared + SCRIPT.findall(source) + READ.findall(source)))


def needs_own_process(source: str) -> bool:
    """Tell whether a program needs its own process: it says `process`, `.env`, or packages or variables."""
    return bool({"process", ".env"} & set(needs(source)) or packages(source) or variables(source))


def requirements(programs: Iterable[Path]) -> tuple[str, ...]:
    """Return what pip has to install for programs that need no other versions, sandbox excepted.

    A package that `openai` brings is not named again.

    Raises:
        DataError: an imported module belongs to no package that pyproject.toml has.
    """
    given = list(programs)
    local = {program.stem for program in given}
    modules = {module for program in given for module in imports(program.read_text("utf-8"))} - local - {SANDBOX}
    distributions = {distribution_of(module) for module in modules}
    if any(map(is_test, given)):
        distributions.add("pytest")
    if "openai" in distributions:
        distributions -= brought_by("openai")
    return tuple(requirement(name) for name in sorted(distributions, key=lambda name: (name != "openai", name)))


@cache
def imports(source: str) -> frozenset[str]:
    """Return the modules outside the standard library that a program imports anywhere, by their first name."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            found |= {alias.name.partition(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            found.add(node.module.partition(".")[0])
    return frozenset(found - sys.stdlib_module_names)
