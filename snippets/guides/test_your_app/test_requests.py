"""Test what a program sends."""

from openai import OpenAI

from openai_sandbox import Sandbox


def explain(question: str) -> str:
    response = OpenAI().responses.create(
        model="gpt-6-luna",
        instructions="Answer in one sentence.",
        input=question,
        max_output_tokens=500,
        store=False,
    )
    return response.output_text


def test_it_limits_the_answer_and_stores_nothing() -> None:
    with Sandbox(seed=7) as api:
        explain("Why is the sky blue?")
    (sent,) = api.requests
    assert (sent.method, sent.path) == ("POST", "/v1/responses")
    assert sent.body["max_output_tokens"] <= 500
    assert sent.body["store"] is False
    assert "Why is the sky blue?" in sent.body["input"]
