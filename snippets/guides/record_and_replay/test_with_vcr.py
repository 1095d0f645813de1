"""A test that replays a cassette with VCR.py."""

# needs: vcrpy
from pathlib import Path

import vcr
from openai import OpenAI

GREETING = Path(__file__).with_name("greeting.yaml")


def test_it_greets() -> None:
    with vcr.use_cassette(
        GREETING, record_mode="none", match_on=["method", "path"]
    ):
        reply = OpenAI().responses.create(model="gpt-6-luna", input="Say hello")
    assert reply.output_text.startswith("Hello")
