"""The `mcp` tool with a server of its own: lists, calls, approvals, failures, and what is given back."""

import time
from collections.abc import Mapping, Sequence
from typing import Any

import pytest
from openai.types.responses import Response, ResponseStreamEvent
from pydantic import TypeAdapter

from openai_sandbox.api.shared.mcp_servers import McpServerError, McpTool
from openai_sandbox.core import Core

from ...good_requests import LUNA, RESPONSES
from ..client import ask, store_of
from ..event_stream import events_of

CITY = {"type": "object", "properties": {"city": {"type": "string"}}, "required": ["city"]}
SERVER: Any = {"type": "mcp", "server_label": "weather", "server_url": "http://127.0.0.1:1/mcp"}
NEVER: Any = SERVER | {"require_approval": "never"}
LETTERS = "abcdfgjklm"
ASKED = "What is the weather in Paris?"


class Weather:
    """A server with two tools, which keeps what it was asked."""

    def __init__(self, problem: str = "", answer: str = "18 degrees", more: Sequence[McpTool] = ()) -> None:
        self.problem, self.answer, self.more = problem, answer, more
        self.asked: list[tuple[str, Mapping[str, str], str]] = []

    def list_tools(self, url: str, headers: Mapping[str, str]) -> list[McpTool]:
        if self.problem == "list":
            raise McpServerError("Http status code: 500 (Internal Server Error)")
        self.asked.append(("list", headers, ""))
        tools = [McpTool("get_weather", "The weather in a city", CITY, read_only=True)]
        return [*tools, McpTool("delete_city", "Delete a city", CITY), *self.more]

    def call_tool(self, url: str, headers: Mapping[str, str], name: str, arguments: str) -> str:
        if self.problem == "call":
            raise McpServerError("no such city")
        if self.problem:
            raise McpServerError(self.problem)
        self.asked.append((name, headers, arguments))
        return self.answer


def post(weather: Weather | None, **body: Any) -> Any:
    return ask(Core(seed=1, now=0, mcp=weather), "POST", RESPONSES, json=LUNA | {"input": ASKED} | body)


def answered(weather: Weather, **body: Any) -> Any:
    reply = post(weather, **body)
    assert reply.status_code == 200, reply.text
    Response.model_validate(reply.json())
    return reply.json()


def kinds(response: Any) -> list[str]:
    return [item["type"] for item in response["output"]]


@pytest.mark.simulates("mcp")
def test_a_tool_that_fits_is_listed_called_and_told_of() -> None:
    weather = Weather()
    said = answered(weather, tools=[NEVER])
    assert kinds(said) == ["mcp_list_tools", "reasoning", "mcp_call", "message"]
    listed, _, call, message = said["output"]
    assert [tool["name"] for tool in listed["tools"]] == ["get_weather", "delete_city"]
    assert (call["name"], call["arguments"], call["output"]) == ("get_weather", '{"city":"Paris"}', "18 degrees")
    assert (call["status"], call["error"], call["approval_request_id"]) == ("completed", None, None)
    assert "18 degrees" in message["content"][0]["text"]
    assert [name for name, _, _ in weather.asked] == ["list", "get_weather"]


def test_a_server_is_not_listed_again_and_a_call_not_repeated() -> None:
    weather = Weather()
    first = answered(weather, tools=[NEVER])
    sent = [{"role": "user", "content": ASKED}, *first["output"]]
    again = answered(weather, tools=[NEVER], input=sent)
    assert kinds(again) == ["reasoning", "message"]
    later = answered(weather, tools=[NEVER], input=[*sent, {"role": "user", "content": "The weather in Rome?"}])
    assert kinds(later) == ["reasoning", "mcp_call", "message"]


@pytest.mark.simulates("mcp")
def test_a_call_waits_for_approval_unless_told_otherwise() -> None:
    weather = Weather()
    first = answered(weather, tools=[SERVER])
    assert kinds(first) == ["mcp_list_tools", "reasoning", "mcp_approval_request"]
    request = first["output"][-1]
    assert (request["name"], request["arguments"], request["server_label"]) == (
        "get_weather",
        '{"city":"Paris"}',
        "weather",
    )

    def answer(approve: bool) -> Any:
        given = {"type": "mcp_approval_response", "approval_request_id": request["id"], "approve": approve}
        sent = [{"role": "user", "content": ASKED}, *first["output"], given]
        return answered(weather, tools=[SERVER], input=sent)

    approved = answer(True)
    assert kinds(approved) == ["reasoning", "mcp_call", "message"]
    assert approved["output"][1]["approval_request_id"] == request["id"]
    refused = answer(False)
    assert kinds(refused) == ["reasoning", "message"]
    assert "not approved" in refused["output"][-1]["content"][0]["text"]
    assert [name for name, _, _ in weather.asked] == ["list", "get_weather"]


def test_the_only_argument_is_found_as_it_is_for_a_function() -> None:
    order = {"type": "object", "properties": {"order": {"type": "string", "title": "Order"}}, "required": ["order"]}
    weather = Weather(more=[McpTool("cancel_order", "Cancel an order", order)])
    called = [
        item for item in answered(weather, tools=[NEVER], input="Cancel order B-4")["output"] if "arguments" in item
    ]
    assert [(item["name"], item["arguments"]) for item in called] == [("cancel_order", '{"order":"B-4"}')]


@pytest.mark.simulates("mcp")
@pytest.mark.parametrize(
    ("change", "called"),
    [
        ({"require_approval": {"never": {"tool_names": ["get_weather"]}}}, "mcp_call"),
        ({"require_approval": {"never": {"read_only": True}}}, "mcp_call"),
        ({"require_approval": {"never": {"tool_names": ["delete_city"]}}}, "mcp_approval_request"),
        ({"require_approval": {"always": {"tool_names": ["delete_city"]}}}, "mcp_approval_request"),
        ({"require_approval": "never", "allowed_tools": ["get_weather"]}, "mcp_call"),
        ({"require_approval": "never", "allowed_tools": {"read_only": True}}, "mcp_call"),
        ({"require_approval": "never", "allowed_tools": ["delete_city"]}, None),
    ],
)
def test_filters_say_what_may_be_called_and_what_needs_approval(change: Any, called: str | None) -> None:
    said = kinds(answered(Weather(), tools=[SERVER | change]))
    assert [kind for kind in said if kind in ("mcp_call", "mcp_approval_request")] == ([called] if called else [])


def test_a_choice_names_a_server_and_a_tool_of_it() -> None:
    chosen = {"type": "mcp", "server_label": "weather", "name": "delete_city"}
    said = answered(Weather(), tools=[NEVER], input="Say hello", tool_choice=chosen)
    assert [item["name"] for item in said["output"] if item["type"] == "mcp_call"] == ["delete_city"]
    other = answered(Weather(), tools=[NEVER], input="Say hello", tool_choice={"type": "mcp", "server_label": "x"})
    assert "mcp_call" not in kinds(other)
    assert "mcp_call" not in kinds(answered(Weather(), tools=[NEVER], tool_choice="none"))


@pytest.mark.parametrize(
    "schema", ["x", 5, None, [], {"type": 5}, {"properties": 3}, {"type": "object", "required": 1}]
)
def test_a_schema_that_is_none_is_refused_and_never_a_failure(schema: Any) -> None:
    tool = {"name": "get_weather", "input_schema": schema, "annotations": "x", "description": None}
    listed = {"type": "mcp_list_tools", "id": "mcpl_1", "server_label": "weather", "tools": [tool]}
    sent = [listed, {"role": "user", "content": ASKED}]
    assert post(Weather(), tools=[NEVER | {"allowed_tools": {"read_only": False}}], input=sent).status_code < 500
    assert post(Weather(), tools=[NEVER], input=sent).status_code in (200, 400)


def test_a_function_that_has_to_be_called_is_called_though_a_server_was_listed() -> None:
    function = {"type": "function", "name": "f", "parameters": CITY}
    said = answered(Weather(), tools=[function, NEVER], input="Say hello", tool_choice="required")
    assert kinds(said) == ["mcp_list_tools", "reasoning", "function_call"]


def test_a_server_that_is_chosen_and_has_nothing_to_call_leaves_the_answer_to_the_model() -> None:
    function = {"type": "function", "name": "f", "parameters": CITY}
    chosen = {"type": "mcp", "server_label": "weather", "name": "no_such_tool"}
    said = answered(Weather(), tools=[function, NEVER], input="Say hello", tool_choice=chosen)
    assert kinds(said) == ["mcp_list_tools", "reasoning", "message"]


@pytest.mark.simulates("mcp")
def test_secrets_reach_the_server_and_nobody_else() -> None:
    weather = Weather()
    given = NEVER | {"authorization": "s3cret", "headers": {"x-team": "s3cret2"}}
    said = answered(weather, tools=[given])
    assert weather.asked[0][1] == {"x-team": "s3cret2", "Authorization": "Bearer s3cret"}
    assert "s3cret" not in str(said)
    assert said["tools"][0]["headers"] == {"x-team": "<redacted>"}


@pytest.mark.simulates("mcp")
def test_a_call_that_fails_is_an_item_and_a_server_that_lists_nothing_a_refusal() -> None:
    call = answered(Weather("call"), tools=[NEVER])["output"][2]
    assert (call["status"], call["output"]) == ("failed", None)
    assert call["error"]["content"] == [{"type": "text", "text": "no such city"}]
    refused = post(Weather("list"), tools=[NEVER])
    assert (refused.status_code, refused.json()["error"]["type"]) == (424, "external_connector_error")


def test_where_nothing_reaches_servers_the_tool_is_not_simulated() -> None:
    assert post(None, tools=[NEVER]).json()["error"]["param"] == "tools[0].type"
    for tool, param in (
        ({"type": "mcp", "server_label": "a", "connector_id": "connector_gmail"}, "tools[0].connector_id"),
        ({"type": "mcp", "server_label": "a"}, "tools[0].server_url"),
    ):
        assert post(Weather(), tools=[tool]).json()["error"]["param"] == param


@pytest.mark.simulates("mcp")
def test_the_events_of_a_stream_are_those_recorded() -> None:
    events = events_of(post(Weather(), tools=[NEVER], stream=True, reasoning={"effort": "none"}).text)
    for event in events:
        TypeAdapter(ResponseStreamEvent).validate_python(event, strict=True)
    names = [event["type"].removeprefix("response.") for event in events]
    assert names[2:6] == [
        "output_item.added",
        "mcp_list_tools.in_progress",
        "mcp_list_tools.completed",
        "output_item.done",
    ]
    assert events[2]["item"]["tools"] == []
    assert "mcp_call_arguments.done" in names
    assert "mcp_call.completed" in names


def test_many_tools_that_fit_take_no_more_work_than_one_request_may() -> None:
    words = [f"w{one}{two}{three}" for one in LETTERS for two in LETTERS for three in LETTERS]
    named = [McpTool(word, None, {"type": "object"}) for word in words]
    said = "".join(f"{word} " for word in words)
    refused = post(Weather(more=named), tools=[NEVER], input=said)
    assert (refused.status_code, refused.json()["error"]["code"]) == (400, "sandbox_over_budget")
    described = [McpTool(f"tool_{number}", said[:2000], {"type": "object"}) for number in range(500)]
    refused = post(Weather(more=described), tools=[NEVER])
    assert (refused.status_code, refused.json()["error"]["code"]) == (400, "sandbox_over_budget")


def test_many_servers_items_and_names_take_no_more_work_than_one_request_may() -> None:
    servers = [NEVER | {"server_label": f"server_{number}"} for number in range(5000)]
    weather = Weather()
    assert post(weather, tools=servers, input=[{"role": "user", "content": "Hi"}] * 1000).status_code == 400
    assert len(weather.asked) < 4000
    names = [f"name_{number}" for number in range(20_000)]
    tools = [{"name": f"tool_{number}", "input_schema": {}} for number in range(20_000)]
    listed = {"type": "mcp_list_tools", "id": "mcpl_1", "server_label": "weather", "tools": tools}
    begun = time.process_time()
    sent = [listed, {"role": "user", "content": ASKED}]
    assert post(weather, tools=[NEVER | {"allowed_tools": names}], input=sent).status_code == 200
    assert time.process_time() - begun < 2  # it was 4 seconds, and grew with the square


def test_what_a_server_answers_is_charged_to_the_memory_of_responses() -> None:
    core = Core(seed=1, mcp=Weather(answer="x" * 1_000_000))
    ask(core, "POST", RESPONSES, json=LUNA | {"input": ASKED, "tools": [NEVER]})
    assert 1_000_000 < store_of(core).responses.ledger.size < 1_100_000


def test_of_a_long_failure_the_model_tells_the_beginning() -> None:
    call, message = answered(Weather("x" * 500_000), tools=[NEVER])["output"][2:]
    assert len(call["error"]["content"][0]["text"]) == 500_000
    assert len(message["content"][0]["text"]) < 1_100
