"""With the sandbox: the fixture sets the variables, and you don't need Node."""

from openai import OpenAI

from openai_sandbox import Sandbox


def summarize(text: str) -> str:
    response = OpenAI().responses.create(model="gpt-6-luna", input=text)
    return response.output_text


def test_the_summary_is_returned(openai_sandbox: Sandbox) -> None:
    openai_sandbox.when("quarterly report").say("Sales went up.")
    assert summarize("Our quarterly report") == "Sales went up."
    assert len(openai_sandbox.requests) == 1
