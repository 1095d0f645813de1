"""`mcp`: lists and calls the tools of MCP servers through `State.mcp`."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from pydantic_core import to_json

from ...model.tools import Tool, fitting, follow_up
from ...values.budget import spend
from ...wire.errors import error
from ..shared.items import Item
from ..shared.mcp_servers import McpServerError, McpServers
from ..shared.state import State
from ..shared.tools import check_schema
from .step import Asked, Step, arguments

ELSEWHERE = ("connector_id", "tunnel_id")
"""Members that name servers that the sandbox cannot reach."""

A_SERVER = 20
"""How many steps of the budget it takes to check a server or an approval."""

LONGEST_SAID = 1_000
"""How many characters of the reason why a call failed the model repeats."""


def check(state: State, tool: Mapping[str, Any], place: str) -> None:
    """Raise for a server that is not named by its address, or if nothing can reach servers."""
    if state.mcp is None:
        raise error("mcp_not_installed", param=f"{place}.type")
    for name in ELSEWHERE:
        if tool.get(name) is not None:
            raise error("sandbox_unsupported", param=f"{place}.{name}")
    if tool.get("server_url") is None:
        raise error("missing_required_parameter", param=f"{place}.server_url")


def run(
    asked: Sequence[Asked], items: Sequence[Item], choice: str, named: Mapping[str, Any] | None = None
) -> list[Step]:
    """List the tools of servers that are not listed yet, and call those that fit or were approved.

    Args:
        asked: the servers, and what each is asked.
        items: everything that the model reads, oldest first.
        choice: `none` calls nothing, and neither does the name of a different tool.
        named: the server and, if any, the tool that the request chose, in the request's form.

    Raises:
        APIError: a server does not list its tools.
    """
    steps: list[Step] = []
    begun = max((at for at, item in enumerate(items) if item.get("role") == "user"), default=-1)
    spend(len(items) / 5)
    since = items[begun + 1 :]
    lists = {item["server_label"]: item for item in items if item["type"] == "mcp_list_tools"}
    requests = {item["id"]: item for item in items if item["type"] == "mcp_approval_request"}
    done = {item.get("approval_request_id") for item in items if item["type"] == "mcp_call"}
    called = any(item["type"] == "mcp_call" for item in since)
    answers: dict[str, list[tuple[Item, bool]]] = {}
    for item in since:
        if item["type"] == "mcp_approval_response" and (given := requests.get(item["approval_request_id"])):
            answers.setdefault(given["server_label"], []).append((given, item["approve"]))
    for one in asked:
        spend(A_SERVER)
        label = one.tool["server_label"]
        listed = lists.get(label)
        if listed is None:
            listed = _list(one)
            steps.append(Step(listed))
        answered = answers.get(label, [])
        for given, approved in answered:
            spend(A_SERVER)
            if not approved:
                steps.append(Step(None, f"{given['name']} was not called: the call was not approved."))
            elif given["id"] not in done:
                steps.append(_call(one, given["name"], given["arguments"], given["id"]))
        if answered or called or choice not in ("auto", "required", "mcp"):
            continue
        spend(len(listed["tools"]) / 2)
        is_allowed = _allowing(one.tool)
        known = {tool["name"]: tool for tool in listed["tools"] if is_allowed(tool)}
        tools = [_callable(tool, one.place) for tool in known.values()]
        found = fitting(tools, one.text)
        if choice == "mcp":
            found = _chosen(found or tools, tools, label, named or {})
        for tool in found[:1]:
            text = to_json(arguments(tool.parameters or {}, one.text, one.place)).decode()
            if _needs_approval(one.tool, known[tool.name]):
                request = {**one.wire["response.output.mcp_approval_request"], "id": one.state.ids.hex("mcpr")}
                steps.append(Step(request | {"arguments": text, "name": tool.name, "server_label": label}, last=True))
            else:
                steps.append(_call(one, tool.name, text))
    return steps


def _callable(tool: Mapping[str, Any], place: str) -> Tool:
    """Return a server's tool as the model reads it. It may come from the client, in an item that was sent back.

    Raises:
        APIError: its schema is not valid.
    """
    schema = tool["input_schema"]
    if isinstance(schema, dict):
        # MCP's own schemas need not say that a tool takes no arguments.
        schema = {"type": "object", "properties": {}} | schema
    check_schema(schema, "function", tool["name"], False, f"{place}.input_schema")
    description = tool.get("description")
    return Tool(tool["name"], description if isinstance(description, str) else "", schema, False)


def _chosen(found: list[Tool], tools: list[Tool], label: str, named: Mapping[str, Any]) -> list[Tool]:
    """Return the tool that has to be called: the named one, or else the first that fits."""
    if named.get("server_label", label) != label:
        return []
    return [tool for tool in tools if tool.name == named["name"]] if named.get("name") else found


def _servers(asked: Asked) -> McpServers:
    assert asked.state.mcp is not None  # noqa: S101 - `check` refuses it
    return asked.state.mcp


def _headers(tool: Mapping[str, Any]) -> dict[str, str]:
    headers = dict(tool.get("headers") or {})
    if tool.get("authorization"):
        headers["Authorization"] = f"Bearer {tool['authorization']}"
    return headers


def _list(asked: Asked) -> Item:
    label = asked.tool["server_label"]
    try:
        tools = _servers(asked).list_tools(asked.tool["server_url"], _headers(asked.tool))
    except McpServerError as failure:
        raise error("mcp_tools_unavailable", label=label, problem=str(failure)) from None
    return {
        **asked.wire["response.output.mcp_list_tools"],
        "id": asked.state.ids.hex("mcpl"),
        "server_label": label,
        "tools": [
            {
                "annotations": {"read_only": tool.read_only},
                "description": tool.description,
                "input_schema": tool.input_schema,
                "name": tool.name,
            }
            for tool in tools
        ],
    }


def _call(asked: Asked, name: str, arguments: str, approved: str | None = None) -> Step:
    """Return the call of a tool. A call that fails is also an item."""
    item = {
        **asked.wire["response.output.mcp_call"],
        "id": asked.state.ids.hex("mcp"),
        "approval_request_id": approved,
        "arguments": arguments,
        "name": name,
        "server_label": asked.tool["server_label"],
    }
    try:
        item["output"] = _servers(asked).call_tool(asked.tool["server_url"], _headers(asked.tool), name, arguments)
    except McpServerError as failure:
        problem = {"type": "mcp_tool_execution_error", "content": [{"type": "text", "text": str(failure)}]}
        said = " ".join(str(failure).split())
        said = said if len(said) <= LONGEST_SAID else f"{said[:LONGEST_SAID]}..."
        return Step(item | {"error": problem, "status": "failed"}, f"{name} failed: {said}")
    return Step(item, follow_up([(name, item["output"])]))


def _allowing(server: Mapping[str, Any]) -> Callable[[Mapping[str, Any]], bool]:
    """Return a function that tells whether a tool may be called."""
    allowed = server.get("allowed_tools")
    if isinstance(allowed, list):
        allowed = {"tool_names": allowed}
    return _naming(allowed or {})


def _needs_approval(server: Mapping[str, Any], tool: Mapping[str, Any]) -> bool:
    """Tell whether calling a tool needs the client's approval: always, unless the request says otherwise."""
    asked = server.get("require_approval") or "always"
    if isinstance(asked, str):
        return asked == "always"
    return not (asked.get("never") and _naming(asked["never"])(tool))


def _naming(named: Mapping[str, Any]) -> Callable[[Mapping[str, Any]], bool]:
    """Return a function that tells whether a filter, by name or by read-only, matches a tool."""
    names, read_only = named.get("tool_names"), named.get("read_only")
    listed = frozenset(names or ())

    def fits(tool: Mapping[str, Any]) -> bool:
        told = tool.get("annotations")
        reads = told.get("read_only") if isinstance(told, dict) else None
        return (names is None or tool["name"] in listed) and read_only in (None, reads)

    return fits
