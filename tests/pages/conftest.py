"""The snippets as test cases."""

from pathlib import Path

import pytest

from docs._tools.as_of import ROOT
from docs._tools.pages import Block, blocks, markdown_pages

SNIPPETS = ROOT / "snippets"
PYTHON_SNIPPETS = sorted(path for path in SNIPPETS.rglob("*.py") if path.name != "__init__.py")
BLOCKS = [block for page in markdown_pages(ROOT / "docs") for block in blocks(page)]


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Give every test with a `snippet` or a `block` argument one case for each."""
    if "snippet" in metafunc.fixturenames:
        ids = [path.relative_to(SNIPPETS).as_posix() for path in PYTHON_SNIPPETS]
        metafunc.parametrize("snippet", PYTHON_SNIPPETS, ids=ids)
    if "block" in metafunc.fixturenames:
        ids = [f"{block.page.relative_to(ROOT).as_posix()}:{block.line}" for block in BLOCKS]
        metafunc.parametrize("block", BLOCKS, ids=ids)


@pytest.fixture
def python_snippets() -> list[Path]:
    """Every Python file of the snippets package."""
    return PYTHON_SNIPPETS


@pytest.fixture
def page_blocks() -> list[Block]:
    """Every fenced block of every page."""
    return BLOCKS
