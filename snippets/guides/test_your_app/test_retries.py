"""Test that a program gets through a rate limit, and when it gives up."""

import pytest
from openai import OpenAI, RateLimitError

from openai_sandbox import Sandbox


def answer(question: str) -> str:
    client = OpenAI(max_retries=3)
    response = client.responses.create(model="gpt-6-luna", input=question)
    return response.output_text


@pytest.mark.openai_sandbox("rate_limit x2 retry_after_ms=1")
def test_it_gets_through(openai_sandbox: Sandbox) -> None:
    assert answer("Say hello")
    assert [sent.status for sent in openai_sandbox.requests] == [429, 429, 200]


@pytest.mark.openai_sandbox("rate_limit x4 retry_after_ms=1")
def test_it_gives_up(openai_sandbox: Sandbox) -> None:
    with pytest.raises(RateLimitError):
        answer("Say hello")
    assert len(openai_sandbox.requests) == 4
