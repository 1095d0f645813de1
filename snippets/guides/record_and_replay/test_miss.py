"""Test the error for a request that was not recorded."""

from pathlib import Path

import pytest
from openai import InternalServerError, OpenAI

from openai_sandbox import Sandbox

ANSWERS = Path(__file__).with_name("answers.json")


def test_a_new_request_is_told_what_differs() -> None:
    with Sandbox(replay=ANSWERS), pytest.raises(InternalServerError) as caught:
        OpenAI().chat.completions.create(
            model="gpt-6-luna",
            messages=[{"role": "user", "content": "Say hi"}],
            stream=True,
        )
    assert caught.value.code == "recording_missing"
    assert (
        "messages[0].content: 'Say hello' in the recording, 'Say hi' in the request"
        in caught.value.message
    )
