"""What the SDK makes of Pydantic classes as tools, and what its types and documentation say of custom and MCP tools."""

import inspect
import json
from datetime import date
from typing import Any, get_args
from urllib.parse import urlsplit

import httpx2
import pytest
import requests
from openai import AsyncOpenAI, OpenAI, pydantic_function_tool, pydantic_responses_function_tool
from openai.types.chat import ChatCompletionToolUnionParam
from openai.types.responses import ResponseCustomToolCall, tool_param, web_search_tool_param
from openai.types.responses.response_custom_tool_call_output_param import ResponseCustomToolCallOutputParam
from openai.types.shared_params.custom_tool_input_format import CustomToolInputFormat, Grammar
from pydantic import BaseModel, Field, TypeAdapter, ValidationError

from ..good_requests import LUNA
from ..made_up_server import always, client_of, transport_of

ASKED: Any = [{"role": "user", "content": "Book a table"}]


class Booking(BaseModel):
    """Book a table."""

    day: date
    guests: int = Field(ge=1, le=8)


def on_one_line(module: Any) -> str:
    return " ".join(inspect.getsource(module).split())


def response_with(*items: dict[str, Any]) -> tuple[OpenAI, list[Any]]:
    return client_of(always(json={"id": "resp_1", "object": "response", "output": list(items)}))


def completion_with(call: dict[str, Any]) -> tuple[OpenAI, list[Any]]:
    message = {"role": "assistant", "content": None, "tool_calls": [call]}
    choice = {"index": 0, "finish_reason": "tool_calls", "message": message}
    return client_of(always(json={"id": "chatcmpl-1", "object": "chat.completion", "choices": [choice]}))


@pytest.mark.proves("function-from-class")
def test_a_class_becomes_a_strict_function() -> None:
    made = pydantic_function_tool(Booking)
    function: Any = made["function"]
    assert made["type"] == "function"
    assert (function["name"], function["description"], function["strict"]) == ("Booking", "Book a table.", True)
    assert function["parameters"]["properties"]["guests"]["maximum"] == 8
    assert function["parameters"]["additionalProperties"] is False
    named: Any = pydantic_function_tool(Booking, name="book_table", description="As told")["function"]
    assert (named["name"], named["description"]) == ("book_table", "As told")
    assert dict(pydantic_responses_function_tool(Booking)) == {"type": "function", **function}


@pytest.mark.proves("parse-arguments-raises")
def test_parse_reads_arguments_and_raises_for_wrong_ones() -> None:
    arguments = {"day": "2026-12-24", "guests": 6}
    for wrong in (False, True):
        text = json.dumps({**arguments, "guests": 9} if wrong else arguments)
        item = {"type": "function_call", "call_id": "call_1", "name": "Booking", "arguments": text}
        called = {"id": "call_1", "type": "function", "function": {"name": "Booking", "arguments": text}}
        client, _ = response_with(item)
        chat, _ = completion_with(called)
        request: Any = {"input": ASKED, "tools": [pydantic_responses_function_tool(Booking)]}
        asked: Any = {"messages": ASKED, "tools": [pydantic_function_tool(Booking)]}
        with client, chat:
            if wrong:
                with pytest.raises(ValidationError):
                    client.responses.parse(**LUNA, **request)
                with pytest.raises(ValidationError):
                    chat.chat.completions.parse(**LUNA, **asked)
                continue
            (got,) = client.responses.parse(**LUNA, **request).output
            assert got.type == "function_call"
            assert got.parsed_arguments == Booking(day=date(2026, 12, 24), guests=6)
            (call,) = chat.chat.completions.parse(**LUNA, **asked).choices[0].message.tool_calls or []
            assert call.function.parsed_arguments == Booking(day=date(2026, 12, 24), guests=6)


@pytest.mark.proves("parse-arguments-raises")
@pytest.mark.anyio
async def test_the_asynchronous_client_reads_arguments_and_raises_too() -> None:
    for guests in (6, 9):
        text = json.dumps({"day": "2026-12-24", "guests": guests})
        item = {"type": "function_call", "call_id": "call_1", "name": "Booking", "arguments": text}
        called = {"id": "call_1", "type": "function", "function": {"name": "Booking", "arguments": text}}
        message = {"role": "assistant", "content": None, "tool_calls": [called]}
        completion = {"id": "chatcmpl-1", "choices": [{"index": 0, "finish_reason": "tool_calls", "message": message}]}
        transport, _ = transport_of(always(json={"id": "resp_1", "output": [item]}), always(json=completion))
        request: Any = {"input": ASKED, "tools": [pydantic_responses_function_tool(Booking)]}
        asked: Any = {"messages": ASKED, "tools": [pydantic_function_tool(Booking)]}
        async with AsyncOpenAI(http_client=httpx2.AsyncClient(transport=transport)) as client:
            if guests == 9:
                with pytest.raises(ValidationError):
                    await client.responses.parse(**LUNA, **request)
                with pytest.raises(ValidationError):
                    await client.chat.completions.parse(**LUNA, **asked)
                continue
            (got,) = (await client.responses.parse(**LUNA, **request)).output
            (call,) = (await client.chat.completions.parse(**LUNA, **asked)).choices[0].message.tool_calls or []
        assert got.type == "function_call"
        assert got.parsed_arguments == call.function.parsed_arguments == Booking(day=date(2026, 12, 24), guests=6)


@pytest.mark.proves("lenient-validation")
def test_pydantic_takes_text_for_a_number_unless_it_is_strict() -> None:
    text = '{"day": "2026-12-24", "guests": "6"}'
    assert Booking.model_validate_json(text).guests == 6
    with pytest.raises(ValidationError, match="guests"):
        Booking.model_validate_json(text, strict=True)
    read = Booking.model_validate_json('{"day": "2026-12-24", "guests": 6}', strict=True)
    assert read.day == date(2026, 12, 24)


@pytest.mark.proves("custom-tool-calls")
def test_a_custom_tool_is_called_with_a_text() -> None:
    client, _ = response_with({"type": "custom_tool_call", "call_id": "call_1", "name": "find", "input": "total > 1"})
    with client:
        (item,) = client.responses.create(**LUNA, input=ASKED).output
    assert item.type == "custom_tool_call"
    assert (item.call_id, item.input) == ("call_1", "total > 1")
    assert {"call_id", "input"} <= ResponseCustomToolCall.model_fields.keys()
    told = on_one_line(ResponseCustomToolCallOutputParam)
    assert "call_id: Required[str]" in told
    assert 'type: Required[Literal["custom_tool_call_output"]]' in told

    chat, _ = completion_with({"id": "call_1", "type": "custom", "custom": {"name": "find", "input": "total > 1"}})
    with chat:
        (call,) = chat.chat.completions.create(**LUNA, messages=ASKED).choices[0].message.tool_calls or []
    assert call.type == "custom"
    assert call.custom.input == "total > 1"

    formats: TypeAdapter[Any] = TypeAdapter(CustomToolInputFormat)
    assert [set(form.__annotations__) for form in get_args(CustomToolInputFormat)] == [
        {"type"},
        {"definition", "syntax", "type"},
    ]
    for syntax in ("lark", "regex"):
        formats.validate_python({"type": "grammar", "syntax": syntax, "definition": "a"})
    with pytest.raises(ValidationError):
        TypeAdapter(Grammar).validate_python({"type": "grammar", "syntax": "ebnf", "definition": "a"})


@pytest.mark.proves("mcp-servers-named")
def test_the_sdk_says_how_a_server_is_named() -> None:
    said = on_one_line(tool_param.Mcp)
    assert said.count("One of `server_url`, `connector_id`, or `tunnel_id` must be provided.") == 3
    connector = said.partition(" connector_id: Literal[")[2].partition(" tunnel_id: str ")[0]
    assert "This field is deprecated for models released after September 1, 2026." in connector
    assert said.count("This field is deprecated") == 1
    assert "or `tunnel_id` to connect through a Secure MCP Tunnel." in said


@pytest.mark.proves("mcp-responses-only")
def test_chat_completions_knows_functions_and_custom_tools() -> None:
    kinds = [inspect.getsource(form) for form in get_args(ChatCompletionToolUnionParam)]
    assert len(kinds) == 2
    assert ['type: Required[Literal["function"]]' in kinds[0], 'type: Required[Literal["custom"]]' in kinds[1]] == [
        True
    ] * 2


@pytest.mark.proves("web-search-domains")
def test_the_sdk_says_which_domains_are_searched() -> None:
    said = on_one_line(web_search_tool_param.Filters)
    assert "If not provided, all domains are allowed. Subdomains of the provided domains are allowed as well." in said
    assert "allowed_domains: Optional" in said


@pytest.mark.proves("url-host")
@pytest.mark.parametrize(
    "url", ["https://help.example.com@evil.example/", "https://help.example.com:x@evil.example/?a=b"]
)
def test_what_precedes_an_at_is_no_host(url: str) -> None:
    assert url.startswith("https://help.example.com")
    assert urlsplit(url).hostname == httpx2.URL(url).host == "evil.example"


@pytest.mark.proves("url-host")
def test_libraries_find_different_hosts_if_there_is_a_backslash() -> None:
    url = "https://evil.example\\@help.example.com/"
    assert urlsplit(url).hostname == httpx2.URL(url).host == "help.example.com"
    opened = requests.Request("GET", url).prepare().url
    assert opened
    assert opened.startswith("https://evil.example/")
