"""Running what pages tell their readers to run, in a folder of its own."""

import os
import shutil
import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

# Names each test, and no times.
PYTEST = "pytest -qq -rA"

# Of all the plugins that are installed here a reader needs one: loading the others takes longer than the tests.
SETTINGS = {"PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1", "PYTEST_ADDOPTS": "-p openai_sandbox -p no:cacheprovider"}


def run(command: str, folder: Path) -> subprocess.CompletedProcess[str]:
    """Run a shell command in a copy of a snippets folder, with the commands of this environment at hand."""
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    with TemporaryDirectory() as elsewhere:
        copy = shutil.copytree(folder, Path(elsewhere) / "project", ignore=shutil.ignore_patterns("__*__*"))
        return subprocess.run(
            ["sh", "-ec", command],
            cwd=copy,
            env=os.environ | SETTINGS | {"PATH": path, "COLUMNS": "60"},
            capture_output=True,
            text=True,
            check=False,
        )
