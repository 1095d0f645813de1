"""The price page shows its charts to everybody, and no page sends a reader to a model of the past."""

import re
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from docs._tools.data.as_of import ROOT
from docs._tools.data.model_advice import advice
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


def test_on_a_phone_the_models_stay_in_view_while_a_table_scrolls_and_a_shadow_says_that_it_does(
    browser: Browser, address: str
) -> None:
    with browser.new_context(viewport={"width": 412, "height": 900}) as context:
        page = context.new_page()
        page.goto(f"{address}/{PAGE}")
        box = page.locator(".sortable .md-typeset__scrollwrap")
        expect(box).to_be_visible()
        assert "gradient" in box.evaluate("(box) => getComputedStyle(box).backgroundImage")
        model, shutdown = box.locator("tbody tr:has-text('gpt-5-nano')").locator("td:first-child, td:last-child").all()
        model.evaluate("(cell) => cell.scrollIntoView({ block: 'center' })")
        box.evaluate("(box) => { box.scrollLeft = box.scrollWidth }")
        for cell in (model, shutdown):
            expect(cell).to_be_in_viewport(ratio=0.95)
        left, right = model.bounding_box(), shutdown.bounding_box()
        assert left and right and left["width"] < 412 / 2
        assert left["x"] + left["width"] <= right["x"]
        covers = """(cell) => {
            const { left, top } = cell.getBoundingClientRect();
            return cell.contains(document.elementFromPoint(left + 12, top + 12));
        }"""
        assert model.evaluate(covers), "what scrolls goes behind the model"


@pytest.mark.parametrize("path", [PAGE, "guides/recover-from-errors/"])
def test_dates_and_numbers_of_a_wide_table_do_not_wrap(browser: Browser, address: str, path: str) -> None:
    with browser.new_context(viewport={"width": 412, "height": 900}) as context:
        page = context.new_page()
        page.goto(f"{address}/{path}")
        expect(page.locator(".wide-table .md-typeset__scrollwrap").first).to_be_visible()
        lines = page.evaluate("""() => [...document.querySelectorAll(".wide-table td:not(:first-child)")]
            .filter((cell) => cell.offsetWidth && !cell.querySelector("br"))
            .map((cell) => { const range = new Range(); range.selectNodeContents(cell);
                const tops = [...range.getClientRects()].map(({ bottom }) => bottom);
                return [cell.textContent, Math.max(...tops) - Math.min(...tops)]; })""")
        assert len(lines) >= 20
        assert [text for text, apart in lines if apart > 8] == []


def test_the_calculator_is_named_and_linked_at_the_top(browser: Browser, address: str) -> None:
    with browser.new_context(viewport={"width": 412, "height": 900}) as context:
        page = context.new_page()
        page.goto(f"{address}/{PAGE}")
        link = page.locator(".md-content").get_by_role("link", name="cost calculator", exact=True)
        expect(link).to_be_in_viewport()
        link.click()
        expect(page.get_by_role("heading", name="Cost calculator")).to_be_in_viewport()
        assert page.url.endswith("#what-your-prompt-costs"), "as in links from before the section had this name"


def test_the_tables_lead_to_their_data(site: Path, html: str) -> None:
    for name in ("prices", "models"):
        (path,) = set(re.findall(rf'href="([^"]+{name}\.json)"', html))
        assert (site / PAGE / path).resolve() == (site / f"data/{name}.json").resolve()
        assert (site / PAGE / path).is_file()
    table = html.partition('class="sortable')[2].partition("<h2")[0]
    assert '/prices.json">This data as JSON</a>' in table and '/models.json"' in table


def test_every_model_that_the_advice_names_is_a_row_of_the_table(browser: Browser, address: str) -> None:
    with browser.new_context() as context:
        page = context.new_page()
        page.goto(f"{address}/{PAGE}")
        for model in advice().models:
            page.get_by_role("searchbox", name="Filter the rows").fill(model.id)
            assert page.locator(".sortable tbody tr:visible td:first-child code").all_inner_texts() == [model.id]


def test_the_ways_to_be_served_are_tabs(html: str) -> None:
    for way in ("Batch", "Flex", "Fast"):
        assert re.search(rf"<label[^>]*>{way}</label>", html)


def test_the_first_model_named_can_be_called(html: str) -> None:
    start = html.partition("Start with the first")[2].partition("<code>")[2].partition("</code>")[0]
    assert start == "gpt-6-luna"
    assert start not in PAST
    assert re.search(r"which is the cheapest of the\sthree\.", html)
    assert len(advice().models) == 3


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
