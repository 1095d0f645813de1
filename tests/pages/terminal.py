"""Running what pages tell their readers to run, in a folder of its own."""

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from tests import forked_python

# Names each test, and no times.
PYTEST = "pytest -qq -rA"

# Of all the plugins that are installed here a reader needs one: loading the others takes longer than the tests.
SETTINGS = {"PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1", "PYTEST_ADDOPTS": "-p openai_sandbox -p no:cacheprovider"}


def run(command: str, folder: Path) -> subprocess.CompletedProcess[str]:
    """Run a shell command in a copy of a snippets folder, with the commands of this environment at hand."""
    with _copy(folder) as copy:
        return subprocess.run(
            ["sh", "-ec", command], cwd=copy, env=_environment(), capture_output=True, text=True, check=False
        )


def run_pytest(files: list[str], folder: Path) -> subprocess.CompletedProcess[str]:
    """Run `PYTEST` for test files in a copy of a snippets folder."""
    _, *options = PYTEST.split()
    with _copy(folder) as copy:
        return forked_python.run("pytest", *options, *files, cwd=copy, env=_environment())


@contextmanager
def _copy(folder: Path) -> Iterator[Path]:
    with TemporaryDirectory() as elsewhere:
        yield shutil.copytree(folder, Path(elsewhere) / "project", ignore=shutil.ignore_patterns("__*__*"))


def _environment() -> dict[str, str]:
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    return os.environ | SETTINGS | {"PATH": path, "COLUMNS": "60"}
