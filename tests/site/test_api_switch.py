"""The switch between the two APIs selects every program's twin, and is remembered from page to page."""

import pytest
from playwright.sync_api import Browser, Page, expect

LESSON = "/lessons/first-call/"
MEMORY = "/lessons/conversation-memory/"
HEADERS = "/reference/objects/response-headers/"


@pytest.fixture
def page(browser: Browser, address: str) -> Page:
    return browser.new_context(base_url=address, viewport={"width": 1350, "height": 900}).new_page()


def test_choosing_an_api_shows_its_programs_on_this_page_and_the_next(page: Page) -> None:
    page.goto(LESSON)
    programs = page.locator(".filename", has_text="_chat.py")
    assert programs.count() == 3
    expect(page.get_by_role("button", name="Responses")).to_have_attribute("aria-pressed", "true")
    page.get_by_role("button", name="Chat Completions").click()
    for program in programs.all():
        expect(program).to_be_visible()
    expect(page.get_by_role("button", name="Responses")).to_have_attribute("aria-pressed", "false")

    page.goto(MEMORY)
    expect(page.locator(".filename", has_text="history_chat.py")).to_be_visible()
    expect(page.get_by_role("button", name="Chat Completions")).to_have_attribute("aria-pressed", "true")


def test_a_tab_moves_the_switch(page: Page) -> None:
    page.goto(LESSON)
    page.locator(".tabbed-labels > label", has_text="Chat Completions").first.click()
    expect(page.get_by_role("button", name="Chat Completions")).to_have_attribute("aria-pressed", "true")


def test_a_page_with_one_api_has_no_switch(page: Page) -> None:
    page.goto(HEADERS)
    assert page.locator(".api-switch").count() == 0
