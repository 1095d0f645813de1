"""Pages show files, and every file is shown; every page is in the navigation, and its facts are cited."""

from docs._tools.data.as_of import ROOT, as_of
from docs._tools.ledger import claims, pages
from docs._tools.ledger.pages import Block

from . import navigation

FEWEST_PYTHON_BLOCKS = 11


def test_pages_and_snippets_belong_together() -> None:
    found = pages.problems(ROOT)
    assert not found, "\n" + "\n".join(found)


def test_pages_and_navigation_belong_together() -> None:
    found = navigation.problems(ROOT)
    assert not found, "\n" + "\n".join(found)


def test_pages_state_no_fact_without_a_citation() -> None:
    found = claims.problems(ROOT, as_of())
    assert not found, "\n" + "\n".join(found)


def test_there_are_python_blocks(page_blocks: list[Block]) -> None:
    assert sum(block.language == "python" for block in page_blocks) >= FEWEST_PYTHON_BLOCKS
