"""In the JSON examples each field says what it means: to a mouse, a keyboard, a finger, and without JavaScript."""

import html
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Locator, Page, expect

from docs._tools.data.as_of import ROOT
from docs._tools.ledger.pages import Block, blocks, markdown_pages
from docs._tools.site.json_meanings import BLOCK, LONGEST, SCRIPT

from .test_site import SCHEMES

RESPONSE = "/reference/objects/response/"
LESSON = "/lessons/first-call/"
FREE_FORM = {
    "metadata",
    "parameters",
    "schema",
}  # the keys in these are the caller's own: nobody can say what they mean
TYPED = [block for page in markdown_pages(ROOT / "docs") for block in blocks(page) if "data-sdk-type" in block.options]


@pytest.fixture
def page(browser: Browser, address: str) -> Iterator[Page]:
    with browser.new_context() as context:
        page = context.new_page()
        page.goto(address + RESPONSE, wait_until="domcontentloaded")
        key(page, "id").wait_for(state="attached")
        yield page


def key(page: Page, name: str, nth: int = 0) -> Locator:
    return page.locator(".nt[role]", has_text=re.compile(f'^"{name}"$')).nth(nth)


def tooltip(page: Page) -> Locator:
    return page.get_by_role("tooltip")


def test_pointing_at_a_key_shows_its_meaning_and_leaving_it_closes(page: Page) -> None:
    key(page, "output_tokens", -1).hover()
    expect(tooltip(page)).to_contain_text(
        "Everything the model wrote, including hidden reasoning. Cost: the output price."
    )
    page.locator(".md-header__title").hover()  # in sight wherever the page is scrolled
    expect(tooltip(page)).to_be_hidden()


def test_what_the_keyboard_opened_the_pointer_does_not_close(page: Page) -> None:
    key(page, "output_tokens", -1).focus()
    key(page, "output_tokens", -1).hover()
    page.locator(".md-header__title").hover()
    page.wait_for_timeout(500)
    expect(tooltip(page)).to_be_visible()


def test_the_same_name_means_what_its_place_says(page: Page) -> None:
    meanings = []
    for nth in range(4):
        key(page, "type", nth).hover()
        expect(key(page, "type", nth)).to_have_attribute("aria-describedby", "field-meaning")
        meanings.append(tooltip(page).inner_text())
    assert meanings == [
        "The type of the object. Always reasoning.",
        "The type of the output message. Always message.",
        "The type of the output text. Always output_text.",
        "The type of response format being defined. Always text.",
    ]


def test_the_pointer_can_move_onto_the_tooltip(page: Page) -> None:
    key(page, "status").hover()
    expect(tooltip(page)).to_be_visible()
    tooltip(page).hover()
    page.wait_for_timeout(500)
    expect(tooltip(page)).to_be_visible()


def test_the_tooltip_stays_inside_the_window_and_off_its_key(page: Page) -> None:
    for width, height in ((1350, 900), (412, 300)):
        page.set_viewport_size({"width": width, "height": height})
        for name in ("id", "status", "reasoning_tokens", "user"):
            key(page, name).focus()
            box, its_key = tooltip(page).bounding_box(), key(page, name).bounding_box()
            assert box and its_key
            assert box["x"] >= 0, name
            assert box["x"] + box["width"] <= width, name
            assert box["y"] + box["height"] <= height, name
            assert box["y"] >= its_key["y"] + its_key["height"] or box["y"] + box["height"] <= its_key["y"], name


def focused(page: Page) -> Any:
    return page.evaluate("document.activeElement.textContent")


def test_the_keyboard_reaches_the_keys_with_one_tab_stop_and_moves_with_arrows(page: Page) -> None:
    page.locator("[data-sdk-type] code").focus()
    page.keyboard.press("Tab")
    assert focused(page) == '"id"'
    expect(tooltip(page)).to_have_text("Unique identifier for this Response.")
    for press, reached in (
        ("ArrowDown", '"object"'),
        ("ArrowRight", '"created_at"'),
        ("ArrowLeft", '"object"'),
        ("End", '"metadata"'),
        ("ArrowDown", '"metadata"'),
        ("ArrowUp", '"user"'),
        ("Home", '"id"'),
        ("ArrowUp", '"id"'),
        ("ArrowDown", '"object"'),
    ):
        page.keyboard.press(press)
        assert focused(page) == reached
        expect(page.locator(":focus")).to_have_attribute("aria-describedby", "field-meaning")
    page.keyboard.press("Tab")
    expect(tooltip(page)).to_be_hidden()
    assert page.evaluate("document.activeElement.closest('[data-sdk-type]')") is None
    page.keyboard.press("Shift+Tab")
    assert focused(page) == '"object"', "the block remembers where the reader was"


def test_escape_closes_and_enter_opens_again(page: Page) -> None:
    key(page, "usage").focus()
    expect(tooltip(page)).to_have_text(re.compile("The tokens that you pay for"))
    page.keyboard.press("Escape")
    expect(tooltip(page)).to_be_hidden()
    expect(key(page, "usage")).to_be_focused()
    expect(key(page, "usage")).not_to_have_attribute("aria-describedby", "field-meaning")
    page.keyboard.press("Enter")
    expect(tooltip(page)).to_be_visible()
    page.locator("h1").hover()
    key(page, "id").hover()
    expect(tooltip(page)).to_contain_text("Unique identifier")
    page.keyboard.press("Escape")
    expect(tooltip(page)).to_be_hidden()


def test_a_tooltip_follows_its_key_and_goes_with_it(page: Page) -> None:
    key(page, "usage").focus()
    page.evaluate("scrollBy(0, 5000)")
    expect(tooltip(page)).to_be_hidden()


def test_a_tap_shows_the_meaning_on_a_phone_and_a_tap_elsewhere_closes(browser: Browser, address: str) -> None:
    with browser.new_context(viewport={"width": 412, "height": 900}, has_touch=True, is_mobile=True) as context:
        page = context.new_page()
        page.goto(address + RESPONSE)
        key(page, "id").dispatch_event("pointerover", {"pointerType": "touch"})  # a finger that begins to scroll
        page.wait_for_timeout(500)
        expect(tooltip(page)).to_be_hidden()
        for name, said in (("model", "The model that answered."), ("reasoning_tokens", "The number of reasoning")):
            key(page, name).tap()
            expect(tooltip(page)).to_contain_text(said)
            assert page.evaluate("document.documentElement.scrollWidth") <= 412
        page.locator("[data-sdk-type] .filename").tap()
        expect(tooltip(page)).to_be_hidden()
        key(page, "model").tap()
        expect(tooltip(page)).to_be_visible()
        page.locator("h1").dispatch_event("pointerdown")  # not every browser takes the focus away then
        expect(tooltip(page)).to_be_hidden()


def test_a_folded_block_explains_itself_too(browser: Browser, address: str) -> None:
    with browser.new_context() as context:
        page = context.new_page()
        page.goto(address + LESSON)
        # Not a click: code above that comes into view may still move the place under the pointer.
        page.locator("details", has=page.locator("[data-sdk-type]")).locator("summary").press("Enter")
        key(page, "total_tokens", -1).hover()
        expect(tooltip(page)).to_contain_text("The sum.")


def test_without_javascript_a_title_says_it(browser: Browser, address: str) -> None:
    with browser.new_context(java_script_enabled=False) as context:
        page = context.new_page()
        page.goto(address + RESPONSE)
        expect(page.locator(".nt", has_text='"created_at"')).to_have_attribute(
            "title", "When the response was created, in seconds since 1970."
        )


def test_an_open_tooltip_is_accessible(page: Page) -> None:
    key(page, "service_tier").focus()
    for scheme in SCHEMES:
        page.emulate_media(color_scheme=scheme)
        expect(page.locator("body")).to_have_attribute("data-md-color-scheme", SCHEMES[scheme])
        expect(tooltip(page)).to_be_visible()
        found = Axe().run(page, context={"include": [["[data-sdk-type]"], [".field-meaning"]]}).response["violations"]
        assert [violation["id"] for violation in found] == []


def test_there_are_blocks_that_name_their_type() -> None:
    assert len(TYPED) >= 6


def built(site: Path, block: Block) -> str:
    name = block.page.relative_to(ROOT / "docs").with_suffix("").as_posix().removesuffix("index").rstrip("/")
    return (site / name / "index.html").read_text("utf-8")


def keys(value: Any, own: bool = False) -> Iterator[tuple[str, bool]]:
    """Yield the keys of JSON in their order, and whether each is the caller's own."""
    for name, inner in value.items() if isinstance(value, dict) else ():
        yield name, own
        yield from keys(inner, own or name in FREE_FORM)
    for inner in value if isinstance(value, list) else ():
        yield from keys(inner, own)


@pytest.mark.parametrize("block", TYPED, ids=lambda block: block.includes[0].path)
def test_every_key_has_a_meaning_or_is_the_callers_own(site: Path, block: Block) -> None:
    shown = (ROOT / "snippets" / block.includes[0].path).read_text("utf-8")
    (code,) = [
        match["code"]
        for match in BLOCK.finditer(built(site, block))
        if json.loads(html.unescape(re.sub(r"<[^>]+>", "", match["code"]))) == json.loads(shown)
    ]
    found = re.findall(r'<span class="nt"(?: title="([^"]*)")?>([^<]*)</span>', code)
    assert len(found) == len(re.findall(r'^ *"[^"]+":', shown, re.MULTILINE))
    silent = [(html.unescape(name).strip('"'), not meaning) for meaning, name in found]
    assert silent == list(keys(json.loads(shown)))
    for meaning, name in found:
        assert not meaning or 8 <= len(html.unescape(meaning)) <= LONGEST, name
        assert "`" not in meaning, name


def test_every_meaning_is_shown_and_none_is_left_as_a_title(page: Page, site: Path) -> None:
    written = re.findall(r'class="nt" title="([^"]*)"', (site / RESPONSE.strip("/") / "index.html").read_text("utf-8"))
    expect(page.locator(".nt[title]")).to_have_count(0)
    shown = page.evaluate("""() => [...document.querySelectorAll(".nt[role]")].map((key) => {
        key.focus();
        return document.querySelector("[role=tooltip]").textContent;
    })""")
    assert shown == [html.unescape(meaning) for meaning in written]


def test_only_pages_with_such_a_block_load_the_script(site: Path) -> None:
    loading = {path for path in site.rglob("index.html") if SCRIPT in path.read_text("utf-8")}
    assert loading == {path for path in site.rglob("index.html") if "data-sdk-type" in path.read_text("utf-8")}
    assert len(loading) >= 5
