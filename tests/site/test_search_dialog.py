"""The search is opened, used and left with the keyboard, by touch and with a screen reader, served and from a file."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Literal
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, Locator, Page, Route, expect

from .axe import violations

LESSON = "/lessons/first-call/"
NEEDED = ("minisearch.js", "search-index.js", "search-ranking.js")


@pytest.fixture
def page(browser: Browser, address: str) -> Iterator[Page]:
    with browser.new_context(base_url=address, viewport={"width": 1350, "height": 900}) as context:
        yield context.new_page()


def field(page: Page) -> Locator:
    return page.get_by_role("combobox", name="Search")


def active(page: Page) -> Locator:
    return page.locator("[role=option][aria-selected=true]")


def ask(page: Page, query: str) -> None:
    """Open the search and type."""
    page.keyboard.press("/")
    field(page).fill(query)
    expect(active(page)).to_be_visible()


@pytest.mark.parametrize("key", ["/", "s", "Control+K", "Meta+K"])
def test_a_key_opens_the_search_and_escape_closes_it(page: Page, key: str) -> None:
    page.goto(LESSON)
    page.keyboard.press(key)
    expect(field(page)).to_be_focused()
    expect(field(page)).to_have_value("")
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_have_count(0)


def test_the_first_escape_closes_the_search_whatever_was_typed(page: Page) -> None:
    page.goto(LESSON)
    ask(page, "temperature")
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_have_count(0)


def test_keys_that_are_typed_into_a_field_open_nothing(page: Page) -> None:
    page.goto("/errors/")
    page.locator(".error-finder textarea").press_sequentially("s/s")
    expect(page.locator(".error-finder textarea")).to_have_value("s/s")
    expect(page.get_by_role("dialog")).to_have_count(0)


def test_what_is_typed_while_the_index_loads_is_answered(page: Page) -> None:
    held: list[Route] = []
    page.route("**/search-index.js", lambda route: held.append(route))
    page.goto(LESSON)
    page.keyboard.press("/")
    page.keyboard.type("temperature")
    expect(field(page)).to_have_value("temperature")
    expect(page.get_by_role("option")).to_have_count(0)
    held[0].continue_()
    expect(active(page)).to_be_visible()


def test_arrows_move_and_enter_opens(page: Page) -> None:
    page.goto(LESSON)
    ask(page, "circuit breaker")
    options = page.get_by_role("option")
    for key, number in (("ArrowDown", 1), ("ArrowDown", 2), ("ArrowUp", 1), ("ArrowUp", 0)):
        page.keyboard.press(key)
        expect(options.nth(number)).to_have_attribute("aria-selected", "true")
        expect(field(page)).to_have_attribute("aria-activedescendant", options.nth(number).get_attribute("id") or "")
    page.keyboard.press("ArrowUp")
    expect(options.last).to_have_attribute("aria-selected", "true")
    expect(options.last).to_be_in_viewport()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile(r"/guides/recover-from-errors/#stop-calling-an-api-that-is-down$"))


def test_a_result_on_the_same_page_closes_the_search(page: Page) -> None:
    page.goto(LESSON)
    ask(page, "stream the answer")
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile("#stream-the-answer$"))
    expect(page.get_by_role("dialog")).to_have_count(0)


def test_the_search_is_accessible(page: Page) -> None:
    page.emulate_media(reduced_motion="reduce")
    schemes: tuple[Literal["light", "dark"], ...] = ("light", "dark")
    found: list[str] = []
    page.goto("/reference/objects/usage/")
    page.keyboard.press("/")
    found += violations(page)
    for query in ("retry a request", "fine-tuning", "xylophone"):
        field(page).fill(query)
        expect(page.locator(".site-search [role=status]")).not_to_have_text("")
        for scheme in schemes:
            page.emulate_media(color_scheme=scheme)
            for width in (412, 1350):
                page.set_viewport_size({"width": width, "height": 900})
                found += [f"{query}, {scheme}, {width}: {violation}" for violation in violations(page)]
    assert found == []


def test_a_screen_reader_hears_how_much_was_found_and_what_was_not(page: Page) -> None:
    page.goto(LESSON)
    ask(page, "count tokens xylophone")
    status = page.locator(".site-search [role=status]")
    expect(status).to_contain_text(re.compile(r"\d+ results\."))
    expect(status).to_contain_text("On no page: “xylophone”.")
    field(page).fill("pricng")
    expect(status).to_contain_text("Searched for “pricing”.")
    expect(page.get_by_role("group", name="Best matches").get_by_role("option").first).to_be_visible()
    field(page).fill("xylophone")
    expect(status).to_contain_text("Nothing found.")
    expect(page.get_by_role("option")).to_have_count(0)
    expect(field(page)).to_have_attribute("aria-expanded", "false")


def test_what_the_site_lacks_is_said_first(page: Page) -> None:
    page.goto("/")
    ask(page, "fine-tuning")
    expect(active(page)).to_contain_text("Fine-tuning: not on this site")
    expect(active(page)).to_contain_text("Nearest: Your first API call")
    expect(page.locator(".site-search [role=status]")).to_have_text(
        re.compile(r"Not on this site: Fine-tuning\. The nearest page and [1-3] others?\. *$")
    )
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile("/lessons/first-call/#add-instructions$"))


def test_the_words_that_matched_are_marked(page: Page) -> None:
    page.goto("/")
    ask(page, "interrupted stream")
    assert {word.lower() for word in active(page).locator("mark").all_inner_texts()} & {"stream", "streams"}


def test_on_a_phone_the_button_opens_a_search_that_fits(browser: Browser, address: str) -> None:
    with browser.new_context(
        base_url=address, viewport={"width": 412, "height": 850}, has_touch=True, is_mobile=True
    ) as context:
        page = context.new_page()
        page.goto(LESSON)
        page.get_by_role("button", name="Search", exact=True).tap()
        field(page).fill("response.output_text.delta context_length_exceeded")
        expect(active(page)).to_be_visible()
        box = page.get_by_role("dialog").bounding_box()
        assert box and box["x"] >= 0 and box["x"] + box["width"] <= 412 and box["y"] + box["height"] <= 850
        list_ = page.get_by_role("listbox")
        assert list_.evaluate("(it) => it.scrollWidth <= it.clientWidth")
        page.get_by_role("button", name="Close").tap()
        expect(page.get_by_role("dialog")).to_have_count(0)


def test_nothing_is_loaded_before_somebody_searches(page: Page) -> None:
    asked: list[str] = []
    page.on("request", lambda request: asked.append(urlsplit(request.url).path.rsplit("/", 1)[-1]))
    page.goto(LESSON, wait_until="networkidle")
    assert not set(NEEDED) & set(asked)
    ask(page, "usage")
    assert set(NEEDED) <= set(asked)
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_have_count(0)
    page.locator(".site-search__open").click()
    field(page).fill("price")
    expect(active(page)).to_be_visible()
    assert [asked.count(name) for name in NEEDED] == [1, 1, 1]


def test_a_search_that_does_not_load_says_so_and_is_tried_again(page: Page) -> None:
    page.route("**/search-index.js", lambda route: route.abort())
    page.goto("/")
    page.keyboard.press("/")
    field(page).fill("usage")
    expect(page.locator(".site-search [role=status]")).to_have_text("The search could not be loaded.")
    page.unroute("**/search-index.js")
    field(page).fill("usage of tokens")
    expect(active(page)).to_be_visible()


def test_a_pasted_traceback_leads_to_its_problem(browser: Browser, address: str) -> None:
    text = (
        'Traceback (most recent call last):\n  File "/home/me/ask.py", line 5, in <module>\n    client = OpenAI()\n'
        "openai.OpenAIError: The api_key client option must be set either by passing api_key to the client or by "
        "setting the OPENAI_API_KEY environment variable\n"
    )
    with browser.new_context(permissions=["clipboard-read", "clipboard-write"], base_url=address) as context:
        page = context.new_page()
        page.goto("/")
        page.evaluate("text => navigator.clipboard.writeText(text)", text)
        page.keyboard.press("/")
        page.keyboard.press("Control+V")
        expect(active(page)).to_contain_text("Missing credentials")
        assert field(page).input_value().startswith("openai.OpenAIError: The api_key")


def test_a_query_in_the_address_is_asked(page: Page) -> None:
    page.goto("/?q=circuit+breaker")
    expect(active(page)).to_contain_text("Stop calling an API that is down")


def test_without_javascript_there_is_no_button(browser: Browser, address: str) -> None:
    with browser.new_context(java_script_enabled=False, base_url=address) as context:
        page = context.new_page()
        page.goto(LESSON)
        expect(page.locator(".site-search__open")).to_be_hidden()


def test_from_a_file_the_search_finds_and_leads_to_a_section(browser: Browser, site: Path) -> None:
    with browser.new_context() as context:
        page = context.new_page()
        page.goto((site / "lessons" / "first-call" / "index.html").as_uri())
        ask(page, "circuit breaker")
        page.keyboard.press("Enter")
        expect(page.locator("h2#stop-calling-an-api-that-is-down")).to_be_in_viewport()
        assert urlsplit(page.url).path.endswith("/guides/recover-from-errors/index.html")


def test_the_404_page_searches_too(page: Page) -> None:
    page.goto("/404.html")
    ask(page, "prices")
    expect(active(page)).to_have_attribute("href", re.compile("/reference/models-and-prices/$"))
