"""Pages show files, and every file is shown."""

from docs._tools.data.as_of import ROOT
from docs._tools.ledger import pages
from docs._tools.ledger.pages import Block

FEWEST_PYTHON_BLOCKS = 11


def test_pages_and_snippets_belong_together() -> None:
    found = pages.problems(ROOT)
    assert not found, "\n" + "\n".join(found)


def test_there_are_python_blocks(page_blocks: list[Block]) -> None:
    assert sum(block.language == "python" for block in page_blocks) >= FEWEST_PYTHON_BLOCKS
