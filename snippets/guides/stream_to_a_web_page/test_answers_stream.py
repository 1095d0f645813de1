"""Test what a reader of the page gets, even when the API fails."""

# needs: conftest.py, web_app.py

import httpx2
import pytest

from openai_sandbox import Sandbox

ASKED = {"question": "Where is my order?"}


def test_the_answer_comes_in_pieces_and_ends(
    browser: httpx2.Client, openai_sandbox: Sandbox
) -> None:
    openai_sandbox.when("order").stream(["On ", "its way."])
    reply = browser.post("/answers", json=ASKED)
    first, second, end = reply.text.strip().split("\n\n")
    assert first == 'data: {"text": "On "}'
    assert second == 'data: {"text": "its way."}'
    assert end == 'event: end\ndata: "complete"'


@pytest.mark.openai_sandbox("cut_stream after=6")
def test_an_answer_that_breaks_off_says_so(browser: httpx2.Client) -> None:
    reply = browser.post("/answers", json=ASKED)
    assert reply.status_code == 200
    assert reply.text.strip().endswith(
        'event: failed\ndata: "The answer broke off."'
    )


@pytest.mark.openai_sandbox("rate_limit retry_after_ms=1 x2")
def test_a_busy_api_is_a_status(browser: httpx2.Client) -> None:
    reply = browser.post("/answers", json=ASKED)
    assert reply.status_code == 503
    assert reply.headers["retry-after"] == "30"
