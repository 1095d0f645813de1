"""What the SDK's replies are, and how they become plain data."""

import json
from typing import Any

import pytest
from openai import OpenAI
from pydantic import BaseModel

from openai_sandbox import Sandbox

from ..good_requests import COMPLETION, RESPONSE


@pytest.mark.proves("objects-are-models")
def test_replies_are_objects_that_know_how_to_become_plain_data(api: Sandbox) -> None:
    with OpenAI() as client:
        completion = client.chat.completions.create(**COMPLETION)
        response = client.responses.create(**RESPONSE)
    replies: list[Any] = [completion, response]
    assert all(isinstance(reply, BaseModel) for reply in replies)
    for reply in replies:
        with pytest.raises(TypeError, match="not JSON serializable"):
            json.dumps(reply)
        assert json.loads(reply.to_json())["id"] == reply.model_dump()["id"] == reply.id
    assert completion.model_dump()["choices"][0]["message"]["content"] == completion.choices[0].message.content
    assert response.model_dump()["output"][-1]["content"][0]["text"] == response.output_text
