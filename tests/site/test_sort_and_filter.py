"""Long tables are sorted and filtered by mouse and keyboard, and are plain tables without a script."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from .axe import violations

PRICES = "/reference/models-and-prices/"
TABLES = {PRICES: "Input", "/reference/parameters/": "Evidence", "/errors/codes/": "Status"}


@pytest.fixture
def page(browser: Browser, address: str) -> Iterator[Page]:
    page = browser.new_page(reduced_motion="reduce")
    page.goto(address + PRICES)
    yield page
    page.close()


def column(page: Page, number: int) -> list[str]:
    cells = page.locator(f".sortable tbody tr:not([hidden]) td:nth-child({number})").all_inner_texts()
    return [cell.partition("\n")[0] for cell in cells]


def amounts(page: Page, number: int) -> list[float | None]:
    return [None if cell == "—" else float(cell.removeprefix("$")) for cell in column(page, number)]


def head(page: Page, name: str) -> Locator:
    return page.locator(".sortable th", has=page.get_by_role("button", name=name, exact=True))


@pytest.mark.parametrize(("path", "name"), TABLES.items())
def test_a_marked_table_can_be_sorted_and_filtered_and_others_cannot(
    browser: Browser, address: str, path: str, name: str
) -> None:
    page = browser.new_page(reduced_motion="reduce")
    page.goto(address + path)
    heads = page.locator(".sortable th")
    assert page.get_by_role("columnheader").get_by_role("button").count() == heads.count()
    assert page.get_by_role("searchbox", name="Filter the rows").count() == 1
    head(page, name).get_by_role("button").click()
    expect(head(page, name)).to_have_attribute("aria-sort", "ascending")
    assert violations(page) == []
    page.close()


def test_prices_are_sorted_as_numbers_up_then_down_then_as_written(page: Page) -> None:
    written = column(page, 3)
    button = head(page, "Cached input").get_by_role("button")
    button.click()
    missing = written.count("—")
    known = sorted(float(cell.removeprefix("$")) for cell in written if cell != "—")
    assert missing >= 1 and len(set(known)) >= 5
    assert amounts(page, 3) == known + [None] * missing, "what has no price comes last"
    button.click()
    expect(head(page, "Cached input")).to_have_attribute("aria-sort", "descending")
    assert amounts(page, 3) == known[::-1] + [None] * missing
    button.click()
    assert column(page, 3) == written
    assert page.locator(".sortable th[aria-sort]").count() == 0


def test_only_one_column_says_that_the_table_is_sorted_by_it(page: Page) -> None:
    head(page, "Input").get_by_role("button").click()
    head(page, "Output").get_by_role("button").click()
    assert page.locator(".sortable th[aria-sort]").count() == 1
    expect(head(page, "Output")).to_have_attribute("aria-sort", "ascending")


def test_the_keyboard_sorts(page: Page) -> None:
    head(page, "Shutdown").get_by_role("button").focus()
    page.keyboard.press("Enter")
    days = [day for day in column(page, 8) if day != "—"]
    assert len(set(days)) >= 3
    assert days == sorted(days)
    page.keyboard.press(" ")
    expect(head(page, "Shutdown")).to_have_attribute("aria-sort", "descending")


def test_a_filter_shows_the_rows_with_all_its_words_and_says_how_many(page: Page) -> None:
    whole = len(column(page, 1))
    page.get_by_role("searchbox", name="Filter the rows").fill("GPT-5  mini")
    shown = column(page, 1)
    assert shown
    assert all("gpt-5" in name and "mini" in name for name in shown)
    expect(page.locator(".sortable [role=status]")).to_have_text(f"{len(shown)} of {whole} rows")
    head(page, "Model").get_by_role("button").click()
    assert column(page, 1) == sorted(shown)
    page.get_by_role("searchbox", name="Filter the rows").fill("")
    assert len(column(page, 1)) == whole
    expect(page.locator(".sortable [role=status]")).to_have_text("")


def test_without_a_script_the_table_is_a_table(browser: Browser, address: str) -> None:
    with browser.new_context(java_script_enabled=False) as context:
        page = context.new_page()
        page.goto(address + PRICES)
        assert page.locator(".sortable tbody tr").count() >= 20
        assert page.locator(".sortable button, .sortable input").count() == 0


def test_nothing_moves_when_the_script_runs(browser: Browser, address: str) -> None:
    places = []
    for script in (True, False):
        page = browser.new_page()
        if not script:
            page.route("**/sort-and-filter.js", lambda route: route.abort())
        page.goto(address + PRICES)
        page.wait_for_load_state("networkidle")
        places.append(page.locator(".sortable table").evaluate("(table) => table.getBoundingClientRect().toJSON()"))
        page.close()
    assert places[0] == pytest.approx(places[1], abs=1)
