"""What the SDK's replies are, and how they become plain data."""

import json
from typing import Any

import pytest
from openai import OpenAI
from pydantic import BaseModel

from openai_sandbox import Sandbox

from ..good_requests import COMPLETION, RESPONSE
from ..made_up_server import always, client_of


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


@pytest.mark.proves("objects-are-models")
def test_only_model_dump_adds_fields_that_the_reply_did_not_have() -> None:
    said: dict[str, Any] = {"id": "1", "choices": [{"message": {"role": "assistant", "content": None}}], "output": []}
    client, _ = client_of(always(json=said))
    with client:
        replies: list[Any] = [client.chat.completions.create(**COMPLETION), client.responses.create(**RESPONSE)]
    for reply in replies:
        assert reply.to_dict() == json.loads(reply.to_json()) == said
        assert {"model": None, "usage": None}.items() <= reply.model_dump().items()
    assert replies[0].model_dump()["choices"][0]["message"]["tool_calls"] is None
