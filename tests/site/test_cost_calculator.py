"""The token and cost calculator counts as the sandbox does, says what is wrong, and keeps the page responsive."""

import json
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, Route, expect

from docs._tools.tables.model_prices import rows
from openai_sandbox.model.tokens import count

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


@pytest.fixture
def page(browser: Browser, address: str) -> Iterator[Page]:
    with browser.new_context() as context:
        page = context.new_page()
        page.goto(address + PAGE)
        expect(page.locator(".cost-calculator textarea")).to_be_visible()
        yield page


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
    assert status(page) == f"{tokens:,} tokens in: ${each:.4g} a request, ${each * 2000:.4g} a month."
    page.locator("[name=cached]").fill("100")
    assert f"${(tokens * 1.25 + 512 * 10) / 1e6:.4g} a request" in status(page)


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
        const prices = await (await fetch("/assets/data/prices.json")).json();
        const price = prices.find(({ id }) => id === "gpt-6-luna");
        const remarked = [922_000, 922_001].map((input) => remarks(price, input, 1));
        return [...remarked, remarks({ ...price, promised: "2026-12-31" }, 0, 1)];
    }""")
    assert remarks == [
        "The prompt takes 88% of the context window.",
        "Too long: gpt-6-luna reads at most 922,000 tokens.",
        "The price is promotional, promised at least through 2026-12-31.",
    ]


def test_an_undocumented_tokenizer_makes_an_estimate(page: Page) -> None:
    assert "An estimate: the tokenizer of gpt-6-luna is not documented." in status(page)


@pytest.mark.parametrize(
    ("field", "value", "said"),
    [
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


def test_a_worker_that_loads_or_is_done_is_kept(page: Page) -> None:
    said = page.locator(".cost-calculator [role=status]")
    started = workers_of(page)

    def slowly(route: Route) -> None:
        page.wait_for_timeout(500)
        route.continue_()

    page.route(TOKENIZER, slowly)
    page.locator(".cost-calculator textarea").press_sequentially("one two three", delay=30)
    expect(said).to_contain_text("3 tokens in:", timeout=30_000)
    page.locator(".cost-calculator textarea").press_sequentially(" four five six", delay=30)
    expect(said).to_contain_text("6 tokens in:")
    assert len(started) == 1


def test_another_worker_loads_no_second_tokenizer(page: Page) -> None:
    """Its bytes do not travel again: the server answers that nothing has changed, or is not even asked."""
    sizes: list[int] = []
    page.on(
        "requestfinished",
        lambda request: sizes.append(request.sizes()["responseBodySize"]) if "bpeRanks" in request.url else None,
    )
    said = page.locator(".cost-calculator [role=status]")
    page.evaluate(PASTE, "hello")
    expect(said).to_contain_text("1 tokens in:", timeout=30_000)
    for _ in range(2):
        page.evaluate(PASTE_REPEATED, ["a", 300_000])
        page.evaluate(PASTE, "hi you")
        expect(said).to_contain_text("2 tokens in:", timeout=REPLACED_SOON)
    assert sum(size > 0 for size in sizes) == 1


def test_a_tokenizer_that_does_not_load_is_said_and_tried_again(page: Page) -> None:
    said = page.locator(".cost-calculator [role=status]")
    page.route(TOKENIZER, lambda route: route.abort())
    page.locator(".cost-calculator textarea").fill("hello")
    expect(said).to_have_text("The tokenizer could not be loaded.", timeout=30_000)
    page.unroute(TOKENIZER)
    page.locator(".cost-calculator textarea").fill("hello you")
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
    published = {row["id"]: row for row in json.loads((site / "assets/data/prices.json").read_text("utf-8"))}
    assert {id: row["input"] for id, row in published.items()} == {
        row.id: float(row.prices["Input"]) for row in rows() if not row.past and row.prices["Input"] is not None
    }
    assert "gpt-4-turbo" not in published
