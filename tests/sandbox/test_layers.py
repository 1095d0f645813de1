"""The rooms of the sandbox and of the build tools: what may import what, and how large a room may be.

The contracts are those of pyproject.toml.
"""

import ast
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PACKAGE = ROOT / "sandbox" / "openai_sandbox"
MODULES = sorted(PACKAGE.rglob("*.py"))

LONGEST_MODULE = 350
MOST_METHODS = 15
EXCUSE = "Long because"
"""How the docstring of a larger module or class begins the sentence that says why."""


def lint(folder: Path) -> subprocess.CompletedProcess[str]:
    """Check the contracts in a folder that has a copy of the package."""
    return subprocess.run(
        [Path(sys.executable).parent / "lint-imports", "--no-cache"],
        cwd=folder,
        env=os.environ | {"PYTHONPATH": str(folder), "COLUMNS": "200"},
        capture_output=True,
        text=True,
    )


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """A folder with the package, the build tools, their contracts and nothing else."""
    source = shutil.ignore_patterns("__pycache__", "*.json", "*.ranks", "assets", "includes")
    for path in (PACKAGE, ROOT / "docs"):
        shutil.copytree(path, tmp_path / path.name, ignore=source)
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    return tmp_path


@pytest.mark.parametrize(
    ("module", "line", "contract"),
    [
        ("docs/_tools/data/as_of.py", "from docs._tools.ledger import claims", "The build tools import downward only"),
        ("docs/_tools/tables/sdk.py", "from docs._tools.tables import error_codes", "No circle in the build tools"),
        ("api/models.py", "import openai_sandbox.core", "The sandbox imports downward only"),
        ("api/models.py", "from openai_sandbox.http import address", "The sandbox imports downward only"),
        ("api/shared/media.py", "from openai_sandbox.api import files", "What endpoints share knows no endpoint"),
        ("model/tools.py", "from openai_sandbox.model import answers", "No circle"),
        ("model/tools.py", "from openai_sandbox.wire.errors import error", "The model does not know how errors are"),
        ("wire/ids.py", "import socket", "Only http and what is above it knows sockets"),
        ("core.py", "import openai", "The sandbox knows no page and no test"),
    ],
)
def test_an_import_that_breaks_a_contract_is_named(copy: Path, module: str, line: str, contract: str) -> None:
    path = copy / module if module.startswith("docs/") else copy / PACKAGE.name / module
    path.write_text(f"{path.read_text('utf-8')}\n{line}\n", "utf-8")
    done = lint(copy)
    broken = [text for text in done.stdout.splitlines() if text.endswith("BROKEN")]
    assert done.returncode == 1, done.stdout
    assert any(text.startswith(contract) for text in broken), done.stdout


def test_the_package_keeps_its_contracts(copy: Path) -> None:
    done = lint(copy)
    assert done.returncode == 0, done.stdout


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(PACKAGE)))
def test_a_module_fits_on_a_few_pages_or_says_why_not(path: Path) -> None:
    source = path.read_text("utf-8")
    tree = ast.parse(source)
    lines = source.count("\n")
    assert lines <= LONGEST_MODULE or EXCUSE in (ast.get_docstring(tree) or ""), f"{path}: {lines} lines"
    for node in ast.walk(tree):
        if isinstance(node, ast.ClassDef):
            methods = [inner for inner in node.body if isinstance(inner, ast.FunctionDef | ast.AsyncFunctionDef)]
            excused = EXCUSE in (ast.get_docstring(node) or "") + (ast.get_docstring(tree) or "")
            assert len(methods) <= MOST_METHODS or excused, f"{path}: {node.name} has {len(methods)} methods"
