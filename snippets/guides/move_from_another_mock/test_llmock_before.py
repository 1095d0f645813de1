"""With llmock: answers and faults are queued, and the client gets a verdict."""
# needs: llmock==0.2.2, openai==3.57.0, pytest==9.2.0

from llmock.pytest_plugin import LLMock
from openai import OpenAI


def summarize(text: str) -> str:
    response = OpenAI().responses.create(model="gpt-6-luna", input=text)
    return response.output_text


def test_a_rate_limit_is_survived(llmock: LLMock) -> None:
    llmock.rate_limit(retry_after=0.1).reply("Sales went up.")
    assert summarize("Our quarterly report") == "Sales went up."
    llmock.assert_resilient()
