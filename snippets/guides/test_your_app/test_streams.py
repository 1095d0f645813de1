"""Test what a program keeps when a stream breaks off."""

import pytest
from openai import APIConnectionError, OpenAI

pytestmark = pytest.mark.usefixtures("openai_sandbox")


def read(question: str) -> tuple[str, bool]:
    """Return the text that arrived, and whether it is the whole answer."""
    text = ""
    stream = OpenAI().responses.create(
        model="gpt-6-luna", input=question, stream=True
    )
    try:
        for event in stream:
            if event.type == "response.output_text.delta":
                text += event.delta
            elif event.type == "response.completed":
                return text, True
    except APIConnectionError:
        pass
    return text, False


@pytest.mark.openai_sandbox("cut_stream after=9")
def test_the_beginning_is_kept_and_marked() -> None:
    text, complete = read("Write a haiku about coding")
    assert text
    assert not complete


def test_a_whole_answer_is_whole() -> None:
    assert read("Write a haiku about coding")[1]
