"""Test what a program does with an answer, a refusal and an error."""

import pytest
from openai import OpenAI, RateLimitError

from openai_sandbox import Sandbox


def summarize(text: str) -> str:
    response = OpenAI(max_retries=1).responses.create(
        model="gpt-6-luna", instructions="Summarize the text.", input=text
    )
    for item in response.output:
        if item.type == "message" and item.content[0].type == "refusal":
            return "(refused)"
    return response.output_text


def test_the_summary_is_returned(openai_sandbox: Sandbox) -> None:
    openai_sandbox.when("quarterly report").say("Sales went up.")
    assert summarize("Here is our quarterly report: ...") == "Sales went up."


def test_a_refusal_is_marked(openai_sandbox: Sandbox) -> None:
    openai_sandbox.when(matches=r"secret|private").refuse()
    assert summarize("My private diary") == "(refused)"


def test_one_rate_limit_is_survived_and_two_are_not(
    openai_sandbox: Sandbox,
) -> None:
    openai_sandbox.when("one").fail("rate_limit", retry_after_ms=1).say("Done.")
    openai_sandbox.when("two").fail("rate_limit", times=2, retry_after_ms=1)
    assert summarize("one") == "Done."
    with pytest.raises(RateLimitError):
        summarize("two")
