"""What Chat Completions refuses, field by field, in the API's words."""

import pytest

from ...good_requests import CHAT, COMPLETION, NESTED_CALL, closed
from .answers import PATTERN, TOO_LONG
from .asker import Asker, Body, Told

PLACE = "response_format.json_schema.name"
CALL = {"id": "call_1", "type": "function", "function": {"name": "a.b", "arguments": "{}"}}
CALLED = "messages[0].tool_calls[0].function.name"


def named(name: str) -> Body:
    return {"response_format": {"type": "json_schema", "json_schema": {"name": name, "schema": closed({})}}}


CHAT_CASES: list[tuple[Body, Told]] = [
    (named("a b"), (400, "invalid_value", PLACE, f"Invalid '{PLACE}': {PATTERN}")),
    (
        {"messages": [{"role": "assistant", "tool_calls": [CALL]}]},
        (400, "invalid_value", CALLED, f"Invalid '{CALLED}': {PATTERN}"),
    ),
    (named("a" * 65), (400, "string_above_max_length", PLACE, f"Invalid '{PLACE}': {TOO_LONG}")),
    ({"model": None}, (400, None, None, "you must provide a model parameter")),
    (
        {"model": "gpt-9"},
        (404, "model_not_found", None, "The model `gpt-9` does not exist or you do not have access to it."),
    ),
    (
        {"messages": []},
        (
            400,
            "empty_array",
            "messages",
            "Invalid 'messages': empty array. Expected an array with minimum length 1, but got an empty array instead.",
        ),
    ),
    (
        {"messages": "Hi"},
        (
            400,
            "invalid_type",
            "messages",
            "Invalid type for 'messages': expected an array of objects, but got a string instead.",
        ),
    ),
    (
        {"messages": [{"role": "user", "content": 7}]},
        (
            400,
            "invalid_type",
            "messages[0].content",
            "Invalid type for 'messages[0].content': expected one of a string or array of objects, but got an integer "
            "instead.",
        ),
    ),
    ({"messages": [{"role": "bot", "content": "Hi"}]}, (400, "invalid_value", "messages[0].role", "")),
    (
        {"n": 0},
        (
            400,
            "integer_below_min_value",
            "n",
            "Invalid 'n': integer below minimum value. Expected a value >= 1, but got 0 instead.",
        ),
    ),
    (
        {"frequency_penalty": 3},
        (
            400,
            "decimal_above_max_value",
            "frequency_penalty",
            "Invalid 'frequency_penalty': decimal above maximum value. Expected a value <= 2, but got 3 instead.",
        ),
    ),
    (
        {"temperature": 0.5},
        (
            400,
            "unsupported_value",
            "temperature",
            "Unsupported value: 'temperature' does not support 0.5 with this model. Only the default (1) value is "
            "supported.",
        ),
    ),
    (
        {"max_tokens": 50},
        (
            400,
            "unsupported_parameter",
            "max_tokens",
            "Unsupported parameter: 'max_tokens' is not supported with this model. "
            "Use 'max_completion_tokens' instead.",
        ),
    ),
    ({"model": "gpt-5.6-terra", "stop": "x"}, (400, "unsupported_parameter", "stop", "")),
    ({"max_output_tokens": 50}, (400, "unknown_parameter", "max_output_tokens", "")),
    (
        {"metadata": {"a": "x" * 513}},
        (
            400,
            "string_above_max_length",
            "metadata.a",
            "Invalid 'metadata.a': string too long. Expected a string with maximum length 512, but got a string with "
            "length 513 instead.",
        ),
    ),
    ({"audio": {"voice": "alloy", "format": "mp3"}}, (400, "sandbox_unsupported", "audio", "")),
    (
        {"model": "gpt-5.6-terra", "n": 9},
        (
            400,
            "integer_above_max_value",
            "n",
            "Invalid 'n': integer above maximum value. Expected a value <= 8, but got 9 instead.",
        ),
    ),
    ({"model": "gpt-5.6-terra", "logit_bias": {"1": 1}}, (400, "unsupported_parameter", "logit_bias", "")),
    (
        {
            "model": "gpt-5.6-terra",
            "reasoning_effort": "low",
            "tools": [{"type": "function", "function": {"name": "f"}}],
        },
        (
            400,
            None,
            "reasoning_effort",
            "Function tools with reasoning_effort are not supported for gpt-5.6-terra in /v1/chat/completions. "
            "To use function tools, use /v1/responses or set reasoning_effort to 'none'.",
        ),
    ),
    ({"presence_penalty": 1}, (400, "unsupported_parameter", "presence_penalty", "")),
    ({"logprobs": True}, (400, "unsupported_parameter", "logprobs", "")),
    (
        {"reasoning_effort": "none", "top_logprobs": 1},
        (400, None, "top_logprobs", "The 'top_logprobs' parameter is only allowed when 'logprobs' is enabled."),
    ),
    (
        {"stream_options": {"include_usage": True}},
        (400, None, "stream_options", "The 'stream_options' parameter is only allowed when 'stream' is enabled."),
    ),
    (
        {"tool_choice": "required"},
        (
            400,
            None,
            "tool_choice",
            "Invalid value for 'tool_choice': 'tool_choice' is only allowed when 'tools' are specified.",
        ),
    ),
    (
        {"response_format": {"type": "json_object"}},
        (
            400,
            None,
            "messages",
            "'messages' must contain the word 'json' in some form, to use 'response_format' of type 'json_object'.",
        ),
    ),
    (
        {"messages": [{"role": "user", "content": None}]},
        (400, None, "messages.[0].content", "Invalid value for 'content': expected a string, got null."),
    ),
    (
        {"messages": [{"role": "developer", "content": None}]},
        (
            400,
            "invalid_type",
            "messages[0].content",
            "Invalid type for 'messages[0].content': expected one of a string or array of objects, "
            "but got null instead.",
        ),
    ),
    (
        {"messages": [{"role": "assistant"}]},
        (400, None, "messages.[0].content", "Invalid value for 'content': expected a string, got null."),
    ),
    (
        {"messages": [{"role": "tool", "tool_call_id": "call_1", "content": "4"}]},
        (
            400,
            None,
            "messages.[0].role",
            "Invalid parameter: messages with role 'tool' must be a response to a preceeding message with "
            "'tool_calls'.",
        ),
    ),
    (
        {
            "messages": [
                {"role": "assistant", "tool_calls": [NESTED_CALL]},
                {"role": "user", "content": "Say hello"},
            ]
        },
        (
            400,
            None,
            "messages.[1].role",
            "An assistant message with 'tool_calls' must be followed by tool messages responding to each "
            "'tool_call_id'. The following tool_call_ids did not have response messages: call_1",
        ),
    ),
]


@pytest.mark.parametrize(("change", "expected"), CHAT_CASES, ids=lambda case: str(case)[:60])
def test_chat_completions_refuses(asker: Asker, change: Body, expected: Told) -> None:
    got = asker.told(CHAT, COMPLETION | change)
    assert got[:3] == expected[:3]
    if expected[3]:
        assert got[3] == expected[3]


def test_four_stops_are_enough(asker: Asker) -> None:
    body = COMPLETION | {"model": "gpt-4.1", "stop": list("abcde")}
    assert asker.told(CHAT, body)[1:3] == ("array_above_max_length", "stop")
