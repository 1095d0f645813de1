"""Pages are right when they are first drawn, and the theme leaves alone what is far below the screen."""

import re
from collections.abc import Callable
from pathlib import Path
from typing import Literal

import pytest
from playwright.sync_api import Browser, expect

from docs._tools.site.first_paint import (
    BUNDLE_CHANGES,
    with_early_attributes,
    with_late_scripts,
    without_color_switching,
)

LESSON = "/lessons/first-call/"
# Notes the color scheme of the first frame that has a header in it.
FIRST_FRAME = """requestAnimationFrame(function frame() {
    if (document.querySelector(".md-header")) globalThis.drawn = document.body.dataset.mdColorScheme;
    else requestAnimationFrame(frame);
})"""


@pytest.mark.parametrize(("preferred", "scheme"), [("dark", "slate"), ("light", "default")])
def test_the_first_thing_drawn_has_the_colors_a_reader_prefers(
    browser: Browser, address: str, preferred: Literal["dark", "light"], scheme: str
) -> None:
    with browser.new_context(color_scheme=preferred) as context:
        context.add_init_script(FIRST_FRAME)
        page = context.new_page()
        page.goto(address + LESSON)
        assert page.evaluate("globalThis.drawn") == scheme
        expect(page.locator("body")).to_have_attribute("data-md-color-scheme", scheme)


def test_a_chosen_scheme_is_kept_before_the_first_paint(browser: Browser, address: str) -> None:
    with browser.new_context(color_scheme="dark") as context:
        page = context.new_page()
        page.goto(address + LESSON)
        page.get_by_title("Switch to light mode").click()
        page.add_init_script(FIRST_FRAME)
        page.reload()
        assert page.evaluate("globalThis.drawn") == "default"


def test_a_page_waits_for_one_script_and_the_others_come_after_it_is_parsed(site: Path) -> None:
    pages = list(site.rglob("*.html"))
    assert len(pages) > 40
    for page in pages:
        scripts = re.findall(r"<script(?: [^>]*)?>", page.read_text("utf-8"))
        waited_for = [tag for tag in scripts if not re.search(r' type="(?:application/json|module)"', tag)]
        assert len(waited_for) == 1, (page, waited_for)


def test_the_scripts_have_run_when_a_page_is_loaded(browser: Browser, address: str) -> None:
    page = browser.new_page()
    for _ in range(3):
        page.goto(address + LESSON)
        assert page.evaluate("document.querySelectorAll('.api-switch, .section-time input').length") > 1
    page.close()


@pytest.mark.parametrize(
    "storage",
    [
        "localStorage.setItem('/.__tabs', '{\"first\": 1}')",
        "localStorage.setItem('/.__tabs', 'no JSON')",
        "Object.defineProperty(window, 'localStorage', { get() { throw new DOMException('off', 'SecurityError') } })",
    ],
)
def test_the_search_works_whatever_storage_holds(browser: Browser, address: str, storage: str) -> None:
    with browser.new_context() as context:
        page = context.new_page()
        page.add_init_script(storage)
        page.goto(address + LESSON)
        page.keyboard.press("/")
        expect(page.locator("dialog.site-search")).to_be_visible()


def test_the_tab_chosen_last_is_shown_in_the_first_frame(browser: Browser, address: str) -> None:
    with browser.new_context() as context:
        page = context.new_page()
        page.goto(address + LESSON)
        page.locator(".tabbed-labels > label", has_text="Chat Completions").first.click()
        page.add_init_script(
            """requestAnimationFrame(function frame() {
                const tabs = document.querySelectorAll(".tabbed-set input:checked");
                if (!tabs.length) return requestAnimationFrame(frame);
                globalThis.drawn = [...tabs].map((tab) => tab.labels[0].textContent);
            })"""
        )
        page.reload()
        assert "Chat Completions" in page.evaluate("globalThis.drawn")


def test_a_tab_in_the_address_is_shown(browser: Browser, address: str) -> None:
    page = browser.new_page()
    page.goto(address + LESSON)
    names = page.locator(".tabbed-set > input:not(:checked)").evaluate_all("(all) => all.map((it) => it.id)")
    page.goto(f"{address}{LESSON}?again#{names[0]}")
    expect(page.locator(f"#{names[0]}")).to_be_checked()
    page.close()


def test_code_far_below_the_screen_is_left_alone_until_it_comes_near(browser: Browser, address: str) -> None:
    with browser.new_context(viewport={"width": 412, "height": 823}) as context:
        page = context.new_page()
        page.goto(address + LESSON)
        blocks = page.locator(".highlight pre")
        last = blocks.last
        blocks.first.scroll_into_view_if_needed()
        expect(page.locator(".md-code__nav").first).to_be_attached()
        assert page.locator(".md-code__nav").count() < blocks.count() / 2
        last.scroll_into_view_if_needed()
        expect(last.locator(".md-code__nav")).to_be_attached()
        names = page.locator(".md-code__nav").evaluate_all("(all) => all.map((nav) => nav.ariaLabel)")
        assert len(set(names)) == len(names)


def test_each_table_has_the_box_it_scrolls_in_before_scripts_run(site: Path) -> None:
    boxed = '<div class="md-typeset__scrollwrap"><div class="md-typeset__table"><table>'
    pages = [text for path in site.rglob("*.html") if "<table>" in (text := path.read_text("utf-8"))]
    assert len(pages) > 10
    assert all(text.count("<table>") == text.count(boxed) for text in pages)


def test_scripts_put_no_second_box_around_tables(browser: Browser, address: str) -> None:
    page = browser.new_page()
    page.goto(f"{address}/lessons/conversation-memory/")
    page.locator(".highlight pre:visible").first.scroll_into_view_if_needed()
    expect(page.locator(".md-code__nav").first).to_be_attached()  # the bundle has run
    tables = page.locator("article table:not([class])").count()
    assert page.locator(".md-typeset__scrollwrap[tabindex] table").count() == tables > 1
    assert page.locator(".md-typeset__scrollwrap .md-typeset__scrollwrap").count() == 0
    page.close()


@pytest.mark.parametrize("change", BUNDLE_CHANGES)
def test_a_bundle_written_in_another_way_is_refused(change: Callable[[str], str]) -> None:
    with pytest.raises(ValueError, match=r"first_paint\.py"):
        change("function mount(e){return e}")


def test_the_scrollbars_follow_the_scheme_a_reader_chooses(browser: Browser, address: str) -> None:
    with browser.new_context(color_scheme="dark") as context:
        page = context.new_page()
        page.goto(address + LESSON)
        scheme = "getComputedStyle(document.documentElement).colorScheme"
        assert page.evaluate(scheme) == "dark"
        page.get_by_title("Switch to light mode").click()
        assert page.evaluate(scheme) != "dark"


def test_the_built_site_has_no_rule_that_names_every_element(site: Path) -> None:
    stylesheets = list((site / "assets" / "stylesheets").glob("palette.*.css"))
    assert stylesheets
    assert not any("data-md-color-switching" in stylesheet.read_text("utf-8") for stylesheet in stylesheets)


def test_a_page_without_the_theme_s_storage_stays_as_it_is() -> None:
    page = "<body><script>other()</script></body>"
    assert with_late_scripts(with_early_attributes(page)) == page


def test_only_the_rule_about_switching_colors_is_taken_out() -> None:
    rule = "[data-md-color-switching] *,[data-md-color-switching] :after{transition-duration:0s!important}"
    assert without_color_switching(f"a{{color:red}}{rule}b{{color:blue}}") == "a{color:red}b{color:blue}"
    assert not re.search("switching", without_color_switching(rule))
