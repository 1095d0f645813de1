"""With the sandbox: the request is made, so a wrong parameter is refused."""

from typing import Any

import pytest
from openai import BadRequestError, OpenAI

from openai_sandbox import Sandbox


def summarize(text: str, **options: Any) -> str:
    client = OpenAI()
    response = client.responses.create(model="gpt-6-luna", input=text, **options)
    return str(response.output_text)


def test_the_summary_is_returned(openai_sandbox: Sandbox) -> None:
    openai_sandbox.when("quarterly report").say("Sales went up.")
    assert summarize("Our quarterly report") == "Sales went up."


def test_the_mistake_is_noticed(openai_sandbox: Sandbox) -> None:
    with pytest.raises(BadRequestError, match="temperature"):
        summarize("Our quarterly report", temperature=0.2)
