"""The sandbox refuses what the API refuses, in the API's words."""

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import httpx2
import pytest
from pydantic_core import from_json, to_json

import openai_sandbox
from openai_sandbox import Sandbox
from openai_sandbox.core import Core, Request
from openai_sandbox.http.address import API_KEY
from openai_sandbox.wire.errors import catalog

CHAT = {"model": "gpt-6-luna", "messages": [{"role": "user", "content": "Hi"}]}
RESPONSES = {"model": "gpt-6-luna", "input": "Hi"}


def post(path: str, body: Any, key: str | None = API_KEY, core: Core | None = None) -> tuple[int, dict[str, Any]]:
    headers = {"authorization": f"Bearer {key}"} if key else {}
    raw = body if isinstance(body, bytes) else to_json(body)
    reply = (core or Core(seed=7)).handle(Request("POST", path, headers, raw))
    assert isinstance(reply.body, bytes)
    return reply.status, from_json(reply.body)


def refusal(path: str, body: Any, **options: Any) -> tuple[int, str | None, str | None, str]:
    status, reply = post(path, body, **options)
    error = reply["error"]
    assert error.keys() == {"message", "type", "param", "code"}
    return status, error["code"], error["param"], error["message"]


RESPONSES_CASES: list[tuple[dict[str, Any], tuple[int, str | None, str | None, str]]] = [
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
        {"text": {"format": {"type": "json_object"}}},
        (
            400,
            None,
            "input",
            "Response input messages must contain the word 'json' in some form to use 'text.format' of type "
            "'json_object'.",
        ),
    ),
    ({"tools": [{"type": "web_search"}]}, (400, "sandbox_unsupported", "tools[0].type", "")),
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
def test_responses_refuses(change: dict[str, Any], expected: tuple[int, str | None, str | None, str]) -> None:
    got = refusal("/v1/responses", RESPONSES | change)
    assert got[:3] == expected[:3]
    assert expected[3] in got[3]
    if expected[3]:
        assert got[3] == expected[3]


CALL = {"id": "call_1", "type": "function", "function": {"name": "f", "arguments": "{}"}}
CHAT_CASES: list[tuple[dict[str, Any], tuple[int, str | None, str | None, str]]] = [
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
                {"role": "assistant", "tool_calls": [CALL]},
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
def test_chat_completions_refuses(change: dict[str, Any], expected: tuple[int, str | None, str | None, str]) -> None:
    got = refusal("/v1/chat/completions", CHAT | change)
    assert got[:3] == expected[:3]
    if expected[3]:
        assert got[3] == expected[3]


def test_missing_fields_are_named() -> None:
    for context in ({}, {"previous_response_id": None}, {"previous_response_id": "resp_x"}):
        assert refusal("/v1/responses", {"model": "gpt-6-luna"} | context)[1:3] == (
            "missing_required_parameter",
            "input",
        )
    assert refusal("/v1/chat/completions", {"model": "gpt-6-luna"})[1:3] == ("missing_required_parameter", "messages")


@pytest.mark.simulates("check-order")
def test_responses_checks_model_then_unknown_keys_then_fields_then_state_then_capabilities() -> None:
    wrong = {
        "temperature": 0.5,
        "previous_response_id": "resp_x",
        "truncation": "v",
        "unheard_of": 1,
        "model": "gpt-9",
    }
    order = []
    for repair in ("model", "unheard_of", "truncation", "previous_response_id", "temperature"):
        order.append(refusal("/v1/responses", {"input": "Hi"} | wrong)[2])
        wrong.pop(repair)
        wrong["model"] = "gpt-6-luna"
    assert order == ["model", "unheard_of", "truncation", "previous_response_id", "temperature"]


@pytest.mark.parametrize("body", [b"{", b"\xff\xfe", b"[]", b"null", b"", b'"text"', b"{'model': 1}"])
def test_a_body_that_is_no_json_object_gets_the_recorded_error(body: bytes) -> None:
    for path in ("/v1/responses", "/v1/chat/completions"):
        status, code, param, message = refusal(path, body)
        assert (status, code, param) == (400, None, None)
        assert message.startswith("We could not parse the JSON body of your request.")


def test_only_keys_of_the_sandbox_are_accepted() -> None:
    status, code, param, message = refusal("/v1/responses", RESPONSES, key="sk-proj-abcdefghijklwxyz")
    assert (status, code, param) == (401, "invalid_api_key", None)
    assert message == (
        "Incorrect API key provided: sk-proj-***wxyz. "
        "You can find your API key at https://platform.openai.com/account/api-keys."
    )


def test_a_request_without_a_key_is_told_how_to_send_one() -> None:
    status, code, _, message = refusal("/v1/responses", RESPONSES, key=None)
    assert (status, code) == (401, None)
    assert message.startswith("You didn't provide an API key.")


@pytest.mark.parametrize(
    ("method", "path", "status", "message"),
    [
        ("GET", "/v1/nothing", 404, "Invalid URL (GET /v1/nothing)"),
        ("PUT", "/v1/responses", 404, "Invalid URL (PUT /v1/responses)"),
        ("GET", "/v1/responses/resp_x", 404, "Response with id 'resp_x' not found."),
        ("DELETE", "/v1/responses/resp_x", 404, "Response with id 'resp_x' not found."),
        ("GET", "/v1/models/gpt-9", 404, "The model 'gpt-9' does not exist"),
    ],
)
def test_unknown_places_are_404(
    api: Sandbox, client: Callable[..., httpx2.Response], method: str, path: str, status: int, message: str
) -> None:
    reply = client(method, path)
    assert (reply.status_code, reply.json()["error"]["message"]) == (status, message)


def test_every_error_of_the_catalog_says_how_it_is_known() -> None:
    assert len(catalog()) >= 38
    for case in catalog().values():
        assert case.evidence in ("recorded", "specified", "pasted", "inferred")
        assert case.source
        assert 400 <= case.status < 600


@pytest.mark.parametrize(
    "headers",
    [
        {"authorization": "Bearer SECRETsecretsecretSECRET"},
        {"authorization": "bearer\tSECRETsecretsecretSECRET"},
        {"authorization": "SECRETsecretsecretSECRET"},
        {"authorization": "Basic SECRETsecretsecretSECRET"},
        {"authorization": "Bearer SECRETsecret"},
        {"proxy-authorization": "Basic SECRETsecretsecretSECRET"},
        {"x-auth-token": "SECRETsecretsecretSECRET"},
        {"api-key": "SECRETsecretsecretSECRET"},
        {"cookie": "session=SECRETsecretsecretSECRET"},
    ],
)
def test_neither_journal_nor_refusal_holds_a_whole_key(headers: dict[str, str]) -> None:
    core = Core()
    reply = core.handle(Request("POST", "/v1/responses", headers, b"{}"))
    for text in (repr(core.requests), repr(reply)):
        assert "secretsecret" not in text
        assert "SECRETsecret" not in text


@pytest.mark.parametrize(
    "body",
    [
        b'{"model": "gpt-4.1", "input": "Hi", "temperature": NaN}',
        b'{"model": "gpt-4.1", "input": "Hi", "temperature": 1e999}',
        b'{"model": "gpt-4.1", "input": "Hi", "top_p": -Infinity}',
        b'{"model": "gpt-4.1", "input": "\\ud800"}',
        b'{"model": "gpt-4.1", "input": ' + b"[" * 5000 + b"]" * 5000 + b"}",
    ],
)
def test_numbers_and_texts_beyond_json_are_refused(body: bytes) -> None:
    assert post("/v1/responses", body)[0] == 400


def test_a_very_long_prompt_is_answered() -> None:
    status, reply = post("/v1/responses", RESPONSES | {"input": " " * 1_000_000})
    assert status == 200
    assert reply["usage"]["input_tokens"] > 1000


def test_four_stops_are_enough() -> None:
    body = CHAT | {"model": "gpt-4.1", "stop": list("abcde")}
    assert refusal("/v1/chat/completions", body)[1:3] == ("array_above_max_length", "stop")


def test_keys_of_metadata_may_have_64_characters() -> None:
    assert post("/v1/responses", RESPONSES | {"metadata": {"k" * 64: "v"}})[0] == 200
    assert refusal("/v1/responses", RESPONSES | {"metadata": {"k" * 65: "v"}})[1] == "property_name_above_max_length"


@pytest.mark.parametrize(
    ("path", "status", "message"),
    [
        ("/v1/images/generations", 400, "The sandbox does not simulate 'POST /v1/images/generations' yet."),
        ("/v1/vector_stores", 400, "The sandbox does not simulate 'POST /v1/vector_stores' yet."),
        ("/v1/responses/resp_x/cancel", 404, "Response with id 'resp_x' not found."),
        ("/v1/embedings", 404, "Invalid URL (POST /v1/embedings)"),
    ],
)
def test_what_is_not_simulated_is_told_from_what_does_not_exist(path: str, status: int, message: str) -> None:
    got = refusal(path, {})
    assert got[0] == status
    assert got[3].startswith(message)


@pytest.mark.simulates("assistants-gone")
@pytest.mark.parametrize("path", ["/v1/assistants", "/v1/threads", "/v1/threads/thread_x/runs"])
def test_the_assistants_api_is_gone(path: str) -> None:
    assert refusal(path, {"model": "gpt-6-luna"}) == (404, None, None, f"Invalid URL (POST {path})")


def test_a_bug_of_the_sandbox_is_answered_as_one(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("openai_sandbox.api.responses.generate", lambda *_, **__: 1 / 0)
    status, code, _, message = refusal("/v1/responses", RESPONSES)
    assert (status, code) == (500, "sandbox_failed")
    assert "ZeroDivisionError" in message


def test_every_error_of_the_catalog_is_used_or_known_to_wait() -> None:
    package = Path(openai_sandbox.__file__).parent
    source = "".join(path.read_text("utf-8") for path in package.rglob("*.py"))
    unused = {id for id in catalog() if f'"{id}"' not in source}
    dynamic = {id for id in unused if re.match(r"(decimal|integer)_(above_max|below_min)$|rate_limit\.tokens$", id)}
    assert unused == dynamic
