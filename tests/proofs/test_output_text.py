"""What `response.output_text` is."""

from typing import Any

import pytest
from openai import OpenAI
from openai.types.responses import Response

from openai_sandbox import Sandbox


def response(*output: dict[str, Any]) -> Response:
    return Response.model_validate(
        {
            "id": "resp_1",
            "object": "response",
            "created_at": 0,
            "model": "gpt-6-luna",
            "output": list(output),
            "parallel_tool_calls": True,
            "tool_choice": "auto",
            "tools": [],
        }
    )


def message(*content: dict[str, Any]) -> dict[str, Any]:
    return {"id": "msg_1", "type": "message", "role": "assistant", "status": "completed", "content": list(content)}


def text(words: str) -> dict[str, Any]:
    return {"type": "output_text", "text": words, "annotations": []}


@pytest.mark.proves("output-text-joins")
def test_output_text_joins_all_text_and_is_not_in_the_json(api: Sandbox) -> None:
    assert response(message(text("a"), text("b")), message(text("c"))).output_text == "abc"
    assert isinstance(vars(Response)["output_text"], property)
    assert "output_text" not in Response.model_fields
    with OpenAI() as client:
        raw = client.responses.with_raw_response.create(model="gpt-6-luna", input="Hi")
    assert '"output_text":' not in raw.http_response.text
    parsed = raw.parse()
    assert parsed.output_text
    assert "output_text" not in parsed.model_dump()


@pytest.mark.proves("output-text-empty")
def test_output_text_is_empty_without_text() -> None:
    refusal = message({"type": "refusal", "refusal": "No."})
    call = {"id": "fc_1", "type": "function_call", "call_id": "call_1", "name": "f", "arguments": "{}"}
    reasoning = {"id": "rs_1", "type": "reasoning", "summary": []}
    for output in ([refusal], [call], [reasoning], []):
        assert response(*output).output_text == ""
