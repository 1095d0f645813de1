"""The price page shows its charts to everybody, and no page sends a reader to a model of the past."""

import re
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from docs._tools.data.as_of import ROOT
from docs._tools.ledger.pages import markdown_pages, paragraphs
from docs._tools.tables.model_prices import rows
from docs._tools.tables.price_history import changed, told

PAGE = "reference/models-and-prices/"
PAST = [row.id for row in rows() if row.past]


@pytest.fixture(scope="module")
def html(site: Path) -> str:
    return (site / PAGE / "index.html").read_text("utf-8")


def test_every_chart_has_its_prices_as_alt_text_and_in_the_folded_table(html: str) -> None:
    charts = re.findall(r'<svg viewBox="[^"]+" role="img" aria-label="([^"]+)">', html)
    assert charts == [told(row) for row in changed()]
    folded = html.partition("<summary>The same as a table</summary>")[2].partition("</details>")[0]
    assert folded.count("<tr>") == 1 + sum(len(row.begun) for row in changed())


def test_the_charts_are_drawn_in_the_colors_of_both_schemes(browser: Browser, address: str) -> None:
    colors = []
    for scheme in ("light", "dark"):
        with browser.new_context(color_scheme=scheme) as context:
            page = context.new_page()
            page.goto(f"{address}/{PAGE}")
            expect(page.locator(".price-history svg")).to_have_count(len(changed()))
            drawn = page.locator(".price-history svg").first
            colors.append(
                [
                    drawn.locator(part).first.evaluate("(part, kind) => getComputedStyle(part)[kind]", kind)
                    for part, kind in ((".input", "stroke"), (".output", "stroke"), ("text", "fill"))
                ]
            )
    light, dark = colors
    assert len({*light, *dark}) == 6, "no color is the same in both, or for both lines"


def test_a_wide_table_scrolls_by_itself(browser: Browser, address: str) -> None:
    with browser.new_context(viewport={"width": 412, "height": 900}) as context:
        page = context.new_page()
        page.goto(f"{address}/{PAGE}")
        sizes = page.evaluate(
            "[...document.querySelectorAll('.md-typeset__scrollwrap')].map((box) => "
            "[box.scrollWidth, box.clientWidth, getComputedStyle(box).overflowX])"
        )
    wide = [overflow for scroll, client, overflow in sizes if scroll > client]
    assert wide
    assert set(wide) == {"auto"}


def test_the_ways_to_be_served_are_tabs(html: str) -> None:
    for way in ("Batch", "Flex", "Fast"):
        assert re.search(rf"<label[^>]*>{way}</label>", html)


def test_the_first_model_named_can_be_called(html: str) -> None:
    start = html.partition("Start with the first")[2].partition("<code>")[2].partition("</code>")[0]
    assert start == "gpt-6-luna"
    assert start not in PAST


def test_no_page_sends_a_reader_to_a_model_of_the_past() -> None:
    names = re.compile(rf"(?<![\w.-])(?:{'|'.join(map(re.escape, PAST))})(?![\w-]|\.\d)")
    assert names.search("call gpt-4.") and not names.search("gpt-4.1 and gpt-4o-mini")
    for page in markdown_pages(ROOT / "docs"):
        for line, text in paragraphs(page):
            if names.search(text):
                said = re.search(r"shut ?down|retired|no longer|of the past", text)
                assert said, f"{page.relative_to(ROOT)}:{line} names {names.findall(text)} and not that it is gone"


def test_past_models_stand_in_their_own_section_only(html: str) -> None:
    before, _, rest = html.partition('<h2 id="models-of-the-past"')
    section, _, after = rest.partition("<h2 ")
    for model in PAST:
        assert f"<code>{model}</code>" in section
        assert f"<code>{model}</code>" not in before + after
