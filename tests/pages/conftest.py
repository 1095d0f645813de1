"""The snippets as test cases."""

import gc
import warnings
from collections.abc import Iterator
from pathlib import Path

import pytest

from docs._tools.data.as_of import ROOT
from docs._tools.ledger.pages import Block, blocks, markdown_pages

from .programs import needs_own_process

SNIPPETS = ROOT / "snippets"
PYTHON_SNIPPETS = sorted(path for path in SNIPPETS.rglob("*.py") if path.name != "__init__.py")
# What ends with an exception, or needs another process, is run by test_error_pairs.py.
RUNNABLE = [
    path for path in PYTHON_SNIPPETS if not (path.stem.endswith("_fails") or needs_own_process(path.read_text("utf-8")))
]
BLOCKS = [block for page in markdown_pages(ROOT / "docs") for block in blocks(page)]


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Give every test with one of these arguments one case for each."""
    for name, paths in (("snippet", PYTHON_SNIPPETS), ("runnable", RUNNABLE)):
        if name in metafunc.fixturenames:
            metafunc.parametrize(name, paths, ids=[path.relative_to(SNIPPETS).as_posix() for path in paths])
    if "block" in metafunc.fixturenames:
        ids = [f"{block.page.relative_to(ROOT).as_posix()}:{block.line}" for block in BLOCKS]
        metafunc.parametrize("block", BLOCKS, ids=ids)


@pytest.fixture(scope="module")
def collected() -> Iterator[None]:
    """Close what the programs left open before another module's tests run."""
    yield
    with warnings.catch_warnings(action="ignore", category=ResourceWarning):
        gc.collect()


@pytest.fixture
def python_snippets() -> list[Path]:
    """Every Python file of the snippets package."""
    return PYTHON_SNIPPETS


@pytest.fixture
def page_blocks() -> list[Block]:
    """Every fenced block of every page."""
    return BLOCKS
