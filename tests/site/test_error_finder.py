"""The error finder names the right problem for messages as people paste them, in a real browser."""

from collections import Counter
from collections.abc import Iterator
from typing import Any

import pytest
import yaml
from playwright.sync_api import Browser, Page, expect

from docs._tools.data.as_of import ROOT

PAGE = "/errors/"
CORPUS: dict[str, Any] = yaml.safe_load((ROOT / "tests" / "site" / "pasted_messages.yml").read_text("utf-8"))
FEWEST_MESSAGES = 60
RIGHT = 0.95
NO_MATCH = "No match: none of the problems here fits this text."

FIND = """async ([script, problems, texts]) => {
    const { find, index, readable } = await import(script);
    const known = index(await (await fetch(problems)).json());
    return texts.map((text) => find(known, readable(text).text).slice(0, 3).map(({ problem }) => problem.id));
}"""


@pytest.fixture
def page(browser: Browser, address: str) -> Iterator[Page]:
    with browser.new_context() as context:
        page = context.new_page()
        page.goto(address + PAGE)
        expect(page.locator(".error-finder textarea")).to_be_visible()
        yield page


def found(page: Page, address: str, texts: list[str]) -> list[list[str]]:
    """Return the ids that the finder's own module finds for each text, best first."""
    script, problems = f"{address}/assets/js/error-finder.js", f"{address}/assets/data/problems.json"
    ids: list[list[str]] = page.evaluate(FIND, [script, problems, texts])
    return ids


def paste(page: Page, text: str) -> None:
    page.locator(".error-finder textarea").fill(text)


def test_the_right_problem_comes_first(page: Page, address: str) -> None:
    messages = CORPUS["messages"]
    assert len(messages) >= FEWEST_MESSAGES
    answers = found(page, address, [message["text"] for message in messages])
    wrong = [
        f"{message['id']} ({message['how']}): found {ids}"
        for message, ids in zip(messages, answers, strict=True)
        if not ids or ids[0] not in (message["id"], *message.get("also", ()))
    ]
    share = 1 - len(wrong) / len(messages)
    print(f"right first: {share:.1%} of {len(messages)}")
    assert share >= RIGHT, "\n".join(wrong)


def test_every_problem_was_pasted_at_least_once(page: Page) -> None:
    known = {
        problem["id"] for problem in page.evaluate("fetch('../assets/data/problems.json').then((it) => it.json())")
    }
    pasted = Counter(message["id"] for message in CORPUS["messages"])
    assert known == set(pasted)


def test_nonsense_matches_nothing(page: Page, address: str) -> None:
    texts = [nonsense["text"] for nonsense in CORPUS["nonsense"]]
    answers = found(page, address, texts)
    matched = [f"{text[:80]!r}: {ids}" for text, ids in zip(texts, answers, strict=True) if ids]
    assert not matched, "\n".join(matched)


def test_a_pasted_message_leads_to_its_section(page: Page) -> None:
    paste(page, "openai.BadRequestError: Error code: 400 - Unsupported parameter: 'max_tokens' is not supported")
    best = page.locator(".error-finder li a").first
    expect(best).to_contain_text("max_tokens")
    expect(page.locator(".error-finder li").first).to_contain_text("Because of")
    expect(page.locator(".error-finder li code").first).to_have_text("max_completion_tokens")
    best.click()
    expect(page.locator("h2#max-tokens-unsupported")).to_be_visible()


def test_nonsense_gets_an_honest_answer_and_where_to_ask(page: Page) -> None:
    paste(page, "the cake fell when I opened the oven")
    expect(page.locator(".error-finder [role=status]")).to_have_text(
        "No match: none of the problems here fits this text."
    )
    expect(page.locator(".error-finder li")).to_have_count(0)
    expect(page.get_by_role("link", name="developer community")).to_be_visible()


def test_an_emptied_field_says_nothing(page: Page) -> None:
    paste(page, "max_tokens is not supported with this model")
    expect(page.locator(".error-finder li").first).to_be_visible()
    paste(page, "  \n ")
    expect(page.locator(".error-finder li")).to_have_count(0)
    expect(page.locator(".error-finder [role=status]")).to_have_text("")


def test_a_megabyte_from_the_clipboard_is_read_at_both_ends(browser: Browser, address: str) -> None:
    last = "openai.BadRequestError: Unsupported parameter: 'max_tokens' is not supported with this model."
    with browser.new_context(permissions=["clipboard-read", "clipboard-write"]) as context:
        page = context.new_page()
        page.goto(address + PAGE)
        text = "2026-11-20 12:00:00 INFO all is well\n" * 27_000 + last
        page.evaluate("text => navigator.clipboard.writeText(text)", text)
        page.locator(".error-finder textarea").focus()
        page.keyboard.press("Control+V")
        said = page.locator(".error-finder [role=status]")
        expect(said).to_contain_text("Only the first and the last 50,000 characters", timeout=3000)
        expect(page.locator(".error-finder li a").first).to_contain_text("max_tokens")
        paste(page, last)
        expect(said).to_have_text("Best match first:")


def test_binary_input_is_named(page: Page) -> None:
    paste(page, "\x00\x01\x02\ufffd" * 500)
    expect(page.locator(".error-finder [role=status]")).to_contain_text("This is no text")


def test_nothing_leaves_the_page(page: Page, address: str) -> None:
    asked: list[str] = []
    page.on("request", lambda request: asked.append(f"{request.method} {request.url} {request.post_data or ''}"))
    paste(page, "openai.RateLimitError: a secret prompt")
    expect(page.locator(".error-finder li").first).to_be_visible()
    assert asked in ([], [f"GET {address}/assets/data/problems.json "])
    kept = page.evaluate("JSON.stringify([{...localStorage}, {...sessionStorage}, document.cookie, location.href])")
    assert "secret" not in kept


def test_a_list_that_does_not_load_is_said(browser: Browser, address: str) -> None:
    with browser.new_context() as context:
        page = context.new_page()
        page.route("**/problems.json", lambda route: route.abort())
        page.goto(address + PAGE)
        paste(page, "max_tokens")
        expect(page.locator(".error-finder [role=status]")).to_contain_text("could not be loaded")
