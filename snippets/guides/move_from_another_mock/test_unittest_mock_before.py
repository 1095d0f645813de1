"""With unittest.mock: the call is replaced, so a wrong parameter goes unnoticed."""
# needs: openai==3.57.0, pytest==9.2.0, OPENAI_API_KEY=sk-test

from types import SimpleNamespace
from unittest.mock import Mock

from openai import OpenAI


def summarize(client: OpenAI, text: str) -> str:
    response = client.responses.create(
        model="gpt-6-luna", input=text, temperature=0.2
    )
    return response.output_text


def test_the_summary_is_returned() -> None:
    client = Mock(spec=OpenAI)
    reply = SimpleNamespace(output_text="Sales went up.")
    client.responses.create.return_value = reply
    assert summarize(client, "Our quarterly report") == "Sales went up."
