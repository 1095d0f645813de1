"""The snippets as test cases, all of them or those of one page."""

from pathlib import Path

import pytest

from docs._tools.data.as_of import ROOT
from docs._tools.ledger.pages import Block, blocks, folder_of, markdown_pages
from docs._tools.ledger.programs import needs_own_process

SNIPPETS = ROOT / "snippets"
PYTHON_SNIPPETS = sorted(path for path in SNIPPETS.rglob("*.py") if path.name != "__init__.py")
# What ends with an exception, or needs another process, is run by test_error_pairs.py or tests/mocks/run.py, and a
# conftest.py by the tests beside it.
RUNNABLE = [
    path
    for path in PYTHON_SNIPPETS
    if not (path.stem.endswith("_fails") or path.name == "conftest.py" or needs_own_process(path.read_text("utf-8")))
]
BLOCKS = [block for page in markdown_pages(ROOT / "docs") for block in blocks(page)]


# What looks at pages. The other files test the checks, or one page each.
OF_A_PAGE = ("test_pages.py", "test_snippets.py", "test_blocks.py", "test_error_pairs.py")


def pytest_addoption(parser: pytest.Parser) -> None:
    """Let a contributor check one page: the rules for all pages, and what this page shows."""
    parser.addoption("--page", metavar="PATH", help="run the programs and blocks of this page only")


def pytest_configure(config: pytest.Config) -> None:
    """Refuse a page that is none."""
    if (name := config.getoption("page")) and (ROOT / name).resolve() not in markdown_pages(ROOT / "docs"):
        raise pytest.UsageError(f"--page: {name} is no page: give its path, such as docs/lessons/first-call.md")


@pytest.hookimpl(tryfirst=True)
def pytest_cmdline_main(config: pytest.Config) -> None:
    """With --page, start no workers: there is less to run than they take to start."""
    if config.getoption("page"):
        config.option.numprocesses = 0


def pytest_ignore_collect(collection_path: Path, config: pytest.Config) -> bool | None:
    """With --page, leave out the files that do not look at pages."""
    return (
        bool(config.getoption("page") and collection_path.suffix == ".py" and collection_path.name not in OF_A_PAGE)
        or None
    )


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """With --page, leave out the programs and blocks of other pages."""
    if name := config.getoption("page"):
        page = (ROOT / name).resolve()
        others = [item for item in items if not (item.path.name == "test_pages.py" or shown_by(item, page))]
        items[:] = [item for item in items if item not in others]
        config.hook.pytest_deselected(items=others)


def shown_by(item: pytest.Item, page: Path) -> bool:
    """Tell whether a test is one of a program, a problem or a block of a page."""
    folder = SNIPPETS / folder_of(page, ROOT / "docs")
    if not isinstance(item, pytest.Function) or not hasattr(item, "callspec"):
        return False
    for value in item.callspec.params.values():
        program = getattr(value, "failing", value)
        if isinstance(value, Block) and value.page == page:
            return True
        if isinstance(program, Path) and folder in program.parents:
            return True
    return False


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Give every test with one of these arguments one case for each."""
    for name, paths in (("snippet", PYTHON_SNIPPETS), ("runnable", RUNNABLE)):
        if name in metafunc.fixturenames:
            metafunc.parametrize(name, paths, ids=[path.relative_to(SNIPPETS).as_posix() for path in paths])
    if "block" in metafunc.fixturenames:
        ids = [f"{block.page.relative_to(ROOT).as_posix()}:{block.line}" for block in BLOCKS]
        metafunc.parametrize("block", BLOCKS, ids=ids)


@pytest.fixture(scope="module", autouse=True)
def programs_are_collected(collected: None) -> None:
    """Programs run in most of these modules."""


@pytest.fixture
def python_snippets() -> list[Path]:
    """Every Python file of the snippets package."""
    return PYTHON_SNIPPETS


@pytest.fixture
def page_blocks() -> list[Block]:
    """Every fenced block of every page."""
    return BLOCKS
