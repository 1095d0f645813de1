"""The token and cost calculator counts as the sandbox does, says what is wrong, and keeps the page responsive."""

import json
import re
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Locator, Page, Route, expect

from docs._tools.tables.model_prices import rows
from openai_sandbox.model.tokens import count

from .axe import violations

REPLACED_SOON = 5_000  # ms, on a busy machine; the text before takes minutes
TOKENIZER = "**/bpeRanks/o200k_base.js"
PAGE = "/reference/models-and-prices/"
TEXTS = [
    "Say this is a test!",
    "Explain async/await in Python in one paragraph.",
    "def f(x):\n    return x ** 2  # squared\n",
    "Zażółć gęślą jaźń. 東京は今日も晴れです。 Привет! مرحبا",
    "family: 👩‍👩‍👧‍👦 and <|endoftext|> as plain text",
    "\ufeffwith a byte order mark",
]


def opened(context: BrowserContext, address: str) -> Page:
    page = context.new_page()
    page.goto(address + PAGE)
    expect(page.locator(".cost-calculator textarea")).to_be_visible()
    return page


@pytest.fixture
def page(visit: BrowserContext, address: str) -> Iterator[Page]:
    with opened(visit, address) as page:
        yield page


@pytest.fixture
def first_page(browser: Browser, address: str) -> Iterator[Page]:
    """The page of a reader who has not loaded the tokenizer before."""
    with browser.new_context() as context:
        yield opened(context, address)


def status(page: Page) -> str:
    said = page.locator(".cost-calculator [role=status]")
    expect(said).not_to_have_text("Counting …", timeout=30_000)
    return said.inner_text()


def test_tokens_are_those_of_the_tokenizer(page: Page) -> None:
    for text in TEXTS:
        page.locator(".cost-calculator textarea").fill(text)
        expected = count(text.replace("\ufeff", ""))
        expect(page.locator(".cost-calculator [role=status]")).to_contain_text(f"{expected} tokens in:", timeout=30_000)
        assert page.locator(".cost-calculator .tokens span").count() == expected


def test_the_cost_is_tokens_times_prices(page: Page) -> None:
    page.locator(".cost-calculator select").select_option("gpt-4o")
    page.locator(".cost-calculator textarea").fill("test " * 999)
    page.locator("[name=output]").fill("512")
    page.locator("[name=requests]").fill("2000")
    tokens = count("test " * 999)
    each = (tokens * 2.5 + 512 * 10) / 1e6
    expect(page.locator(".cost-calculator [role=status]")).to_contain_text(f"{tokens:,} tokens in:", timeout=30_000)
    assert status(page) == f"{tokens:,} tokens in: ${each:.3g} a request, ${each * 2000:.2f} a month."
    page.locator("[name=cached]").fill("100")
    assert f"${(tokens * 1.25 + 512 * 10) / 1e6:.3g} a request" in status(page)


def test_the_batch_api_has_its_own_price(page: Page) -> None:
    page.locator(".cost-calculator select").select_option("gpt-4o")
    page.locator("[name=output]").fill("1000000")
    assert "$10 a request" in status(page)
    page.get_by_label("With the Batch API").check()
    assert "$5 a request" in status(page)


@pytest.mark.parametrize(
    ("model", "output", "remark"),
    [
        ("gpt-4o", "500", "The prompt takes 0.78% of the context window."),
        ("gpt-4o", "16385", "gpt-4o writes at most 16,384 tokens. The prompt takes 0.78%"),
        ("gpt-4o", "127500", "Too long: input and output are more than the context window of 128,000 tokens."),
        ("gpt-6-luna", "500", "The prompt takes less than 0.1% of the context window."),
    ],
)
def test_what_is_to_be_known_before_sending_is_said(page: Page, model: str, output: str, remark: str) -> None:
    page.locator(".cost-calculator textarea").fill("test " * 999)
    expect(page.locator(".cost-calculator [role=status]")).to_contain_text("tokens in:", timeout=30_000)
    page.locator(".cost-calculator select").select_option(model)
    page.locator("[name=output]").fill(output)
    expect(page.locator(".cost-calculator .remarks")).to_contain_text(remark)
    page.locator("[name=output]").fill("many")
    expect(page.locator(".cost-calculator .remarks")).to_be_empty()


def test_a_prompt_longer_than_the_model_reads_and_a_promotional_price_are_named(page: Page) -> None:
    remarks = page.evaluate("""async () => {
        const { remarks } = await import("/assets/js/cost-calculator.js");
        const { models } = await (await fetch("/data/prices.json")).json();
        const price = models.find(({ id }) => id === "gpt-6-luna");
        const remarked = [922_000, 922_001].map((input) => remarks(price, input, 1));
        return [...remarked, remarks({ ...price, promised: "2026-12-31" }, 0, 1)];
    }""")
    assert remarks == [
        "The prompt takes 88% of the context window.",
        "Too long: gpt-6-luna reads at most 922,000 tokens.",
        "OpenAI called this price promotional, available at least through 2026-12-31.",
    ]


def test_an_undocumented_tokenizer_makes_an_estimate(page: Page) -> None:
    assert "An estimate: the tokenizer of gpt-6-luna is not documented." in status(page)


@pytest.mark.parametrize(
    ("field", "value", "said"),
    [
        ("input", "lots", "Input tokens: a number from 0"),
        ("input", "", "Input tokens: a number from 0"),
        ("output", "-5", "Output tokens: a number from 0"),
        ("output", "many", "Output tokens: a number from 0"),
        ("cached", "101", "From the cache: a number from 0 to 100, please."),
        ("requests", "", "Requests a month: a number from 0"),
    ],
)
def test_a_bad_number_is_named(page: Page, field: str, value: str, said: str) -> None:
    page.locator(f"[name={field}]").fill(value)
    assert said in status(page)


PASTE = """(pasted) => {
    const text = document.querySelector(".cost-calculator textarea");
    text.value = pasted;
    text.dispatchEvent(new Event("input"));
}"""
PASTE_REPEATED = f"([part, times]) => ({PASTE})(part.repeat(times))"
LONGEST_PAUSE = """async () => {
    let longest = 0, last = performance.now();
    for (let i = 0; i < 20; i++) {
        await new Promise((done) => setTimeout(done, 20));
        longest = Math.max(longest, performance.now() - last);
        last = performance.now();
    }
    return longest;
}"""


def test_a_text_of_five_megabytes_does_not_freeze_the_page(page: Page) -> None:
    page.evaluate(PASTE_REPEATED, ["word ", 800_000])
    assert page.evaluate(LONGEST_PAUSE) < 2000
    expect(page.locator(".cost-calculator [role=status]")).to_contain_text("tokens in", timeout=60_000)
    page.evaluate(PASTE_REPEATED, ["word ", 1_200_000])
    assert "6,000,000 characters: too many to count here. At most 5,000,000." in status(page)
    page.locator("[name=output]").fill("9")
    assert "too many to count here" in status(page), "no price for a text that was not counted"


def workers_of(page: Page) -> list[str]:
    """Return the addresses of the workers that the page starts from now on, as it starts them."""
    started: list[str] = []
    page.on("worker", lambda worker: started.append(worker.url))
    return started


def test_a_text_that_takes_minutes_does_not_hold_up_the_next(page: Page) -> None:
    said = page.locator(".cost-calculator [role=status]")
    page.locator(".cost-calculator textarea").fill("hello")
    expect(said).to_contain_text("1 tokens in:", timeout=30_000)
    started = workers_of(page)
    page.evaluate(PASTE_REPEATED, ["a", 300_000])
    assert page.evaluate(LONGEST_PAUSE) < 2000
    expect(said).to_have_text("Counting …")
    page.evaluate(PASTE, "hi you two")
    expect(said).to_contain_text("3 tokens in:", timeout=REPLACED_SOON)
    assert page.locator(".cost-calculator .tokens span").all_inner_texts() == ["hi", " you", " two"]
    assert len(started) == 1
    ended = time.monotonic() + REPLACED_SOON / 1000
    while len(counting := [worker for worker in page.workers if "token-worker" in worker.url]) > 1:
        assert time.monotonic() < ended, f"still counting: {len(counting)} workers"
        page.wait_for_timeout(50)


def test_a_text_too_long_to_count_ends_the_count_of_the_one_before(page: Page) -> None:
    said = page.locator(".cost-calculator [role=status]")
    page.locator(".cost-calculator textarea").fill("hello")
    expect(said).to_contain_text("1 tokens in:", timeout=30_000)
    page.evaluate(PASTE_REPEATED, ["a", 300_000])
    page.evaluate(PASTE_REPEATED, ["word ", 1_200_000])
    assert "too many to count here" in status(page)
    page.evaluate(PASTE, "hi")
    expect(said).to_contain_text("1 tokens in:", timeout=REPLACED_SOON)


def test_a_worker_that_loads_or_is_done_is_kept(first_page: Page) -> None:
    said = first_page.locator(".cost-calculator [role=status]")
    started = workers_of(first_page)

    def slowly(route: Route) -> None:
        first_page.wait_for_timeout(500)
        route.continue_()

    first_page.route(TOKENIZER, slowly)
    first_page.locator(".cost-calculator textarea").press_sequentially("one two three", delay=30)
    expect(said).to_contain_text("3 tokens in:", timeout=30_000)
    first_page.locator(".cost-calculator textarea").press_sequentially(" four five six", delay=30)
    expect(said).to_contain_text("6 tokens in:")
    assert len(started) == 1


def test_another_worker_loads_no_second_tokenizer(first_page: Page) -> None:
    """Its bytes do not travel again: the server answers that nothing has changed, or is not even asked."""
    sizes: list[int] = []
    first_page.on(
        "requestfinished",
        lambda request: sizes.append(request.sizes()["responseBodySize"]) if "bpeRanks" in request.url else None,
    )
    said = first_page.locator(".cost-calculator [role=status]")
    first_page.evaluate(PASTE, "hello")
    expect(said).to_contain_text("1 tokens in:", timeout=30_000)
    for _ in range(2):
        first_page.evaluate(PASTE_REPEATED, ["a", 300_000])
        first_page.evaluate(PASTE, "hi you")
        expect(said).to_contain_text("2 tokens in:", timeout=REPLACED_SOON)
    assert sum(size > 0 for size in sizes) == 1


def test_a_tokenizer_that_does_not_load_is_said_and_tried_again(first_page: Page) -> None:
    said = first_page.locator(".cost-calculator [role=status]")
    first_page.route(TOKENIZER, lambda route: route.abort())
    first_page.locator(".cost-calculator textarea").fill("hello")
    expect(said).to_have_text("The tokenizer could not be loaded.", timeout=30_000)
    first_page.unroute(TOKENIZER)
    first_page.locator(".cost-calculator textarea").fill("hello you")
    expect(said).to_contain_text("2 tokens in:", timeout=30_000)


def test_no_request_leaves_the_site(browser: Browser, address: str) -> None:
    asked: list[str] = []
    with browser.new_context() as context:
        page = context.new_page()
        page.on("request", lambda request: asked.append(request.url))
        page.goto(address + PAGE)
        assert not [url for url in asked if "bpeRanks" in url], "the tokenizer is loaded on first use"
        page.locator(".cost-calculator textarea").fill("hello")
        expect(page.locator(".cost-calculator [role=status]")).to_contain_text("1 tokens in:", timeout=30_000)
    assert any("bpeRanks" in url for url in asked)
    assert all(url.startswith((address, "data:", "blob:")) for url in asked)


def test_the_published_prices_are_those_of_the_table(site: Path) -> None:
    published = {row["id"]: row for row in json.loads((site / "data/prices.json").read_text("utf-8"))["models"]}
    assert {id: row["standard"]["input"] for id, row in published.items()} == {
        row.id: float(row.prices["Input"]) for row in rows() if not row.past and row.prices["Input"] is not None
    }
    assert "gpt-4-turbo" not in published


@pytest.mark.parametrize(
    ("dollars", "written"),
    [(0, "$0"), (10, "$10"), (2.5, "$2.50"), (1234.567, "$1,234.57"), (0.2, "$0.20"), (0.0073649, "$0.00736")],
)
def test_an_amount_has_a_dollar_sign_and_no_more_digits_than_it_needs(page: Page, dollars: float, written: str) -> None:
    amount = "async (dollars) => (await import('/assets/js/cost-calculator.js')).money(dollars)"
    assert page.evaluate(amount, dollars) == written


def comparison(page: Page) -> list[list[str]]:
    """Open the comparison and return its rows: model without its last day, cost of a request, cost of a month."""
    shown = page.locator(".cost-calculator .comparison")
    expect(shown).to_be_visible()
    shown.evaluate("(details) => { details.open = true }")
    found = [row.locator("td").all_inner_texts() for row in shown.locator("tbody tr").all()]
    return [[model.partition(", until ")[0], *costs] for model, *costs in found]


def amount(cell: str) -> float:
    return float(cell.removeprefix("$").replace(",", ""))


def test_the_comparison_begins_with_the_cheapest_that_fits(page: Page) -> None:
    page.locator("[name=output]").fill("100000")
    found = comparison(page)
    longest = {row.id: row.limits.writes for row in rows() if row.limits}
    refused = {row.id for row in rows() if not row.past and longest.get(row.id, 10**9) < 100_000}
    assert refused
    assert {model for model, cost, _ in found if cost == "too long"} == refused
    assert {model for model, *_ in found[-len(refused) :]} == refused
    costs = [amount(cost) for _, cost, _ in found[: -len(refused)]]
    assert len(costs) >= 10
    assert costs == sorted(costs)
    summary = page.locator(".comparison summary").inner_text()
    assert summary.startswith(f"The cheapest that fits: {found[0][0]}, {found[0][1]} a request")


def test_a_model_in_the_comparison_has_its_last_day(page: Page) -> None:
    first, *_ = comparison(page)
    ends = {row.id: f", until {row.shutdown}" for row in rows() if row.shutdown and not row.past}
    assert len(ends) > 3
    for named in page.locator(".compared tbody td:first-child").all_text_contents():
        model = named.partition(",")[0]
        assert named == model + ends.get(model, "")
    assert page.locator(".comparison summary").inner_text().endswith(f" a request{ends.get(first[0], '')}")


def test_models_without_a_price_for_the_batch_api_come_last_in_the_comparison(page: Page) -> None:
    page.get_by_label("With the Batch API").check()
    without = {row.id for row in rows() if not row.past and "Batch" not in row.ways and row.prices["Input"] is not None}
    found = comparison(page)
    assert {model for model, cost, _ in found if cost == "no price"} == without
    assert {model for model, *_ in found[len(found) - len(without) :]} == without


def test_a_request_too_long_for_all_models_has_no_cheapest(page: Page) -> None:
    page.locator("[name=output]").fill("2000000")
    assert {cost for _, cost, _ in comparison(page)} == {"too long"}
    expect(page.locator(".comparison summary")).to_have_text("No model takes so many tokens")


def filled(page: Page) -> Locator:
    page.locator(".cost-calculator textarea").fill("hello & hi you")
    page.locator(".cost-calculator select").select_option("gpt-4o")
    page.locator("[name=output]").fill("512")
    page.get_by_label("With the Batch API").check()
    return page.locator(".cost-calculator [role=status]")


def test_what_was_entered_is_in_the_address_and_restored_from_it(page: Page) -> None:
    entries = page.evaluate("history.length")
    expect(filled(page)).to_contain_text("4 tokens in:", timeout=30_000)
    before = status(page)
    page.wait_for_function("location.hash.includes('batch=true') && location.hash.includes('input=4')")
    assert page.evaluate("location.hash") == (
        "#cost?prompt=hello+%26+hi+you&model=gpt-4o&input=4&output=512&batch=true"
    )
    assert page.evaluate("history.length") == entries, "the way back leads to the page before"
    page.reload()
    expect(page.locator(".cost-calculator [role=status]")).to_have_text(before, timeout=30_000)
    expect(page.locator(".cost-calculator textarea")).to_have_value("hello & hi you")
    expect(page.locator("[name=output]")).to_have_value("512")
    expect(page.get_by_label("With the Batch API")).to_be_checked()
    expect(page.locator(".cost-calculator")).to_be_in_viewport()


def test_the_address_says_nothing_about_what_is_as_in_the_beginning(page: Page) -> None:
    page.locator("[name=output]").fill("512")
    page.wait_for_function("location.hash === '#cost?output=512'")
    page.locator("[name=output]").fill("500")
    page.wait_for_function("location.hash === ''")


LINK_WITHOUT_PROMPT = "The link has the number of tokens, not your prompt."


def test_the_number_of_tokens_can_be_entered_without_a_prompt(page: Page) -> None:
    started = workers_of(page)
    page.locator(".cost-calculator select").select_option("gpt-6-luna")
    page.get_by_label("Input tokens").fill("2000")
    page.get_by_label("Output tokens").fill("500")
    page.get_by_label("Requests a month").fill("10000")
    price = next(row for row in rows() if row.id == "gpt-6-luna").prices
    each = (2000 * float(price["Input"] or 0) + 500 * float(price["Output"] or 0)) / 1e6
    assert status(page) == f"2,000 tokens in: ${each:.3g} a request, ${each * 10_000:.2f} a month.", "no estimate"
    assert started == []
    page.wait_for_function("location.hash === '#cost?input=2000&requests=10000'")
    page.reload()
    expect(page.get_by_label("Input tokens")).to_have_value("2000")
    assert status(page).startswith("2,000 tokens in:")


def test_an_entered_number_replaces_the_count_of_the_prompt_until_the_prompt_changes(page: Page) -> None:
    text, said = page.locator(".cost-calculator textarea"), page.locator(".cost-calculator .unused")
    text.fill("hello & hi you")
    expect(page.get_by_label("Input tokens")).to_have_value("4", timeout=30_000)
    assert said.is_hidden() and page.locator(".cost-calculator .tokens span").count() == 4
    page.get_by_label("Input tokens").fill("3000")
    assert status(page).startswith("3,000 tokens in:")
    expect(said).to_have_text(
        "You entered the number of input tokens, so this prompt is not counted. Change the prompt to count it again."
    )
    assert "line-through" in text.evaluate("(text) => getComputedStyle(text).textDecoration")
    assert page.locator(".cost-calculator .tokens").inner_text() == ""
    page.wait_for_function("location.hash === '#cost?input=3000'")
    assert violations(page) == []
    text.fill("hello")
    expect(page.get_by_label("Input tokens")).to_have_value("1", timeout=30_000)
    expect(said).to_be_hidden()
    assert "line-through" not in text.evaluate("(text) => getComputedStyle(text).textDecoration")


def test_a_number_that_is_entered_while_a_prompt_is_counted_stays(page: Page) -> None:
    page.locator(".cost-calculator textarea").fill("hello")
    expect(page.get_by_label("Input tokens")).to_have_value("1", timeout=30_000)
    page.evaluate(PASTE_REPEATED, ["word ", 200_000])
    page.get_by_label("Input tokens").fill("77")
    page.wait_for_function("location.hash === '#cost?input=77'")
    page.evaluate(LONGEST_PAUSE)
    assert status(page).startswith("77 tokens in:")
    page.locator(".cost-calculator textarea").fill("hi you")
    expect(page.get_by_label("Input tokens")).to_have_value("2", timeout=30_000)


def test_a_prompt_too_long_for_the_address_is_said_and_its_number_of_tokens_is_kept(page: Page) -> None:
    page.evaluate(PASTE_REPEATED, ["word ", 400])
    expect(page.get_by_label("Input tokens")).not_to_have_value("", timeout=30_000)
    expect(page.locator(".cost-calculator .link span")).to_be_empty()
    page.wait_for_function("location.hash.startsWith('#cost?prompt=word+word')")
    page.evaluate(PASTE_REPEATED, ["word ", 401])
    expect(page.locator(".cost-calculator .link span")).to_have_text(LINK_WITHOUT_PROMPT)
    tokens = count("word " * 401)
    expect(page.get_by_label("Input tokens")).to_have_value(str(tokens), timeout=30_000)
    page.wait_for_function(f"location.hash === '#cost?input={tokens}'")


def test_the_link_can_be_copied_at_once_and_leads_to_the_same_cost(browser: Browser, address: str) -> None:
    with browser.new_context(permissions=["clipboard-read", "clipboard-write"]) as context:
        page = context.new_page()
        page.goto(address + PAGE)
        expect(page.locator(".cost-calculator textarea")).to_be_visible()
        page.evaluate(PASTE_REPEATED, ["word ", 1000])
        copy = page.get_by_role("button", name="Copy link")
        expect(copy).to_be_enabled(timeout=30_000)
        page.locator("[name=output]").fill("512")
        copy.click()
        expect(page.locator(".cost-calculator .link span")).to_have_text(f"Copied. {LINK_WITHOUT_PROMPT}")
        link = page.evaluate("navigator.clipboard.readText()")
        tokens = count("word " * 1000)
        assert link == f"{address}{PAGE}#cost?input={tokens}&output=512"
        other = context.new_page()
        other.goto(link)
        expect(other.locator(".cost-calculator [role=status]")).to_contain_text(f"{tokens:,} tokens in:")
        cost = re.search(r"\$.*", status(other))
        assert cost and cost[0].partition(" An estimate")[0] in status(page)


def test_a_link_is_not_copied_before_the_prompt_is_counted(first_page: Page) -> None:
    first_page.route(TOKENIZER, lambda route: route.abort())
    copy = first_page.get_by_role("button", name="Copy link")
    expect(copy).to_be_enabled()
    first_page.locator(".cost-calculator textarea").fill("hello")
    expect(first_page.locator(".cost-calculator [role=status]")).to_have_text("The tokenizer could not be loaded.")
    expect(copy).to_be_disabled()
    first_page.get_by_label("Input tokens").fill("3")
    expect(copy).to_be_enabled()


def test_a_clipboard_that_refuses_is_said(page: Page) -> None:
    page.evaluate("void (navigator.clipboard.writeText = async () => { throw new Error('no') })")
    page.get_by_role("button", name="Copy link").click()
    expect(page.locator(".cost-calculator .link span")).to_have_text("Could not copy. The link is this page's address.")


def test_another_state_in_the_address_is_taken_over_and_a_bad_one_is_said(page: Page) -> None:
    page.evaluate("location.hash = '#cost?model=gpt-nothing&output=7&cached=half'")
    expect(page.locator("[name=output]")).to_have_value("7")
    expect(page.locator(".cost-calculator select")).to_have_value("gpt-6-luna")
    assert "From the cache: a number from 0 to 100, please." in status(page)
    page.evaluate("location.hash = '#how-prices-changed'")
    expect(page.locator("[name=output]")).to_have_value("7")
