"""Entries about errors, as somebody in a hurry reads them: the fix comes first, programs are folded."""

from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Page

from docs._tools.tables import error_pages

PHONE: Any = {"width": 412, "height": 823}
HEADER = 64
# Where the paragraph with the fix ends below the entry's heading, in pixels.
FIXES = """() => [...document.querySelectorAll("article p > strong:first-child")]
    .filter((strong) => strong.textContent === "Fix.")
    .map(({ parentElement: fix }) => {
        let heading = fix;
        while (heading.tagName !== "H2") heading = heading.previousElementSibling;
        return [heading.id, fix.getBoundingClientRect().bottom - heading.getBoundingClientRect().top];
    })"""


@pytest.fixture
def phone(browser: Browser) -> Iterator[Page]:
    with browser.new_context(viewport=PHONE) as context:
        yield context.new_page()


@pytest.mark.parametrize("name", error_pages.pages())
def test_the_whole_fix_is_on_the_first_screen_of_a_phone(phone: Page, address: str, name: str) -> None:
    phone.goto(f"{address}/errors/{name}/")
    ends = dict(phone.evaluate(FIXES))
    assert ends.keys() == {problem.id for problem in error_pages.problems_of(name)}
    assert {id: end for id, end in ends.items() if end > PHONE["height"] - HEADER} == {}


@pytest.mark.parametrize("width", [412, 1350])
def test_the_table_of_servers_does_not_scroll_sideways(browser: Browser, address: str, width: int) -> None:
    with browser.new_context(viewport={"width": width, "height": 900}) as context:
        page = context.new_page()
        page.goto(f"{address}/errors/compatible-servers/")
        assert page.locator(".wrapping-table tbody tr").count() > 10
        box = page.locator(".wrapping-table .md-typeset__scrollwrap")
        assert box.evaluate("(box) => box.scrollWidth <= box.clientWidth + 1")


def test_programs_are_folded_and_a_difference_is_shown(phone: Page, address: str) -> None:
    phone.goto(f"{address}/errors/parameters/")
    programs = phone.locator("details .highlight.changed")
    assert programs.count() > 5
    assert not any(program.is_visible() for program in programs.all())
    assert phone.locator(".language-diff, .diff").first.is_visible()
