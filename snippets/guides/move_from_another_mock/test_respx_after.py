"""With the sandbox: the reply is complete, whichever library sends the request."""

from openai import OpenAI

from openai_sandbox import Sandbox


def summarize(text: str) -> str:
    response = OpenAI().responses.create(model="gpt-6-luna", input=text)
    return response.output_text


def test_a_rate_limit_is_survived(openai_sandbox: Sandbox) -> None:
    rule = openai_sandbox.when("quarterly report")
    rule.fail("rate_limit", retry_after_ms=1).say("Sales went up.")
    assert summarize("Our quarterly report") == "Sales went up."
    assert [one.status for one in openai_sandbox.requests] == [429, 200]
