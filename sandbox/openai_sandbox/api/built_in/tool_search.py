"""`tool_search`: loads functions with `defer_loading` that fit the prompt, or has the client search for them."""

from collections.abc import Sequence
from typing import Any

from ...model.tools import Tool, fitting
from .definitions import given_back
from .step import Asked, Deferred, Step, arguments

SCHEMA = {
    "type": "object",
    "properties": {"query": {"type": "string"}},
    "required": ["query"],
    "additionalProperties": False,
}
"""What a client is asked if the tool has no `parameters`. Inferred."""


def run(asked: Asked) -> list[Step]:
    """Load the functions that fit, as a call and its output; do nothing if none fits."""
    found = fitting([one.tool for one in asked.deferred], asked.text)
    if not found:
        return []
    loaded = [one for one in asked.deferred if one.tool in found]
    call: dict[str, Any] = {**asked.wire["response.output.tool_search_call"], "id": asked.state.ids.hex("tsc")}
    if asked.tool.get("execution") == "client":
        made = arguments(asked.tool.get("parameters") or SCHEMA, asked.text, asked.place)
        call |= {
            "execution": "client",
            "call_id": asked.state.ids.alphanumeric("call", 24, "_"),
            "arguments": made,
        }
        return [Step(call, last=True)]
    call["arguments"] = {"paths": [_path(tool) for tool in found]}
    output = {
        **asked.wire["response.output.tool_search_output"],
        "id": asked.state.ids.hex("tso"),
        "tools": _definitions(asked, loaded),
    }
    return [Step(call), Step(output, loaded=found)]


def _definitions(asked: Asked, loaded: Sequence[Deferred]) -> list[dict[str, Any]]:
    """Return what was loaded, with the functions of a namespace inside it."""
    listed: list[dict[str, Any]] = []
    spaces: dict[str, dict[str, Any]] = {}
    for one in loaded:
        definition = given_back(asked.wire, one.definition)
        if one.space is None:
            listed.append(definition)
            continue
        name = one.space["name"]
        if name not in spaces:
            spaces[name] = given_back(asked.wire, {**one.space, "tools": []})
            listed.append(spaces[name])
        spaces[name]["tools"].append(definition)
    return listed


def _path(tool: Tool) -> str:
    """Return how a search names a function: by its own name, or below its namespace."""
    return tool.name if tool.namespace in (None, tool.name) else f"{tool.namespace}.{tool.name}"
