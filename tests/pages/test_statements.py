"""Which sentences state something that needs a citation, and which only advise."""

import pytest

from docs._tools.ledger.statements import ABSOLUTELY, absolutes, facts

STATEMENTS = (
    "The client always retries. It never fails.",
    "It never fails.",
    "Cache never hits on short prompts.",
    "Use is always counted.",
    "Costs never fall.",
    "Reasoning tokens are always billed.",
    "Nearly always it is the key.",
    "Never has the API answered so fast.",
    "Always the same answer comes back.",
    "Set a timeout, because the client never stops by itself.",
    "Set a timeout; the client never stops.",
    "Set a timeout: without one the call never ends.",
    "Set a timeout, and the call always ends.",
    "Keep the id. The server never forgets it.",
    "If you set `stream=True`, usage is never sent.",
    "If the server never answers, the client raises an exception.",
    "When a stream breaks, the client never resumes it.",
    "You never see the reasoning.",
    "A key is always 51 characters long.",
    "The first message must always be the system's.",
    "But it never retries.",
    "- Short lists never page.",
    "1. The server always closes.",
    ":   It never expires.",
    "**Retried.** Always.",
    "[The client](client.md) never retries.",
    "Advice first: store it. *The ledger* never lies.",
    "This site never shows what did not run.",
    "The sandbox never logs a key.",
    "`OpenAI()` never connects before the first call.",
    'The type says "maybe", and the field is always there.',
)

ADVICE = (
    "Never commit your key.",
    "Always set a timeout.",
    "**Never** commit your key.",
    "- Never commit your key.",
    "2. Always set a timeout.",
    "Print its length, never all of it.",
    "Print its length, and never all of it.",
    "Ask the exception, never its text: the class says what came back.",
    "Put what never changes at the beginning.",
    "Please never share it.",
    "But never log it.",
    "So put first what never changes.",
    "In tests, always pass `max_retries=0`.",
    "If the call may be repeated, always send an idempotency key.",
    "Do not assume that it always answers.",
    "You should never commit your key.",
    "A key should never be logged.",
    "Should you always set the temperature?",
    '!!! note "Checked: should you always set temperature to 0?"',
    'Anything with "always" or "never" needs a citation.',
    "`Task exception was never retrieved` appears at the end.",
    "The anchor leads there. { #cache-never-hits }",
    "See [what to do](errors.md#never-retried).",
    "The client retries. Nothing here is absolute.",
    "It is nevertheless so.",
)

NEED_PROOF = {
    "a price": (
        "It costs $5.",
        "It costs 5 cents.",
        "It costs 0.15 dollars.",
        "A call is 3 euros.",
        "That makes €2.",
    ),
    "a percentage": ("Batch is 50% cheaper.", "You save 50 percent.", "You save fifty percent.", "It adds 12.5 %."),
    "a date": (
        "It came out in March 2025.",
        "It came out on 2025-03-11.",
        "It came out on March 11.",
        "It came out on Nov. 21, 2026.",
        "It has existed since 2024.",
        "It came out in early 2025.",
    ),
    "a model name": ("Take `gpt-6-luna`.", "Take o4-mini."),
    "a limit": (
        "You get 500 requests per minute.",
        "You get 30,000 TPM.",
        "A list has up to 16 entries.",
        "It takes at most four tools.",
        "There are no more than 10.",
        "The limit is 128.",
    ),
    "a default": ("`max_retries` defaults to 2.", "The default is `600`.", "It is 0.5 by default."),
    "a comparison of prices": (
        "Output costs several times as much as input.",
        "On newer models writing to the cache costs a little more.",
        "Reading from the cache is cheaper than input.",
        "Part of it may cost less.",
        "A batch takes half the price.",
    ),
    "a number": (
        "It waits 8 seconds.",
        "It waits for 600 s.",
        "A 30-second timeout ends it.",
        "A file has 512 MB.",
        "The body may have 3 images.",
        "There are 1,048,576 in it.",
        "It is kept for 30\ndays.",
    ),
    "a number in words": (
        "It waits ten minutes.",
        "It is kept thirty days.",
        "The client retries up front two times.",
        "The client tries three times.",
        "You lose two retries.",
        "You pay for a thousand tokens.",
    ),
}

NEED_NONE = (
    "Status 429 means too many.",
    "Look at `output[0]`.",
    "Version 3 of the package.",
    "This works on Python 3.11.",
    "There are two kinds.",
    "Dollars for a million tokens.",
    "Read <https://example.com/2025-03-11/$5>.",
    "It may retry. May it?",
    "Lesson 01 comes first.",
    "What does it cost?",
    "Costs add up.",
    "The time is in seconds since 1970.",
)


@pytest.mark.parametrize("text", STATEMENTS)
def test_a_statement_of_always_or_never_is_found(text: str) -> None:
    assert list(absolutes(text))
    assert ABSOLUTELY in dict(facts(text))


@pytest.mark.parametrize("text", ADVICE)
def test_advice_and_questions_and_quotations_state_nothing(text: str) -> None:
    assert list(absolutes(text)) == []


def test_the_clause_is_named_and_its_neighbors_are_not() -> None:
    text = "Set a timeout. The client\nalways retries, and never tells you. Never ignore it."
    assert list(absolutes(text)) == ["The client always retries", "and never tells you."]


@pytest.mark.parametrize(("what", "text"), [(what, text) for what, texts in NEED_PROOF.items() for text in texts])
def test_a_fact_is_found_by_its_form(what: str, text: str) -> None:
    assert what in dict(facts(text))


@pytest.mark.parametrize("text", NEED_NONE)
def test_other_numbers_need_no_citation(text: str) -> None:
    assert dict(facts(text)) == {}
