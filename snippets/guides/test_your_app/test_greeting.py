"""A test that calls the API the environment points to."""

from openai import OpenAI


def test_the_greeting_is_not_empty() -> None:
    response = OpenAI().responses.create(model="gpt-6-luna", input="Say hello")
    assert response.output_text
