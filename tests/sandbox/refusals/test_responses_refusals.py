"""What Responses refuses, field by field and in which order, in the API's words."""

import pytest

from ...good_requests import CHAT, LUNA, RESPONSE, RESPONSES, closed
from .answers import PATTERN, TOO_LONG
from .asker import Asker, Body, Told

NAMED: Body = {"type": "json_schema", "name": "a", "schema": closed({})}

RESPONSES_CASES: list[tuple[Body, Told]] = [
    ({"model": "gpt-9"}, (400, "model_not_found", "model", "The requested model 'gpt-9' does not exist.")),
    ({"model": "gpt-4"}, (400, "model_not_found", "model", "The requested model 'gpt-4' does not exist.")),
    ({"modle": 1}, (400, "unknown_parameter", "modle", "Unknown parameter: 'modle'.")),
    (
        {"instruction": "x"},
        (400, "unknown_parameter", "instruction", "Unknown parameter: 'instruction'. Did you mean 'instructions'?"),
    ),
    ({"seed": 1}, (400, "unknown_parameter", "seed", "Unknown parameter: 'seed'.")),
    (
        {"temperature": -1},
        (
            400,
            "decimal_below_min_value",
            "temperature",
            "Invalid 'temperature': decimal below minimum value. Expected a value >= 0, but got -1 instead.",
        ),
    ),
    (
        {"temperature": 2.5},
        (
            400,
            "decimal_above_max_value",
            "temperature",
            "Invalid 'temperature': decimal above maximum value. Expected a value <= 2, but got 2.5 instead.",
        ),
    ),
    (
        {"temperature": "hot"},
        (
            400,
            "invalid_type",
            "temperature",
            "Invalid type for 'temperature': expected a decimal, but got a string instead.",
        ),
    ),
    (
        {"stream": "yes"},
        (400, "invalid_type", "stream", "Invalid type for 'stream': expected a boolean, but got a string instead."),
    ),
    (
        {"max_output_tokens": 15},
        (
            400,
            "integer_below_min_value",
            "max_output_tokens",
            "Invalid 'max_output_tokens': integer below minimum value. Expected a value >= 16, but got 15 instead.",
        ),
    ),
    (
        {"truncation": "v"},
        (400, "invalid_value", "truncation", "Invalid value: 'v'. Supported values are: 'auto' and 'disabled'."),
    ),
    (
        {"reasoning": {"effort": "v"}},
        (
            400,
            "invalid_value",
            "reasoning.effort",
            "Invalid value: 'v'. Supported values are: 'none', 'minimal', 'low', 'medium', 'high', 'xhigh', and 'max'.",
        ),
    ),
    (
        {"input": 7},
        (
            400,
            "invalid_type",
            "input",
            "Invalid type for 'input': expected one of a string or array of input items, but got an integer instead.",
        ),
    ),
    ({"input": [{"role": "user"}]}, (400, "missing_required_parameter", "input[0].content", "")),
    ({"input": [{"role": "bot", "content": "Hi"}]}, (400, "invalid_value", "input[0]", "")),
    ({"input": [{"type": "mesage", "content": "Hi"}]}, (400, "invalid_value", "input[0]", "")),
    ({"input": [{"id": "msg_1"}]}, (400, "sandbox_unsupported", "input[0].type", "")),
    (
        {"input": [{"role": "user", "content": [{"type": "scoped_content"}]}]},
        (400, "sandbox_unsupported", "input[0].content[0].type", ""),
    ),
    (
        {"input": [{"role": "user", "content": [{"type": "input_text", "text": "Hi", "txet": "Hi"}]}]},
        (
            400,
            "unknown_parameter",
            "input[0].content[0].txet",
            "Unknown parameter: 'input[0].content[0].txet'.",
        ),
    ),
    (
        {"tools": [{"type": "function"}]},
        (400, "missing_required_parameter", "tools[0].name", "Missing required parameter: 'tools[0].name'."),
    ),
    (
        {"input": ""},
        (
            400,
            "missing_required_parameter",
            None,
            "One of \"input\" or \"previous_response_id\" or 'prompt' or 'conversation' must be provided.",
        ),
    ),
    (
        {"messages": []},
        (
            400,
            "unsupported_parameter",
            None,
            "Unsupported parameter: 'messages'. In the Responses API, this parameter has moved to 'input'. Try again "
            "with the new parameter. See the API documentation for more information: "
            "https://platform.openai.com/docs/api-reference/responses/create.",
        ),
    ),
    (
        {"metadata": {str(i): "v" for i in range(17)}},
        (
            400,
            "object_above_max_properties",
            "metadata",
            "Invalid 'metadata': too many properties. Expected an object with at most 16 properties, but got an object "
            "with 17 properties instead.",
        ),
    ),
    (
        {"previous_response_id": "resp_x"},
        (
            400,
            "previous_response_not_found",
            "previous_response_id",
            "Previous response with id 'resp_x' not found.",
        ),
    ),
    (
        {"temperature": 0.5},
        (400, None, "temperature", "Unsupported parameter: 'temperature' is not supported with this model."),
    ),
    (
        {"model": "gpt-5-mini", "reasoning": {"effort": "none"}},
        (
            400,
            "unsupported_value",
            "reasoning.effort",
            "Unsupported value: 'none' is not supported with the 'gpt-5-mini' model. "
            "Supported values are: 'minimal', 'low', 'medium', and 'high'.",
        ),
    ),
    ({"model": "gpt-4.1", "reasoning": {"effort": "low"}}, (400, None, "reasoning.effort", "")),
    ({"conversation": "conv_x"}, (404, None, None, "Conversation with id 'conv_x' not found.")),
    ({"prompt": {"id": "pmpt_x"}}, (404, None, None, "Prompt with id 'pmpt_x' not found.")),
    (
        {"conversation": "conv_x", "previous_response_id": "resp_x"},
        (400, "mutually_exclusive_parameters", None, ""),
    ),
    (
        {"text": {"format": NAMED | {"name": "a.b"}}},
        (400, "invalid_value", "text.format.name", f"Invalid 'text.format.name': {PATTERN}"),
    ),
    (
        {"text": {"format": NAMED | {"name": "a" * 65}}},
        (400, "string_above_max_length", "text.format.name", f"Invalid 'text.format.name': {TOO_LONG}"),
    ),
    (
        {"tools": [{"type": "function", "name": "get weather", "parameters": {}, "strict": False}]},
        (400, "invalid_value", "tools[0].name", f"Invalid 'tools[0].name': {PATTERN}"),
    ),
    (
        {"input": [{"type": "function_call", "call_id": "call_1", "name": "a.b", "arguments": "{}"}]},
        (400, "invalid_value", "input[0].name", f"Invalid 'input[0].name': {PATTERN}"),
    ),
    (
        {"text": {"format": {"type": "json_object"}}},
        (
            400,
            None,
            "input",
            "Response input messages must contain the word 'json' in some form to use 'text.format' of type "
            "'json_object'.",
        ),
    ),
    (
        {"tool_choice": {"type": "function", "name": "missing"}},
        (400, None, "tool_choice", "Tool choice 'missing' not found in 'tools' parameter."),
    ),
    (
        {"input": [{"type": "function_call_output", "call_id": "call_1", "output": "4"}]},
        (400, None, "input", "No tool call found for function call output with call_id call_1."),
    ),
    (
        {"input": [{"type": "function_call", "call_id": "call_1", "name": "f", "arguments": "{}"}]},
        (400, None, "input", "No tool output found for function call call_1."),
    ),
    (
        {"input": [{"type": "reasoning", "id": "rs_1", "summary": []}]},
        (400, None, "input", "Item 'rs_1' of type 'reasoning' was provided without its required following item."),
    ),
    ({"background": True, "store": False}, (400, None, "background", "")),
    ({"stream_options": {"include_obfuscation": False}}, (400, None, "stream_options", "")),
]


@pytest.mark.parametrize(("change", "expected"), RESPONSES_CASES, ids=lambda case: str(case)[:60])
def test_responses_refuses(asker: Asker, change: Body, expected: Told) -> None:
    got = asker.told(RESPONSES, RESPONSE | change)
    assert got[:3] == expected[:3]
    assert expected[3] in got[3]
    if expected[3]:
        assert got[3] == expected[3]


def test_missing_fields_are_named(asker: Asker) -> None:
    for context in ({}, {"previous_response_id": None}, {"previous_response_id": "resp_x"}):
        assert asker.told(RESPONSES, LUNA | context)[1:3] == (
            "missing_required_parameter",
            "input",
        )
    assert asker.told(CHAT, LUNA)[1:3] == ("missing_required_parameter", "messages")


@pytest.mark.simulates("check-order")
def test_responses_checks_model_then_unknown_keys_then_fields_then_state_then_capabilities(asker: Asker) -> None:
    wrong = {
        "temperature": 0.5,
        "previous_response_id": "resp_x",
        "truncation": "v",
        "unheard_of": 1,
        "model": "gpt-9",
    }
    order = []
    for repair in ("model", "unheard_of", "truncation", "previous_response_id", "temperature"):
        order.append(asker.told(RESPONSES, {"input": "Hi"} | wrong)[2])
        wrong.pop(repair)
        wrong["model"] = "gpt-6-luna"
    assert order == ["model", "unheard_of", "truncation", "previous_response_id", "temperature"]


def test_keys_of_metadata_may_have_64_characters(asker: Asker) -> None:
    assert asker.told(RESPONSES, RESPONSE | {"metadata": {"k" * 64: "v"}})[0] == 200
    assert asker.told(RESPONSES, RESPONSE | {"metadata": {"k" * 65: "v"}})[1] == "property_name_above_max_length"


@pytest.mark.simulates("names")
def test_names_are_letters_digits_underscores_and_dashes(asker: Asker) -> None:
    for name, status in (("a-B_9" + 59 * "c", 200), ("a.b", 400), ("a b", 400), ("ä", 400)):
        function: Body = {"type": "function", "name": name, "parameters": closed({}), "strict": True}
        for change in ({"text": {"format": NAMED | {"name": name}}}, {"tools": [function]}):
            assert asker.told(RESPONSES, RESPONSE | change)[0] == status
