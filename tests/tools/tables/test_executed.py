"""The table of what is executed."""

import re

from docs._tools.data.as_of import ROOT
from docs._tools.ledger.claims import OPENAI
from docs._tools.ledger.pages import blocks, markdown_pages
from docs._tools.tables import executed
from docs._tools.tables.versions import results


def test_every_block_is_counted_and_its_check_is_named() -> None:
    table = executed.render()
    rows = dict(re.findall(r"^\| (\w+) \| (\d+) \| \d+ \| \S", table, re.MULTILINE))
    counted = sum(bool(block.language) for page in markdown_pages(ROOT / "docs") for block in blocks(page))
    assert sum(map(int, rows.values())) == counted
    assert f"run with openai {OPENAI}" in table


def test_each_version_that_was_tried_is_listed_with_its_programs() -> None:
    tried = results()
    rows = executed.versions()[2:]
    assert len(rows) == len(tried.releases)
    for row in rows:
        programs, same, otherwise = map(int, re.findall(r"\| (\d+)(?= \|)", row))
        assert programs == same + otherwise == len(tried.programs)
    (pinned,) = [row for row in rows if "(pinned)" in row]
    assert pinned.endswith("| 0 |")
