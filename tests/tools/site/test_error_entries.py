"""Each problem has a page of its own, made from its entry."""

import re

from docs._tools.site import error_entries
from docs._tools.tables import error_pages


def test_each_problem_has_a_page_with_its_title_and_a_description() -> None:
    pages = dict(error_entries.pages())
    assert len(pages) == len(error_pages.problems())
    for problem in error_pages.problems():
        page = pages[f"errors/{problem.page}/{problem.id}.md"]
        assert f"\n# {problem.title}\n" in page
        assert problem.fix.strip()[:12] in page
        assert "](../" in page
        description = error_entries.description(problem)
        assert 20 < len(description) <= error_entries.LONGEST_DESCRIPTION + 3
        assert not re.search(r'[`"<>]|\]\(|\[\^', description), description


def test_a_page_of_a_problem_knows_the_page_with_all_of_them() -> None:
    assert error_entries.group("errors/state/duplicate-item.md") == "errors/state.md"
    assert error_entries.group("errors/state.md") is None
    assert error_entries.group("reference/objects/usage.md") is None


def test_links_lead_one_folder_up() -> None:
    said = error_entries._one_folder_down("[a](../x.md#y) [b](#z) [c](https://example.com/) [d](other.md)", "state")
    assert said == "[a](../../x.md#y) [b](../state.md#z) [c](https://example.com/) [d](../other.md)"
