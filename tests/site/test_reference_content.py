"""The reference pages have everything that a reader of their predecessors would look for."""

import re
from html import unescape
from pathlib import Path

import pytest

from .test_lesson_content import section

REQUESTS = "reference/making-requests/index.html"
CHAT = "reference/chat-completions-create/index.html"
RESPONSES = "reference/responses-create/index.html"
PARSE = "reference/responses-parse/index.html"
PRICES = "reference/models-and-prices/index.html"


@pytest.fixture(scope="module")
def pages(site: Path) -> dict[str, str]:
    return {path: unescape((site / path).read_text("utf-8")) for path in (REQUESTS, CHAT, RESPONSES, PARSE, PRICES)}


@pytest.mark.parametrize(
    ("page", "heading"),
    [
        (REQUESTS, heading)
        for heading in ("Your first request", "Keys and projects", "The reply", "The same request elsewhere")
    ]
    + [
        (CHAT, heading)
        for heading in (
            "What you will learn",
            "Why this matters",
            "Skip this if",
            "Explanation",
            "Request code",
            "Authentication",
            "Response shape",
            "Field guide",
            "Setup trap",
            "Cost",
            "Rate limits",
            "Common gotcha",
            "Error recovery",
            "Experienced developer note",
            "Check your understanding",
            "Version note",
            "Community notes",
        )
    ]
    + [
        (RESPONSES, heading)
        for heading in ("Request code", "Response shape", "Field guide", "Common gotcha", "Error recovery")
    ]
    + [
        (PARSE, heading)
        for heading in ("Request code", "Response shape", "Field guide", "Common gotcha", "Error recovery")
    ]
    + [
        (PRICES, heading)
        for heading in (
            "Models you can call",
            "Batch, flex and fast",
            "Prices of long prompts",
            "How much a model reads and writes",
            "How prices changed",
            "Models of the past",
        )
    ],
)
def test_section(pages: dict[str, str], page: str, heading: str) -> None:
    assert re.search(rf"<h2[^>]*>{re.escape(heading)}<", pages[page])


def test_the_request_and_its_reply_have_line_numbers(pages: dict[str, str]) -> None:
    html = pages[REQUESTS]
    for title in ('<a href="request.sh" download>request.sh</a>', "request.json, simulated"):
        block = html.partition(f'<span class="filename">{title}')[2].partition("</pre>")[0]
        assert re.search('data-linenos=" *1 "', block)


def test_the_request_has_endpoint_headers_and_body(pages: dict[str, str]) -> None:
    request = re.sub(r"<[^>]+>", "", section(pages[REQUESTS], "Your first request"))
    for part in ("/chat/completions", "Content-Type: application/json", "Authorization: Bearer $OPENAI_API_KEY"):
        assert part in request
    for part in ('"model"', '"messages"', '"Say this is a test!"', '"temperature": 0.7'):
        assert part in request


@pytest.mark.parametrize("field", ["finish_reason", "choices", "model", "usage", "message.refusal"])
def test_the_reply_is_broken_down(pages: dict[str, str], field: str) -> None:
    assert f"<dt><code>{field}</code></dt>" in section(pages[REQUESTS], "The reply")


@pytest.mark.parametrize("tab", ["Python", "Python, async", "JavaScript", "Responses API"])
def test_the_same_request_elsewhere(pages: dict[str, str], tab: str) -> None:
    assert re.search(rf"<label[^>]*>{tab}</label>", section(pages[REQUESTS], "The same request elsewhere"))


@pytest.mark.parametrize(
    "field",
    [
        "id",
        "object",
        "created",
        "model",
        "choices",
        "choices[].message.content",
        "choices[].message.role",
        "choices[].finish_reason",
        "usage.prompt_tokens",
        "usage.completion_tokens",
        "usage.total_tokens",
        "usage.completion_tokens_details.reasoning_tokens",
        "usage.prompt_tokens_details.cached_tokens",
    ],
)
def test_field_of_a_chat_completion(pages: dict[str, str], field: str) -> None:
    for page in (REQUESTS, CHAT):
        assert f"<dt><code>{field}</code>" in pages[page]


@pytest.mark.parametrize(
    "error", ["AuthenticationError", "RateLimitError", "APIConnectionError", "BadRequestError", "NotFoundError"]
)
def test_error_recovery(pages: dict[str, str], error: str) -> None:
    assert f"<dt><code>{error}</code></dt>" in section(pages[CHAT], "Error recovery")


@pytest.mark.parametrize(
    "program", ["create.py", "wrong_access.py", "recover.py", "single_flight.py", "old_patterns.py"]
)
def test_program(pages: dict[str, str], program: str) -> None:
    assert f'<span class="filename"><a href="{program}" download>{program}</a>' in pages[CHAT]


def test_what_to_skip_to_is_linked(pages: dict[str, str]) -> None:
    assert section(pages[CHAT], "Skip this if").count("<a href") >= 3


@pytest.mark.parametrize("page", [REQUESTS, CHAT, RESPONSES])
def test_quiz_answers_are_hidden_until_asked_for(pages: dict[str, str], page: str) -> None:
    quiz = section(pages[page], "Check your understanding")
    assert quiz.count("<details") >= 1
    assert "<details open" not in quiz


def test_prices_name_version_source_and_date(pages: dict[str, str]) -> None:
    note = re.sub(r"<[^>]+>", "", pages[PRICES])
    assert re.search(
        r"Prices: genai-prices \d+\.\d+\.\d+, published \d{4}-\d\d-\d\d, from https://\S+ "
        r"Shutdown dates: openai 3\.\d+\.\d+ and litellm, the earlier one where they differ\. "
        r"Longest output: litellm \d+\.\d+\.\d+, published \d{4}-\d\d-\d\d\.",
        note,
    )


def test_models_of_the_past_are_not_among_those_to_call(pages: dict[str, str]) -> None:
    current = section(pages[PRICES], "Models you can call")
    past = section(pages[PRICES], "Models of the past")
    assert "<code>gpt-6-luna</code>" in current
    for model in ("gpt-4-turbo", "gpt-4", "gpt-3.5-turbo", "o4-mini"):
        assert f"<code>{model}</code>" in past
        assert f"<code>{model}</code>" not in current
