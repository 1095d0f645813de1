"""The same test without VCR.py, with the same cassette."""

from pathlib import Path

import pytest
from openai import OpenAI

from openai_sandbox import Sandbox

GREETING = Path(__file__).with_name("greeting.yaml")


def test_it_greets() -> None:
    with Sandbox(replay=GREETING):
        reply = OpenAI().responses.create(model="gpt-6-luna", input="Say hello")
    assert reply.output_text.startswith("Hello")


@pytest.mark.openai_recording("greeting.yaml")
def test_it_greets_as_marked() -> None:
    reply = OpenAI().responses.create(model="gpt-6-luna", input="Say hello")
    assert reply.output_text.startswith("Hello")
