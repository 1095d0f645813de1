"""Code fits on a phone and beside the table of contents: it wraps, keeps its shape, and is copied as it was written."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Locator, Page

from docs._tools.data.as_of import ROOT
from docs._tools.ledger.pages import BESIDE_BUTTON, BESIDE_CONTENTS
from docs._tools.site.code_lines import DEEPEST

from .test_site import LESSON, PAGES

PHONE, DESK = 412, 1350
WIDTHS = (DESK, PHONE)
HIGHLIGHTS = "/errors/money/"
# Tabs that are not chosen, folded parts and what is below the screen are laid out, too.
ALL_SHOWN = """.highlight, .highlight code { content-visibility: visible !important }
    .tabbed-block { display: block !important }"""
OPEN = "document.querySelectorAll('details').forEach((folded) => { folded.open = true })"

SCROLLING = """() => [...document.querySelectorAll("pre > code")]
    .filter((code) => code.scrollWidth > code.clientWidth).map((code) => code.textContent.slice(0, 80))"""
# How many characters fit, from the width of a hundred of them.
FITTING = """(code) => {
    const style = getComputedStyle(code);
    const ruler = document.createElement("span");
    ruler.textContent = "x".repeat(100);
    ruler.setAttribute("style", "position: absolute; white-space: pre");
    code.append(ruler);
    const width = ruler.getBoundingClientRect().width / 100;
    ruler.remove();
    return (code.clientWidth - parseFloat(style.paddingLeft) - parseFloat(style.paddingRight)) / width;
}"""
COVERED = """(block) => {
    const code = document.createRange();
    code.selectNodeContents(block.querySelector("code"));
    const button = block.querySelector(".md-code__nav").getBoundingClientRect();
    return [...code.getClientRects(), ...[...block.querySelectorAll(".filename")].map((title) => {
        const text = document.createRange();
        text.selectNodeContents(title);
        return text.getBoundingClientRect();
    })].some((box) => box.width && box.right > button.left && box.left < button.right
        && box.bottom > button.top && box.top < button.bottom);
}"""
# A block has its button when it has been on the screen.
COVERED_BLOCKS = f"""async (blocks) => {{
    const covered = {COVERED};
    const found = [];
    for (const block of blocks) {{
        block.scrollIntoViewIfNeeded();
        for (let frames = 0; frames < 1800 && !block.querySelector(".md-code__nav"); frames++) {{
            await new Promise(requestAnimationFrame);
        }}
        if (covered(block)) found.push(block.innerText.slice(0, 200));
    }}
    return found;
}}"""
# The left edges of the rows that a line of code takes, without its indent.
ROWS = """(line) => {
    const walker = document.createTreeWalker(line, NodeFilter.SHOW_TEXT);
    const edges = new Map();
    for (let text; (text = walker.nextNode()); ) {
        for (let i = 0; i < text.length; i++) {
            if (!text.data[i].trim()) continue;
            const place = document.createRange();
            place.setStart(text, i);
            place.setEnd(text, i + 1);
            const { top, left } = place.getBoundingClientRect();
            const row = Math.round(top);
            edges.set(row, Math.min(left, edges.get(row) ?? Infinity));
        }
    }
    return [...edges.values()];
}"""


# The theme names a block after the element with an id that it is in, and its button copies the first of that name.
SHARED = """() => {
    const names = [...document.querySelectorAll("pre > code")]
        .map((code) => code.parentElement.closest("[id]")?.id)
        .filter((id) => id && !id.startsWith("__"));
    return names.filter((id, index) => names.indexOf(id) !== index);
}"""


@pytest.fixture(params=WIDTHS)
def width(request: pytest.FixtureRequest) -> int:
    return int(request.param)


def shown(visit: BrowserContext, url: str, width: int) -> Page:
    page = visit.new_page()
    page.set_viewport_size({"width": width, "height": 900})
    page.emulate_media(reduced_motion="reduce")
    page.goto(url)
    page.add_style_tag(content=ALL_SHOWN)
    page.evaluate(OPEN)
    return page


@pytest.fixture(scope="module", params=PAGES)
def unfolded(request: pytest.FixtureRequest, visit: BrowserContext, address: str) -> Iterator[Page]:
    """Each page with all of its code laid out, loaded once for the tests that look at all pages and change nothing."""
    page = shown(visit, address + request.param, DESK)
    yield page
    page.close()


def test_no_code_scrolls_sideways(unfolded: Page) -> None:
    for width in WIDTHS:
        unfolded.set_viewport_size({"width": width, "height": 900})
        assert unfolded.evaluate(SCROLLING) == [], f"{width} pixels wide"


def test_each_copy_button_copies_its_own_block(unfolded: Page) -> None:
    shared: list[str] = unfolded.evaluate(SHARED)
    assert shared == []


def test_as_many_characters_fit_beside_the_contents_as_the_rules_for_pages_say(
    visit: BrowserContext, address: str
) -> None:
    page = shown(visit, address + LESSON, DESK)
    titled = page.locator(".md-content__inner > .highlight:not(.output) > .filename + pre > code")
    bare = page.locator(".md-content__inner > .highlight > pre:first-child > code")
    assert BESIDE_CONTENTS <= titled.first.evaluate(FITTING) < BESIDE_CONTENTS + 1
    assert BESIDE_BUTTON <= bare.first.evaluate(FITTING) < BESIDE_BUTTON + 1
    page.close()


@pytest.mark.parametrize("path", [LESSON, HIGHLIGHTS, "/labs/spend/"])
def test_the_copy_button_covers_neither_code_nor_title(
    visit: BrowserContext, address: str, path: str, width: int
) -> None:
    page = shown(visit, address + path, width)
    blocks = page.locator(".highlight:has(pre > code)")
    assert blocks.count() >= 5
    assert blocks.evaluate_all(COVERED_BLOCKS) == []
    page.close()


def test_a_highlighted_line_reaches_both_edges_of_its_block(visit: BrowserContext, address: str, width: int) -> None:
    page = shown(visit, address + HIGHLIGHTS, width)
    edges = page.locator(".highlight .hll").evaluate_all(
        """(lines) => lines.map((line) => [line, line.closest("pre")].map((box) => box.getBoundingClientRect())
            .map((box) => [box.left, box.right]))"""
    )
    assert len(edges) >= 20
    for line, block in edges:
        assert line == pytest.approx(block, abs=0.5)
    page.close()


def long_line(page: Page) -> Locator:
    return page.locator("pre > code > span", has_text="Explain concepts clearly").first


def test_a_line_that_wraps_continues_to_the_right_of_where_it_begins(visit: BrowserContext, address: str) -> None:
    page = shown(visit, address + LESSON, PHONE)
    first, *others = long_line(page).evaluate(ROWS)
    assert others
    assert all(first + 5 < left < first + 40 for left in others)
    page.set_viewport_size({"width": DESK, "height": 900})
    assert len(long_line(page).evaluate(ROWS)) == 1
    page.close()


def test_every_indent_has_its_rule(site: Path) -> None:
    stylesheet = (site / "assets/css/site.css").read_text("utf-8")
    assert re.findall(r"^\.wraps-(\d+) \{ --line-indent: \1ch; \}$", stylesheet, re.MULTILINE) == [
        str(indent) for indent in range(0, DEEPEST + 1, 2)
    ]


def test_wrapped_code_is_copied_as_it_was_written(browser: Browser, address: str, width: int) -> None:
    """By its button and as a selection."""
    written = (ROOT / "snippets/lessons/first_call/instruct.py").read_text("utf-8").rstrip("\n")
    page = browser.new_page(viewport={"width": width, "height": 900})
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.goto(address + LESSON)
    block = page.locator(".highlight", has=long_line(page))
    block.hover()
    block.locator(".md-code__button[data-md-type='copy']").click()
    assert page.evaluate("navigator.clipboard.readText()") == written
    selected = block.locator("code").evaluate(
        "(code) => { getSelection().selectAllChildren(code); return getSelection().toString() }"
    )
    assert selected.rstrip("\n") == written
    page.close()


def test_numbered_lines_keep_their_numbers_when_they_wrap(visit: BrowserContext, address: str, width: int) -> None:
    page = shown(visit, f"{address}/reference/making-requests/", width)
    blocks = page.locator("pre > code:has([data-linenos])")
    assert blocks.count() == 2
    for code in blocks.all():
        lines = (code.text_content() or "").rstrip("\n").split("\n")
        numbers = code.locator("[data-linenos]").evaluate_all("(all) => all.map((one) => one.dataset.linenos.trim())")
        assert numbers == [str(number) for number in range(1, len(lines) + 1)]
    rows = page.locator("pre > code > span:has(> [data-linenos])").evaluate_all(f"(lines) => lines.map({ROWS})")
    assert any(others for _, *others in rows) == (width == PHONE)
    for first, *others in rows:
        assert all(left > first for left in others)
    page.close()
