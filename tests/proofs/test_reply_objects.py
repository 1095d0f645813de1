"""What the SDK's replies are, and how they become plain data."""

import json

import pytest
from openai import OpenAI
from pydantic import BaseModel

from openai_sandbox import Sandbox


@pytest.mark.proves("objects-are-models")
def test_replies_are_objects_that_know_how_to_become_plain_data(api: Sandbox) -> None:
    with OpenAI() as client:
        reply = client.chat.completions.create(model="gpt-6-luna", messages=[{"role": "user", "content": "Say hello"}])
    assert isinstance(reply, BaseModel)
    with pytest.raises(TypeError, match="not JSON serializable"):
        json.dumps(reply)
    assert reply.model_dump()["choices"][0]["message"]["content"] == reply.choices[0].message.content
    assert json.loads(reply.to_json())["id"] == reply.id
