"""Test that a function does the right thing, whatever goes wrong."""

import pytest
from openai import OpenAI

from openai_sandbox import assert_resilient


def answer(question: str) -> str:
    client = OpenAI(timeout=30)
    response = client.responses.create(model="gpt-6-luna", input=question)
    if response.status != "completed":
        raise RuntimeError(f"the answer is {response.status}")
    return response.output_text


def careless(question: str) -> str:
    client = OpenAI()
    return client.responses.create(model="gpt-6-luna", input=question).output_text


def test_it_takes_whatever_comes() -> None:
    assert_resilient(lambda: answer("Say hello"))


def test_what_is_missing_is_found() -> None:
    with pytest.raises(AssertionError) as failure:
        assert_resilient(lambda: careless("Say hello"), ["content_filter"])
    print(failure.value)
