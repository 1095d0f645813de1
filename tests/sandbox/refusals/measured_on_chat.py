"""Requests for a chat completion that the live API was measured to refuse or to take."""

from typing import Any

from ...good_requests import NESTED_CALL
from .answers import Answer, above, bad_value, below, empty_array, missing, refused, unknown, unsupported, wrong_type
from .asker import Body
from .measured_requests import NESTED_TOOL, OBJECT, TERSE, TOO_MANY, USER, words

ALL_ROLES = "'system', 'assistant', 'user', 'function', 'tool', and 'developer'"
STOP = {"stop": ["x"]}
TYPES_ON_CHAT = words("""
    messages functions function_call tools tool_choice parallel_tool_calls max_completion_tokens n temperature top_p
    presence_penalty frequency_penalty logprobs top_logprobs user seed moderation safety_identifier
    prompt_cache_options prompt_cache_key prompt_cache_retention response_format service_tier max_tokens
    reasoning_effort logit_bias stop stream stream_options store metadata prediction verbosity
""")
NO_EFFORT = {"reasoning_effort": "none"}
TEXT_OR_OBJECTS = "one of a string or array of objects"


def no_content(index: int) -> Answer:
    return refused(None, f"messages.[{index}].content", "Invalid value for 'content': expected a string, got null.")


def messages(*given: Any) -> Body:
    return {"messages": list(given)}


ON_CHAT: list[tuple[Body, Answer]] = [
    # Messages.
    ({"messages": ...}, missing("messages")),
    ({"messages": []}, empty_array("messages")),
    ({"messages": "ping"}, wrong_type("messages", "an array of objects", "a string")),
    ({"messages": None}, wrong_type("messages", "an array of objects", "null")),
    ({"messages": 7}, wrong_type("messages", "an array of objects", "an integer")),
    (messages("ping"), wrong_type("messages[0]", "an object", "a string")),
    (messages({"role": "user", "content": 7}), wrong_type("messages[0].content", TEXT_OR_OBJECTS, "an integer")),
    (messages({"role": "bogus", "content": "ping"}), bad_value("messages[0].role", "bogus", ALL_ROLES)),
    (messages({"content": "ping"}), missing("messages[0].role")),
    (messages(USER, {"role": "developer"}), missing("messages[1].content")),
    (
        messages(USER, {"role": "developer", "content": None}),
        wrong_type("messages[1].content", TEXT_OR_OBJECTS, "null"),
    ),
    (messages(USER, {"role": "developer", "refusal": "no"}), missing("messages[1].content")),
    (messages(USER, {"role": "assistant", "tool_calls": []}), empty_array("messages[1].tool_calls")),
    (messages(USER, {"role": "assistant", "content": "x", "tool_calls": []}), empty_array("messages[1].tool_calls")),
    (
        messages(USER, {"role": "assistant", "content": 7, "tool_calls": []}),
        wrong_type("messages[1].content", TEXT_OR_OBJECTS, "an integer"),
    ),
    (
        messages(USER, {"role": "assistant", "content": "x", "tool_calls": "x"}),
        wrong_type("messages[1].tool_calls", "an array of objects", "a string"),
    ),
    (messages({"role": "user"}), no_content(0)),
    (messages({"role": "user", "content": None}), no_content(0)),
    (messages(USER, {"role": "assistant", "refusal": None}), no_content(1)),
    (messages(USER, {"role": "assistant", "tool_calls": None}), no_content(1)),
    (messages(USER, {"role": "assistant", "function_call": None}), no_content(1)),
    (messages(USER, {"role": "tool", "tool_call_id": "c", "refusal": "no"}), no_content(1)),
    (messages({"role": "system", "audio": {"id": "a"}}, USER), no_content(0)),
    (messages({"role": "user", "tool_calls": [NESTED_CALL]}), no_content(0)),
    # Keys.
    ({"zzz": 1}, unknown("zzz")),
    ({"reasoning": {"effort": "low"}}, unknown("reasoning")),
    ({"text": {"verbosity": "low"}}, unknown("text")),
    ({"stor": 1}, unknown("stor", "'stop' or 'store'")),
    ({"temperatur": 1}, unknown("temperatur", "'temperature'")),
    ({"messagess": 1}, unknown("messagess")),
    ({"stream_options": {"bogus": 1}}, unknown("stream_options.bogus")),
    ({"prompt_cache_options": {"bogus": 1}}, unknown("prompt_cache_options.bogus")),
    # What a model that reasons does not take.
    ({"stop": ["x"]}, unsupported("stop", "unsupported_parameter")),
    ({"logit_bias": {"1": 1}}, unsupported("logit_bias", "unsupported_parameter")),
    ({"prediction": {"type": "content", "content": "pong"}}, unsupported("prediction", "unsupported_parameter")),
    ({"frequency_penalty": 0.5}, unsupported("frequency_penalty", "unsupported_parameter")),
    ({"presence_penalty": 0.5}, unsupported("presence_penalty", "unsupported_parameter")),
    ({"logprobs": True}, unsupported("logprobs", "unsupported_parameter")),
    ({"top_p": 0.5}, unsupported("top_p", "unsupported_parameter")),
    (
        {"max_tokens": 32},
        refused(
            "unsupported_parameter",
            "max_tokens",
            "Unsupported parameter: 'max_tokens' is not supported with this model. "
            "Use 'max_completion_tokens' instead.",
        ),
    ),
    (
        {"temperature": 0.5},
        refused(
            "unsupported_value",
            "temperature",
            "Unsupported value: 'temperature' does not support 0.5 with this model. "
            "Only the default (1) value is supported.",
        ),
    ),
    *[
        (
            {"reasoning_effort": effort},
            refused(
                "unsupported_value",
                "reasoning_effort",
                f"Unsupported value: 'reasoning_effort' does not support {shown} with this model. "
                "Supported values are: 'none', 'low', 'medium', 'high', and 'xhigh'.",
            ),
        )
        for effort, shown in (
            ("max", "'max'"),
            ("minimal", "'minimal'"),
            ("bogus", "'bogus'"),
            ({"k": "v"}, "{'k': 'v'}"),
            ({"k": "a'b"}, "{'k': \"a'b\"}"),
        )
    ],
    ({"prompt_cache_retention": "in_memory"}, TERSE),
    (
        {"prompt_cache_retention": "x"},
        refused(None, "prompt_cache_retention", "Invalid prompt_cache_retention argument"),
    ),
    # Types.
    ({"n": "2"}, wrong_type("n", "an integer", "a string")),
    ({"temperature": "hot"}, wrong_type("temperature", "a decimal", "a string")),
    ({"top_p": "wide"}, wrong_type("top_p", "a decimal", "a string")),
    ({"store": "yes"}, wrong_type("store", "a boolean", "a string")),
    ({"seed": 1.5}, wrong_type("seed", "an integer", "a decimal number")),
    ({"user": OBJECT}, wrong_type("user", "a string", "an object")),
    ({"tools": "none"}, wrong_type("tools", "an array of objects", "a string")),
    ({"functions": "x"}, wrong_type("functions", "an array of function definitions", "a string")),
    (
        {"tool_choice": 7},
        wrong_type("tool_choice", "one of one of 'none', 'auto', or 'required' or object", "an integer"),
    ),
    ({"response_format": "json"}, wrong_type("response_format", "an object", "a string")),
    (
        {"prompt_cache_retention": OBJECT},
        wrong_type("prompt_cache_retention", "one of 'in_memory' or '24h'", "an object"),
    ),
    (
        {"service_tier": OBJECT},
        wrong_type("service_tier", "one of 'auto', 'default', 'fast', 'flex', or 'priority'", "an object"),
    ),
    ({"metadata": "x"}, wrong_type("metadata", "a metadata object", "a string")),
    ({"metadata": {"k": 7}}, wrong_type("metadata.k", "a string", "an integer")),
    ({"parallel_tool_calls": OBJECT}, wrong_type("parallel_tool_calls", "a boolean", "an object")),
    ({"max_completion_tokens": OBJECT}, wrong_type("max_completion_tokens", "an integer", "an object")),
    # Bounds.
    ({"n": 0}, below("n", 1, 0)),
    ({"n": 64}, above("n", 8, 64)),
    ({"max_completion_tokens": 0}, below("max_completion_tokens", 1, 0)),
    ({"logprobs": True, "reasoning_effort": "none", "top_logprobs": -1}, below("top_logprobs", 0, -1)),
    (
        {"logprobs": True, "reasoning_effort": "none", "top_logprobs": 21},
        refused(None, "top_logprobs", "Invalid value for 'top_logprobs': must be less than or equal to 5."),
    ),
    (
        {"reasoning_effort": "none", "top_logprobs": 1},
        refused(None, "top_logprobs", "The 'top_logprobs' parameter is only allowed when 'logprobs' is enabled."),
    ),
    (
        {"reasoning_effort": "none", "frequency_penalty": 3},
        above("frequency_penalty", 2, 3, "decimal"),
    ),
    (
        {"reasoning_effort": "none", "presence_penalty": -3},
        below("presence_penalty", -2, -3, "decimal"),
    ),
    ({"metadata": {str(n): "v" for n in range(17)}}, TOO_MANY),
    (
        {"metadata": {"k": "x" * 600}},
        refused(
            "string_above_max_length",
            "metadata.k",
            "Invalid 'metadata.k': string too long. Expected a string with maximum length 512, but got a string with "
            "length 600 instead.",
        ),
    ),
    (
        {"metadata": {"k" * 70: "v"}},
        refused(
            "property_name_above_max_length",
            f"metadata.{'k' * 70}",
            "Invalid property name in 'metadata': 'kkk...kkk' is too long. Expected a string with maximum length 64, "
            "but got a string with length 70 instead.",
        ),
    ),
    # Values.
    (
        {"service_tier": "bogus"},
        bad_value("service_tier", "bogus", "'auto', 'default', 'fast', 'flex', and 'priority'"),
    ),
    ({"verbosity": "bogus"}, bad_value("verbosity", "bogus", "'low', 'medium', and 'high'")),
    (
        {"response_format": {"type": "bogus"}},
        bad_value("response_format.type", "bogus", "'json_object', 'json_schema', and 'text'"),
    ),
    (
        {"tools": [NESTED_TOOL], "tool_choice": "bogus"},
        bad_value("tool_choice", "bogus", "'none', 'auto', and 'required'"),
    ),
    # Missing members.
    ({"response_format": {}}, missing("response_format.type")),
    ({"response_format": {"type": "json_schema"}}, missing("response_format.json_schema")),
    ({"response_format": {"type": "json_schema", "json_schema": {}}}, missing("response_format.json_schema.name")),
    ({"functions": [{"parameters": {}}]}, missing("functions[0].name")),
    ({"functions": [{"name": "f", "parameters": {}}], "function_call": OBJECT}, missing("function_call.name")),
    ({"tools": [{"type": "function"}]}, missing("tools[0].function")),
    ({"tools": [{"type": "function", "function": {"parameters": {}}}]}, missing("tools[0].function.name")),
    ({"tools": [NESTED_TOOL], "tool_choice": {"type": "bogus"}}, missing("tool_choice.function")),
    (
        {"tools": [NESTED_TOOL], "tool_choice": {"type": "function", "function": {}}},
        missing("tool_choice.function.name"),
    ),
    ({"moderation": {}}, missing("moderation.model")),
    (
        {"tools": [{"type": "function", "function": {"name": "", "parameters": {}}}]},
        refused(
            "empty_string",
            "tools[0].function.name",
            "Invalid 'tools[0].function.name': empty string. Expected a string with minimum length 1, but got an empty "
            "string instead.",
        ),
    ),
    (
        {
            "tools": [NESTED_TOOL],
            "reasoning_effort": "none",
            "tool_choice": {"type": "function", "function": {"name": "never_declared"}},
        },
        refused(
            None,
            "function_call",
            "Invalid value for 'function_call': no function named 'never_declared' was specified in the 'functions' "
            "parameter.",
        ),
    ),
    # The model.
    ({"model": ...}, refused(None, None, "you must provide a model parameter")),
    ({"model": None}, refused(None, None, "you must provide a model parameter")),
    ({"model": ""}, refused(None, None, "you must provide a model parameter")),
    (
        {"model": "gpt-9"},
        refused("model_not_found", None, "The model `gpt-9` does not exist or you do not have access to it.", 404),
    ),
]

TWO_WRONG_ON_CHAT: list[tuple[Body, str | None]] = [
    ({"model": ..., "zzz": 1}, None),
    ({"messages": ..., "zzz": 1}, "messages"),
    ({"zzz": 1, "n": "x"}, "zzz"),
    ({"zzz": 1, "messages": []}, "zzz"),
    ({"zzz": 1} | STOP, "zzz"),
    ({"zzz": 1, "service_tier": "bogus"}, "zzz"),
    ({"n": "x"} | STOP, "n"),
    ({"n": 0} | STOP, "n"),
    ({"n": "x", "temperature": 0.5}, "n"),
    ({"temperature": 0.5} | STOP, "stop"),
    ({"stream_options": "x"} | STOP, "stop"),
    ({"verbosity": "bogus"} | STOP, "stop"),
    ({"seed": 1.5, "service_tier": "bogus"}, "seed"),
    ({"n": 0, "metadata": {"k": 7}}, "n"),
    ({"n": 0, "moderation": {}}, "n"),
    ({"max_completion_tokens": 0, "logprobs": "x"}, "max_completion_tokens"),
    ({"messages": [7], "metadata": {"k": 7}}, "messages[0]"),
    ({"tools": "x", "top_logprobs": -1}, "tools"),
    ({"user": 7, "verbosity": "bogus"}, "user"),
    ({"functions": "x", "function_call": {}}, "functions"),
    ({"max_tokens": 32, "store": "x"}, "max_tokens"),
    ({"prediction": {"type": "content", "content": "p"}, "metadata": "x"}, "metadata"),
    ({"logit_bias": {"1": 1}, "verbosity": "bogus"}, "logit_bias"),
    ({"temperature": 0.5, "metadata": "x"}, "metadata"),
    ({"logprobs": True, "verbosity": "bogus"}, "verbosity"),
    (messages({"role": "user"}, {"role": "user", "content": 7}), "messages[1].content"),
    (messages({"role": "user"}, {"role": "bogus", "content": "x"}), "messages[1].role"),
    (messages({"role": "user"}) | {"temperature": 0.5}, "temperature"),
    (messages({"role": "user"}) | {"temperature": 1}, "messages.[0].content"),
    (
        messages(USER, {"role": "assistant", "content": "x", "tool_calls": []}, {"role": "bogus"}),
        "messages[1].tool_calls",
    ),
    (
        messages(USER, {"role": "assistant", "content": "x", "tool_calls": []}) | {"temperature": 0.5},
        "messages[1].tool_calls",
    ),
]

TAKEN_ON_CHAT: list[Body] = [
    {"temperature": 1},
    {"top_p": 1},
    {"n": 1},
    {"n": 8},
    {"max_completion_tokens": 1},
    NO_EFFORT | {"logprobs": True, "top_logprobs": 0},
    NO_EFFORT | {"logprobs": True, "top_logprobs": 5, "frequency_penalty": 0.5, "presence_penalty": 0.5},
    NO_EFFORT | {"frequency_penalty": 2, "presence_penalty": -2},
    {"metadata": {str(n): "v" for n in range(16)}},
    {"metadata": {"k" * 64: "v"}},
    {"metadata": {"k": "x" * 512}},
    messages({"role": "user", "content": ""}),
    messages({"role": "user", "content": []}),
    messages({"role": "user", "content": "x", "tool_calls": []}),
    messages(USER, {"role": "assistant", "refusal": "no"}),
    messages(USER, {"role": "assistant", "audio": {"id": "a"}}),
    messages(USER, {"role": "assistant", "function_call": {"name": "f", "arguments": "{}"}}),
    messages(
        USER,
        {"role": "assistant", "tool_calls": [NESTED_CALL]},
        {"role": "tool", "tool_call_id": "call_1", "content": "4"},
    ),
    {
        "metadata": {"a": "b"},
        "store": False,
        "user": "u",
        "safety_identifier": "s",
        "seed": 1,
        "prompt_cache_key": "k",
        "prompt_cache_options": {"ttl": "30m"},
        "prompt_cache_retention": "24h",
        "parallel_tool_calls": False,
        "verbosity": "low",
    },
]
