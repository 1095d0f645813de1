"""Test what a program does with a recorded answer."""

# needs: cassettes/test_recorded/test_a_haiku_has_three_lines.json

import pytest
from openai import OpenAI


def haiku(topic: str) -> list[str]:
    response = OpenAI().responses.create(
        model="gpt-6-luna", input=f"Write a haiku about {topic}"
    )
    return response.output_text.splitlines()


@pytest.mark.openai_recording
def test_a_haiku_has_three_lines() -> None:
    assert len(haiku("coding")) == 3
