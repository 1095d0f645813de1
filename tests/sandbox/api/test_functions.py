"""The deprecated `functions` of Chat Completions, which the API still answers, and how one tool call is streamed."""

from typing import Any

import pytest
from openai import OpenAI

from ...good_requests import LUNA, NESTED_FUNCTION

HI: Any = [{"role": "user", "content": "What is the weather in Paris?"}]
WEATHER: Any = {
    "name": "get_weather",
    "parameters": {"type": "object", "properties": {"city": {"type": "string"}}, "required": ["city"]},
}


@pytest.mark.simulates("functions")
def test_a_function_is_called_the_old_way(openai_client: OpenAI) -> None:
    completion = openai_client.chat.completions.create(
        **LUNA, messages=HI, functions=[WEATHER], function_call={"name": "get_weather"}
    )
    (choice,) = completion.choices
    assert choice.finish_reason in ("function_call", "stop")
    assert choice.message.function_call
    assert choice.message.function_call.name == "get_weather"
    assert not choice.message.tool_calls


def test_what_a_function_returned_is_read(openai_client: OpenAI) -> None:
    messages: Any = [
        *HI,
        {"role": "assistant", "content": None, "function_call": {"name": "get_weather", "arguments": "{}"}},
        {"role": "function", "name": "get_weather", "content": "18 degrees and sunny"},
    ]
    said = openai_client.chat.completions.create(**LUNA, messages=messages, functions=[WEATHER])
    assert "18 degrees" in (said.choices[0].message.content or "")


def test_a_function_call_is_streamed_the_old_way(openai_client: OpenAI) -> None:
    chunks = list(
        openai_client.chat.completions.create(
            **LUNA, messages=HI, functions=[WEATHER], function_call={"name": "get_weather"}, stream=True
        )
    )
    first = chunks[0].choices[0].delta
    assert (first.role, first.function_call and first.function_call.name) == ("assistant", "get_weather")
    arguments = [chunk.choices[0].delta.function_call for chunk in chunks]
    assert "".join(call.arguments or "" for call in arguments if call).startswith("{")


def test_functions_may_be_forbidden(openai_client: OpenAI) -> None:
    completion = openai_client.chat.completions.create(**LUNA, messages=HI, functions=[WEATHER], function_call="none")
    assert completion.choices[0].message.function_call is None


def deltas(client: OpenAI, *tools: Any) -> list[Any]:
    chunks = client.chat.completions.create(
        **LUNA, messages=HI, tools=tools, reasoning_effort="none", tool_choice="required", stream=True
    )
    return [chunk.choices[0].delta.model_dump(exclude_unset=True) for chunk in chunks]


@pytest.mark.simulates("chunk-order")
def test_a_single_tool_call_begins_in_the_first_chunk(openai_client: OpenAI) -> None:
    first, second, *_ = deltas(openai_client, NESTED_FUNCTION)
    assert {"role", "content", "refusal", "tool_calls"} == first.keys()
    assert first["tool_calls"][0]["function"] == {"name": "f", "arguments": ""}
    assert "id" not in second["tool_calls"][0]


def test_messages_of_tools_may_have_a_name_and_calls_their_index(openai_client: OpenAI) -> None:
    call = {"index": 0, "id": "call_1", "type": "function", "function": {"name": "f", "arguments": "{}"}}
    messages: Any = [
        *HI,
        {"role": "assistant", "content": None, "tool_calls": [call]},
        {"role": "tool", "name": "f", "tool_call_id": "call_1", "content": "18 degrees"},
    ]
    assert openai_client.chat.completions.create(**LUNA, messages=messages).choices
