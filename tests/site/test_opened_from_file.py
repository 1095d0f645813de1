"""A page opened from a file, without a server, works or says in a sentence what does not."""

from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, Page, expect

LESSON = "lessons/first-call/index.html"


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    with browser.new_context(viewport={"width": 1350, "height": 900}) as context:
        yield context.new_page()


def place(page: Page, site: Path) -> str:
    """Return which file of the site the page shows."""
    return Path(urlsplit(page.url).path).relative_to(site).as_posix()


@pytest.mark.parametrize(
    ("path", "widget", "said"),
    [
        ("reference/models-and-prices/index.html", ".cost-calculator", "the calculator needs"),
        ("errors/index.html", ".error-finder", "the finder needs"),
        ("guides/recover-from-errors/index.html", ".retry-timeline", "the timeline needs"),
        ("playground/index.html", ".playground", "the playground needs"),
    ],
)
def test_a_widget_that_cannot_work_says_why(page: Page, site: Path, path: str, widget: str, said: str) -> None:
    page.goto((site / path).as_uri())
    expect(page.locator(widget)).to_contain_text(
        f"A browser does not let a page opened from a file load what {said}. To use it, run uv run mkdocs serve."
    )
    expect(page.locator(widget)).not_to_contain_text("JavaScript")


@pytest.mark.parametrize(
    ("path", "widget", "rest"),
    [
        ("errors/index.html", ".error-finder", "The pages below list every problem."),
        ("guides/recover-from-errors/index.html", ".retry-timeline", "The table above has the main cases."),
    ],
)
def test_a_widget_that_cannot_work_still_says_where_else_to_look(
    page: Page, site: Path, path: str, widget: str, rest: str
) -> None:
    page.goto((site / path).as_uri())
    expect(page.locator(widget)).to_contain_text(rest)


def test_without_javascript_a_widget_says_that_it_needs_it(browser: Browser, site: Path) -> None:
    with browser.new_context(java_script_enabled=False) as context:
        page = context.new_page()
        page.goto((site / "errors/index.html").as_uri())
        expect(page.locator(".error-finder")).to_contain_text("The finder needs JavaScript.")


def test_the_search_finds_and_leads_to_a_page(page: Page, site: Path) -> None:
    page.goto((site / "index.html").as_uri())
    page.get_by_role("button", name="Search").click()
    page.get_by_role("combobox", name="Search").press_sequentially("first call")
    first = page.get_by_role("option").first
    expect(first).to_contain_text("first API call")
    first.click()
    expect(page.locator("h1")).to_contain_text("Your first API call")
    assert place(page, site) == LESSON


def test_links_lead_to_pages_and_sections(page: Page, site: Path) -> None:
    page.goto((site / "index.html").as_uri())
    page.locator(".md-tabs").get_by_role("link", name="Learn").click()
    expect(page.locator("h1")).to_be_visible()
    assert place(page, site) == "lessons/index.html"
    page.get_by_role("article").get_by_role("link", name="first API call").first.click()
    expect(page.locator("h1")).to_contain_text("Your first API call")
    page.keyboard.press("Home")
    page.get_by_role("link", name="Skip to content").focus()
    page.keyboard.press("Enter")
    expect(page).to_have_url(f"{(site / LESSON).as_uri()}#your-first-api-call")


def test_the_api_switch_works_and_is_remembered(page: Page, site: Path) -> None:
    page.goto((site / LESSON).as_uri())
    page.get_by_role("button", name="Chat Completions").click()
    expect(page.locator(".filename", has_text="_chat.py").first).to_be_visible()
    page.goto((site / "lessons/conversation-memory/index.html").as_uri())
    expect(page.locator(".filename", has_text="history_chat.py")).to_be_visible()
    expect(page.get_by_role("button", name="Chat Completions")).to_have_attribute("aria-pressed", "true")


def test_a_key_of_json_says_what_it_means(page: Page, site: Path) -> None:
    page.goto((site / "reference/making-requests/index.html").as_uri())
    page.locator(".nt[role=button]").first.focus()
    expect(page.locator("#field-meaning")).to_be_visible()


def test_icons_are_seen(page: Page, site: Path) -> None:
    page.goto((site / LESSON).as_uri())
    page.locator(".highlight").first.scroll_into_view_if_needed()
    button = page.locator(".md-code__button").first
    page.wait_for_function(
        "(it) => getComputedStyle(it, '::after').maskImage.startsWith('url(\"data:')", arg=button.element_handle()
    )
