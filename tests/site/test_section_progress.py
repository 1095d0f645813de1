"""A reader's progress through a lesson is kept in the browser."""

import json

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

LESSON = "/lessons/first-call/"


@pytest.fixture
def page(browser: Browser, address: str) -> Page:
    return browser.new_context(base_url=address, viewport={"width": 1350, "height": 900}).new_page()


def counted(page: Page) -> Locator:
    return page.locator(".card-facts").get_by_role("status")


def test_a_section_that_is_done_stays_done_and_the_page_counts_them(page: Page) -> None:
    page.goto(LESSON)
    boxes = page.get_by_role("checkbox", name="Done")
    sections = boxes.count()
    assert sections > 10
    expect(counted(page)).to_have_text("")
    boxes.first.check()
    boxes.nth(2).check()
    expect(counted(page)).to_contain_text(f"2 of {sections} sections done")
    page.reload()
    expect(boxes.first).to_be_checked()
    expect(boxes.nth(1)).not_to_be_checked()
    expect(counted(page)).to_contain_text(f"2 of {sections} sections done")
    boxes.first.uncheck()
    expect(counted(page)).to_contain_text(f"1 of {sections} sections done")


def test_what_is_kept_by_another_program_harms_nothing(page: Page) -> None:
    page.goto(LESSON)
    page.evaluate("localStorage.setItem(`done:${location.pathname}`, '{not json')")
    page.reload()
    page.get_by_role("checkbox", name="Done").first.check()
    expect(counted(page)).to_contain_text("1 of")


def test_a_page_without_times_does_not_load_the_script(page: Page) -> None:
    page.goto("/about/proofs/")
    assert page.locator("script[src*='section-progress']").count() == 0


def test_the_list_of_lessons_says_how_far_a_reader_is(page: Page) -> None:
    page.goto("/lessons/")
    link = page.locator("a.lesson").first
    sections = int(link.get_attribute("data-sections") or 0)
    assert "sections done" not in page.locator("article").inner_text()
    for done, said in ((2, f"2 of {sections} sections done"), (sections, "· done")):
        kept = json.dumps([f"section-{number}" for number in range(done)])
        page.evaluate("kept => localStorage.setItem('done:/lessons/first-call/', kept)", kept)
        page.reload()
        expect(page.locator("article li").first).to_contain_text(said)
