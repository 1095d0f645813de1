"""What the live API was seen to answer to bad requests is what the sandbox answers, word for word.

The cases were measured on gpt-5.6-terra from 2026-08-30 to 2026-09-04 and published in
kangminlee-maker/local-OAuth-CLI-API-adapter: test/openai-responses-validation-parity.test.mjs,
test/openai-chat-validation-parity.test.mjs and docs/conformance-matrix.md, 5.5.5 and 5.5.6.
"""

from collections.abc import Iterable
from itertools import pairwise
from typing import Any, NamedTuple

import pytest
from pydantic_core import from_json, to_json

from openai_sandbox.core import Core, Request

RESPONSES, CHAT = "/v1/responses", "/v1/chat/completions"
GOOD: dict[str, dict[str, Any]] = {
    RESPONSES: {"model": "gpt-5.6-terra", "input": "ping", "max_output_tokens": 16},
    CHAT: {"model": "gpt-5.6-terra", "messages": [{"role": "user", "content": "ping"}]},
}


class Refusal(NamedTuple):
    """An answer of the type `invalid_request_error`."""

    message: str
    param: str | None
    code: str | None = None
    status: int = 400


def wrong_type(param: str, expected: str, got: str) -> Refusal:
    return Refusal(f"Invalid type for '{param}': expected {expected}, but got {got} instead.", param, "invalid_type")


def missing(param: str) -> Refusal:
    return Refusal(f"Missing required parameter: '{param}'.", param, "missing_required_parameter")


def unknown(param: str, near: str = "") -> Refusal:
    hint = f" Did you mean {near}?" if near else ""
    return Refusal(f"Unknown parameter: '{param}'.{hint}", param, "unknown_parameter")


def bad_value(param: str, value: str, supported: str) -> Refusal:
    return Refusal(f"Invalid value: '{value}'. Supported values are: {supported}.", param, "invalid_value")


def below(param: str, minimum: float, value: float, number: str = "integer") -> Refusal:
    message = (
        f"Invalid '{param}': {number} below minimum value. Expected a value >= {minimum}, but got {value} instead."
    )
    return Refusal(message, param, f"{number}_below_min_value")


def above(param: str, maximum: float, value: float, number: str = "integer") -> Refusal:
    message = (
        f"Invalid '{param}': {number} above maximum value. Expected a value <= {maximum}, but got {value} instead."
    )
    return Refusal(message, param, f"{number}_above_max_value")


def empty_array(param: str) -> Refusal:
    message = (
        f"Invalid '{param}': empty array. Expected an array with minimum length 1, but got an empty array instead."
    )
    return Refusal(message, param, "empty_array")


def unsupported(param: str, code: str | None = None) -> Refusal:
    return Refusal(f"Unsupported parameter: '{param}' is not supported with this model.", param, code)


def words(text: str) -> list[str]:
    return text.split()


def no_content(index: int) -> Refusal:
    return Refusal("Invalid value for 'content': expected a string, got null.", f"messages.[{index}].content")


TERSE = Refusal("This model is compatible only with 24h extended prompt caching", "prompt_cache_retention")
INPUT_EMPTY = Refusal(
    "One of \"input\" or \"previous_response_id\" or 'prompt' or 'conversation' must be provided.",
    None,
    "missing_required_parameter",
)
TOO_MANY = Refusal(
    "Invalid 'metadata': too many properties. Expected an object with at most 16 properties, but got an object with 17 "
    "properties instead.",
    "metadata",
    "object_above_max_properties",
)
MOVED = Refusal(
    "Unsupported parameter: 'messages'. In the Responses API, this parameter has moved to 'input'. Try again with the "
    "new parameter. See the API documentation for more information: "
    "https://platform.openai.com/docs/api-reference/responses/create.",
    None,
    "unsupported_parameter",
)
NO_LOGPROBS = "logprobs are not supported with reasoning models."
ROLES = "'assistant', 'system', 'developer', and 'user'"
ALL_ROLES = "'system', 'assistant', 'user', 'function', 'tool', and 'developer'"
EFFORTS = "'none', 'minimal', 'low', 'medium', 'high', 'xhigh', and 'max'"
EFFORT_TYPES = "one of one of 'none', 'minimal', 'low', 'medium', 'high', 'xhigh', or 'max' or integer"
INCLUDES = (
    "'file_search_call.results', 'web_search_call.results', 'web_search_call.action.sources', "
    "'message.input_image.image_url', 'computer_call_output.output.image_url', 'code_interpreter_call.outputs', "
    "'reasoning.encrypted_content', and 'message.output_text.logprobs'"
)
SHORT_INCLUDES = (
    "'fil...lts', 'web...lts', 'web...ces', 'mes...url', 'com...url', 'cod...uts', 'rea...ent', or 'mes...obs'"
)
TEXT_OR_OBJECTS = "one of a string or array of objects"
INPUT_TYPES = "one of a string or array of input items"
OBJECT = {"a": 1}
LOGPROBS = "message.output_text.logprobs"
FUNCTION = {"name": "f", "parameters": {"type": "object", "properties": {}}}
FLAT_TOOL = {"type": "function"} | FUNCTION
NESTED_TOOL = {"type": "function", "function": FUNCTION}
CALL = {"id": "c1", "type": "function", "function": {"name": "f", "arguments": "{}"}}
USER = {"role": "user", "content": "ping"}


def assistant(**more: Any) -> dict[str, Any]:
    """An item as the API itself replies it."""
    text = {"type": "output_text", "annotations": [], "logprobs": [], "text": "OK"}
    return {"id": "msg_1", "type": "message", "status": "completed", "role": "assistant", "content": [text]} | more


def items(*given: Any) -> dict[str, Any]:
    return {"input": list(given)}


def messages(*given: Any) -> dict[str, Any]:
    return {"messages": list(given)}


# A change of the good request, and the answer. What is changed to `...` is left out.
ON_RESPONSES: list[tuple[dict[str, Any], Refusal]] = [
    ({"zzz": 1}, unknown("zzz")),
    ({"n": 2}, unknown("n")),
    ({"stop": ["x"]}, unknown("stop", "'store'")),
    ({"seed": 1}, unknown("seed")),
    ({"logprobs": True}, unknown("logprobs")),
    ({"max_tokens": 16}, unknown("max_tokens")),
    ({"messages": [USER]}, MOVED),
    ({"model": ...}, missing("model")),
    ({"model": None}, wrong_type("model", "a string", "an object")),
    ({"model": ""}, Refusal("The requested model '' does not exist.", "model", "model_not_found")),
    ({"model": 7}, wrong_type("model", "a string", "an integer")),
    ({"input": ...}, missing("input")),
    ({"input": []}, INPUT_EMPTY),
    ({"input": ""}, INPUT_EMPTY),
    ({"input": None}, wrong_type("input", "a string", "an object")),
    ({"input": OBJECT}, wrong_type("input", INPUT_TYPES, "an object")),
    ({"input": 7}, wrong_type("input", INPUT_TYPES, "an integer")),
    # Items.
    (items(USER | {"bogus": 1}), unknown("input[0].bogus")),
    (items(USER | {"phase": "final_answer"}), unknown("input[0].phase")),
    (items(assistant(phase="bogus"), USER), bad_value("input[0].phase", "bogus", "'commentary' and 'final_answer'")),
    (items(assistant(zzz=1), USER), unknown("input[0].zzz")),
    (
        items({"role": "assistant", "content": [{"type": "input_text", "text": "x"}]}, USER),
        bad_value("input[0].content[0]", "input_text", "'output_text' and 'refusal'"),
    ),
    (items(7), wrong_type("input[0]", "an input item", "an integer")),
    (items(None), wrong_type("input[0]", "an input item", "null")),
    (items({"role": "bogus", "content": "x"}), bad_value("input[0]", "bogus", ROLES)),
    (items({}), bad_value("input[0]", "", ROLES)),
    (items({"role": "user"}), missing("input[0].content")),
    (
        items({"role": "user", "content": [{"type": "bogus", "text": "x"}]}),
        bad_value(
            "input[0].content[0].type",
            "bogus",
            "'input_text', 'input_image', 'input_audio', 'output_text', 'refusal', 'input_file', "
            "'computer_screenshot', 'summary_text', and 'encrypted_content'",
        ),
    ),
    (
        items({"role": "user", "content": [{"type": "output_text", "text": "x"}]}),
        bad_value(
            "input[0].content[0]",
            "output_text",
            "'input_text', 'input_image', 'input_file', 'scoped_content', and 'input_audio'",
        ),
    ),
    (items({"role": "user", "content": [{"type": "input_text"}]}), missing("input[0].content[0].text")),
    # text, tools, tool_choice, reasoning.
    ({"text": {"zzz": 1}}, unknown("text.zzz")),
    (
        {"text": {"format": {"type": "bogus"}}},
        bad_value("text.format.type", "bogus", "'json_object', 'text', and 'json_schema'"),
    ),
    ({"text": {"format": {"type": "json_schema"}}}, missing("text.format.name")),
    ({"text": {"verbosity": "bogus"}}, bad_value("text.verbosity", "bogus", "'low', 'medium', and 'high'")),
    ({"tools": [{}]}, missing("tools[0].type")),
    ({"tools": [{"type": "function"}]}, missing("tools[0].name")),
    ({"tools": [NESTED_TOOL]}, missing("tools[0].name")),
    ({"tools": "x"}, wrong_type("tools", "an array of tools", "a string")),
    (
        {"tool_choice": 7},
        wrong_type("tool_choice", "one of an object or 'none', 'auto', or 'required'", "an integer"),
    ),
    (
        {"tools": [FLAT_TOOL], "tool_choice": "bogus"},
        bad_value("tool_choice", "bogus", "'none', 'auto', and 'required'"),
    ),
    ({"tools": [FLAT_TOOL], "tool_choice": {"type": "function"}}, missing("tool_choice.name")),
    (
        {"tools": [FLAT_TOOL], "tool_choice": {"type": "function", "function": {"name": "f"}}},
        missing("tool_choice.name"),
    ),
    ({"reasoning": "low"}, wrong_type("reasoning", "an object", "a string")),
    ({"reasoning": {"effort": "bogus"}}, bad_value("reasoning.effort", "bogus", EFFORTS)),
    ({"reasoning": {"effort": OBJECT}}, wrong_type("reasoning.effort", EFFORT_TYPES, "an object")),
    ({"reasoning": {"effort": ["low"]}}, wrong_type("reasoning.effort", EFFORT_TYPES, "an array")),
    (
        {"reasoning": {"effort": 5}},
        wrong_type("reasoning.effort", "one of 'minimal', 'low', 'medium', or 'high'", "an integer"),
    ),
    (
        {"reasoning": {"effort": "minimal"}},
        Refusal(
            "Unsupported value: 'minimal' is not supported with the 'gpt-5.6-terra' model. "
            "Supported values are: 'none', 'low', 'medium', 'high', 'xhigh', and 'max'.",
            "reasoning.effort",
            "unsupported_value",
        ),
    ),
    (
        {"reasoning": {"summary": "bogus"}},
        bad_value("reasoning.summary", "bogus", "'concise', 'detailed', and 'auto'"),
    ),
    ({"reasoning": {"generate_summary": "concise"}}, unknown("reasoning.generate_summary")),
    ({"reasoning": {"bogus": 1}}, unknown("reasoning.bogus")),
    # What a model that reasons does not take.
    ({"temperature": 0.5}, unsupported("temperature")),
    ({"top_p": 0.5}, unsupported("top_p")),
    ({"top_p": 1}, unsupported("top_p")),
    ({"presence_penalty": 0.5}, unsupported("presence_penalty")),
    ({"frequency_penalty": 0.5}, unsupported("frequency_penalty")),
    ({"top_logprobs": 1}, Refusal(NO_LOGPROBS, "top_logprobs", "unsupported_parameter")),
    ({"include": [LOGPROBS]}, Refusal(NO_LOGPROBS, "include", "unsupported_parameter")),
    (
        {"prompt_cache_retention": "in_memory"},
        TERSE._replace(code="invalid_parameter"),
    ),
    # State.
    (
        {"previous_response_id": "resp_x"},
        Refusal("Previous response with id 'resp_x' not found.", "previous_response_id", "previous_response_not_found"),
    ),
    ({"conversation": "conv_x"}, Refusal("Conversation with id 'conv_x' not found.", None, status=404)),
    ({"prompt": {"id": "pmpt_x"}}, Refusal("Prompt with id 'pmpt_x' not found.", None, status=404)),
    (
        {"conversation": "conv_x", "previous_response_id": "resp_x"},
        Refusal(
            "Mutually exclusive parameters: ''. Ensure you are only providing one of: 'pre..._id' or 'conversation'.",
            None,
            "mutually_exclusive_parameters",
        ),
    ),
    # Types.
    ({"temperature": "hot"}, wrong_type("temperature", "a decimal", "a string")),
    ({"top_p": "wide"}, wrong_type("top_p", "a decimal", "a string")),
    ({"presence_penalty": "x"}, wrong_type("presence_penalty", "a decimal", "a string")),
    ({"top_logprobs": "x"}, wrong_type("top_logprobs", "an integer", "a string")),
    ({"previous_response_id": OBJECT}, wrong_type("previous_response_id", "a string", "an object")),
    ({"prompt": "x"}, wrong_type("prompt", "an object", "a string")),
    ({"truncation": OBJECT}, wrong_type("truncation", "one of 'auto' or 'disabled'", "an object")),
    ({"include": "x"}, wrong_type("include", f"an array of one of {SHORT_INCLUDES}", "a string")),
    ({"max_tool_calls": "x"}, wrong_type("max_tool_calls", "an integer", "a string")),
    ({"max_output_tokens": "x"}, wrong_type("max_output_tokens", "an integer", "a string")),
    ({"metadata": "x"}, wrong_type("metadata", "a metadata object", "a string")),
    (
        {"service_tier": OBJECT},
        wrong_type("service_tier", "one of 'auto', 'default', 'fast', 'flex', or 'priority'", "an object"),
    ),
    (
        {"prompt_cache_retention": OBJECT},
        wrong_type("prompt_cache_retention", "one of 'in_memory' or '24h'", "an object"),
    ),
    ({"prompt_cache_key": OBJECT}, wrong_type("prompt_cache_key", "a string", "an object")),
    ({"stream_options": "x"}, wrong_type("stream_options", "an object", "a string")),
    ({"stream": "yes"}, wrong_type("stream", "a boolean", "a string")),
    ({"background": "yes"}, wrong_type("background", "a boolean", "a string")),
    ({"store": "yes"}, wrong_type("store", "a boolean", "a string")),
    ({"parallel_tool_calls": "yes"}, wrong_type("parallel_tool_calls", "a boolean", "a string")),
    ({"instructions": OBJECT}, wrong_type("instructions", "a string", "an object")),
    ({"user": OBJECT}, wrong_type("user", "a string", "an object")),
    ({"safety_identifier": OBJECT}, wrong_type("safety_identifier", "a string", "an object")),
    ({"text": "x"}, wrong_type("text", "an object", "a string")),
    ({"context_management": "x"}, wrong_type("context_management", "an array of objects", "a string")),
    ({"moderation": "x"}, wrong_type("moderation", "an object", "a string")),
    # Values and bounds.
    ({"truncation": "bogus"}, bad_value("truncation", "bogus", "'auto' and 'disabled'")),
    ({"include": ["bogus.thing"]}, bad_value("include[0]", "bogus.thing", INCLUDES)),
    (
        {"service_tier": "bogus"},
        bad_value("service_tier", "bogus", "'auto', 'default', 'fast', 'flex', and 'priority'"),
    ),
    ({"prompt_cache_retention": "x"}, bad_value("prompt_cache_retention", "x", "'in_memory' and '24h'")),
    ({"max_tool_calls": 0}, below("max_tool_calls", 1, 0)),
    ({"max_output_tokens": 0}, below("max_output_tokens", 16, 0)),
    ({"max_output_tokens": 15}, below("max_output_tokens", 16, 15)),
    ({"metadata": {str(n): "v" for n in range(17)}}, TOO_MANY),
    ({"prompt_cache_options": {"bogus": 1}}, unknown("prompt_cache_options.bogus")),
    ({"stream_options": {"include_usage": True}}, unknown("stream_options.include_usage")),
    ({"stream_options": {"bogus": 1}}, unknown("stream_options.bogus")),
    # Help with spelling.
    ({"sto": 1}, unknown("sto", "'store'")),
    ({"st": 1}, unknown("st")),
    ({"stre": 1}, unknown("stre", "'store' or 'stream'")),
    ({"strem": 1}, unknown("strem", "'stream' or 'store'")),
    ({"tool": 1}, unknown("tool", "'tools'")),
    ({"usr": 1}, unknown("usr", "'user'")),
    ({"inclde": 1}, unknown("inclde", "'include'")),
    ({"inpu": 1}, unknown("inpu")),
    ({"modell": 1}, unknown("modell")),
    ({"temperatur": 1}, unknown("temperatur", "'temperature'")),
]

ON_CHAT: list[tuple[dict[str, Any], Refusal]] = [
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
    (messages({"role": "user", "tool_calls": [CALL]}), no_content(0)),
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
        Refusal(
            "Unsupported parameter: 'max_tokens' is not supported with this model. "
            "Use 'max_completion_tokens' instead.",
            "max_tokens",
            "unsupported_parameter",
        ),
    ),
    (
        {"temperature": 0.5},
        Refusal(
            "Unsupported value: 'temperature' does not support 0.5 with this model. "
            "Only the default (1) value is supported.",
            "temperature",
            "unsupported_value",
        ),
    ),
    *[
        (
            {"reasoning_effort": effort},
            Refusal(
                f"Unsupported value: 'reasoning_effort' does not support {shown} with this model. "
                "Supported values are: 'none', 'low', 'medium', 'high', and 'xhigh'.",
                "reasoning_effort",
                "unsupported_value",
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
    ({"prompt_cache_retention": "x"}, Refusal("Invalid prompt_cache_retention argument", "prompt_cache_retention")),
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
        Refusal("Invalid value for 'top_logprobs': must be less than or equal to 5.", "top_logprobs"),
    ),
    (
        {"reasoning_effort": "none", "top_logprobs": 1},
        Refusal("The 'top_logprobs' parameter is only allowed when 'logprobs' is enabled.", "top_logprobs"),
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
        Refusal(
            "Invalid 'metadata.k': string too long. Expected a string with maximum length 512, but got a string with "
            "length 600 instead.",
            "metadata.k",
            "string_above_max_length",
        ),
    ),
    (
        {"metadata": {"k" * 70: "v"}},
        Refusal(
            "Invalid property name in 'metadata': 'kkk...kkk' is too long. Expected a string with maximum length 64, "
            "but got a string with length 70 instead.",
            f"metadata.{'k' * 70}",
            "property_name_above_max_length",
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
        Refusal(
            "Invalid 'tools[0].function.name': empty string. Expected a string with minimum length 1, but got an empty "
            "string instead.",
            "tools[0].function.name",
            "empty_string",
        ),
    ),
    (
        {
            "tools": [NESTED_TOOL],
            "reasoning_effort": "none",
            "tool_choice": {"type": "function", "function": {"name": "never_declared"}},
        },
        Refusal(
            "Invalid value for 'function_call': no function named 'never_declared' was specified in the 'functions' "
            "parameter.",
            "function_call",
        ),
    ),
    # The model.
    ({"model": ...}, Refusal("you must provide a model parameter", None)),
    ({"model": None}, Refusal("you must provide a model parameter", None)),
    ({"model": ""}, Refusal("you must provide a model parameter", None)),
    (
        {"model": "gpt-9"},
        Refusal("The model `gpt-9` does not exist or you do not have access to it.", None, "model_not_found", 404),
    ),
]

# Two things are wrong: the place of the one that is told.
TWO_WRONG_ON_RESPONSES: list[tuple[dict[str, Any], str | None]] = [
    ({"input": ..., "zzz": 1}, "input"),
    ({"input": ..., "truncation": "bogus"}, "input"),
    ({"input": ..., "previous_response_id": "resp_x"}, "input"),
    ({"input": ..., "model": ...}, "model"),
    ({"model": ..., "zzz": 1}, "model"),
    ({"input": [], "zzz": 1}, "zzz"),
    ({"input": [], "truncation": "bogus"}, "truncation"),
    ({"input": [], "temperature": 0.5}, None),
    ({"input": [], "previous_response_id": "resp_x"}, "previous_response_id"),
    ({"input": [USER | {"bogus": 1}], "zzz": 1}, "zzz"),
    ({"input": [{}], "truncation": "bogus"}, "input[0]"),
    ({"input": [{}], "previous_response_id": "resp_x"}, "input[0]"),
    ({"input": [{}], "temperature": 0.5}, "input[0]"),
    ({"text": {"verbosity": "bogus"}, "context_management": "x"}, "text.verbosity"),
    ({"text": {"verbosity": "bogus"}, "temperature": 0.5}, "text.verbosity"),
    ({"prompt": {"id": "pmpt_x"}, "include": ["bogus.thing"]}, "include[0]"),
    ({"prompt": {"id": "pmpt_x"}, "truncation": "bogus"}, "truncation"),
    ({"previous_response_id": "resp_x", "truncation": "bogus"}, "truncation"),
    ({"previous_response_id": "resp_x", "temperature": 0.5}, "previous_response_id"),
    ({"previous_response_id": "resp_x", "prompt": {"id": "pmpt_x"}}, None),
    ({"conversation": "conv_x", "temperature": 0.5}, None),
    ({"include": [LOGPROBS], "tools": "x"}, "tools"),
    ({"top_logprobs": 1, "context_management": "x"}, "context_management"),
    ({"top_logprobs": 1, "temperature": 0.5}, "temperature"),
    ({"include": [LOGPROBS], "temperature": 0.5}, "temperature"),
    ({"include": [LOGPROBS], "top_logprobs": 1}, "include"),
    ({"max_output_tokens": 16, "top_p": 0.5}, "top_p"),
]
STOP = {"stop": ["x"]}
TWO_WRONG_ON_CHAT: list[tuple[dict[str, Any], str | None]] = [
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

# Fields whose types are checked in this order.
TYPES_ON_RESPONSES = words("""
    input previous_response_id prompt moderation include tools tool_choice metadata text temperature top_p
    presence_penalty frequency_penalty parallel_tool_calls stream stream_options background max_output_tokens
    max_tool_calls reasoning user safety_identifier prompt_cache_options prompt_cache_key prompt_cache_retention
    truncation instructions store service_tier top_logprobs context_management
""")
TYPES_ON_CHAT = words("""
    messages functions function_call tools tool_choice parallel_tool_calls max_completion_tokens n temperature top_p
    presence_penalty frequency_penalty logprobs top_logprobs user seed moderation safety_identifier
    prompt_cache_options prompt_cache_key prompt_cache_retention response_format service_tier max_tokens
    reasoning_effort logit_bias stop stream stream_options store metadata prediction verbosity
""")
NUMBERS = {"temperature", "top_p", "presence_penalty", "frequency_penalty", "max_output_tokens", "max_tool_calls"}
NUMBERS |= {"top_logprobs", "max_completion_tokens", "n", "seed", "max_tokens"}

NO_EFFORT = {"reasoning_effort": "none"}
TAKEN: dict[str, list[dict[str, Any]]] = {
    RESPONSES: [
        {"temperature": 1},
        {"user": None, "text": None, "tools": None, "metadata": None, "truncation": None, "store": None},
        {"instructions": None, "max_output_tokens": None, "temperature": None, "top_logprobs": None, "include": None},
        items(USER | {"status": "completed"}),
        items(USER | {"id": "msg_x"}),
        items(USER | {"type": "message"}),
        items({"role": "developer", "content": "ping"}, USER),
        items(USER, assistant(), {"role": "user", "content": "again"}),
        items(USER, assistant(phase="final_answer"), {"role": "user", "content": "again"}),
        items({"role": "assistant", "content": [{"type": "refusal", "refusal": "no"}]}, USER),
        {
            "background": True,
            "max_tool_calls": 3,
            "parallel_tool_calls": False,
            "truncation": "auto",
            "instructions": "Be terse.",
            "user": "u",
            "safety_identifier": "s",
            "prompt_cache_key": "k",
            "prompt_cache_options": {"mode": "implicit", "ttl": "30m"},
            "prompt_cache_retention": "24h",
            "metadata": {"a": "b"},
            "service_tier": "fast",
        },
    ],
    CHAT: [
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
            USER, {"role": "assistant", "tool_calls": [CALL]}, {"role": "tool", "tool_call_id": "c1", "content": "4"}
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
    ],
}


CORE = Core(seed=7)


def answer(path: str, change: dict[str, Any]) -> Refusal | None:
    """Send the good request with a change, and return how it is refused."""
    body = {name: value for name, value in (GOOD[path] | change).items() if value is not ...}
    reply = CORE.handle(Request("POST", path, {"authorization": "Bearer sk-sandbox"}, to_json(body)))
    CORE.requests.clear()
    assert isinstance(reply.body, bytes)
    parsed = from_json(reply.body)
    if reply.status == 200:
        return None
    error = parsed["error"]
    assert error["type"] == "invalid_request_error", error
    return Refusal(error["message"], error["param"], error["code"], reply.status)


def place(path: str, change: dict[str, Any]) -> str | None:
    """Send the good request with a change, and return the param of the refusal."""
    refusal = answer(path, change)
    return refusal.param if refusal else "taken"


def differing(cases: Iterable[tuple[Any, Any, Any]]) -> list[str]:
    """Report the cases, of request, expectation and answer, in which the last two differ."""
    return [
        f"{change}\n  expected: {expected}\n  got:      {got}" for change, expected, got in cases if got != expected
    ]


@pytest.mark.simulates("measured-refusals")
@pytest.mark.parametrize(("path", "cases"), [(RESPONSES, ON_RESPONSES), (CHAT, ON_CHAT)], ids=["responses", "chat"])
def test_bad_requests_are_answered_word_for_word(path: str, cases: list[tuple[dict[str, Any], Refusal]]) -> None:
    wrong = differing((change, expected, answer(path, change)) for change, expected in cases)
    assert not wrong, "\n".join(wrong)
    assert len(cases) > 90


@pytest.mark.simulates("check-order")
@pytest.mark.parametrize(
    ("path", "cases"), [(RESPONSES, TWO_WRONG_ON_RESPONSES), (CHAT, TWO_WRONG_ON_CHAT)], ids=["responses", "chat"]
)
def test_of_two_mistakes_the_measured_one_is_told(path: str, cases: list[tuple[dict[str, Any], str | None]]) -> None:
    wrong = differing((change, expected, place(path, change)) for change, expected in cases)
    assert not wrong, "\n".join(wrong)
    assert len(cases) > 25


@pytest.mark.simulates("check-order")
@pytest.mark.parametrize(
    ("path", "order"), [(RESPONSES, TYPES_ON_RESPONSES), (CHAT, TYPES_ON_CHAT)], ids=["responses", "chat"]
)
def test_types_are_checked_in_the_measured_order(path: str, order: list[str]) -> None:
    wrong = {name: "x" if name in NUMBERS else 7 for name in order}
    told = [place(path, {second: wrong[second], first: wrong[first]}) for first, second in pairwise(order)]
    assert told == order[:-1]
    assert len(order) > 30


@pytest.mark.parametrize("path", TAKEN)
def test_what_was_measured_to_be_taken_is_taken(path: str) -> None:
    wrong = differing((change, None, answer(path, change)) for change in TAKEN[path])
    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize("key", ["audio", "modalities", "web_search_options"])
def test_what_audio_and_search_models_take_is_unknown_to_others(key: str) -> None:
    assert answer(CHAT, {key: {}}) == unknown(key)


@pytest.mark.parametrize("type", [7, "bogus"])
def test_an_item_of_no_known_type_is_told_all_of_them_in_alphabetical_order(type: Any) -> None:
    refusal = answer(RESPONSES, items({"type": type, "role": "user", "content": "x"}))
    assert refusal
    given = type if isinstance(type, str) else ""
    assert (refusal.param, refusal.code) == ("input[0]", "invalid_value")
    assert refusal.message.startswith(f"Invalid value: '{given}'. Supported values are: 'additional_tools', ")
    assert refusal.message.endswith("'tool_search_output', and 'web_search_call'.")
    named = refusal.message.split("are: ")[1].removesuffix(".").replace("and ", "").split(", ")
    assert named == sorted(named)
    assert {"'message'", "'function_call'", "'reasoning'", "'item_reference'"} < set(named)
