"""How items of built-in tools are streamed: how each begins, and the events up to its end."""

from collections.abc import Iterator
from typing import Any, NamedTuple

from ..shared.items import Item

BEFORE = {
    "mcp_list_tools": ("mcp_list_tools.in_progress",),
    "mcp_call": ("mcp_call.in_progress",),
    "code_interpreter_call": ("code_interpreter_call.in_progress",),
    "file_search_call": ("file_search_call.in_progress", "file_search_call.searching"),
    "image_generation_call": ("image_generation_call.in_progress", "image_generation_call.generating"),
    "web_search_call": ("web_search_call.in_progress", "web_search_call.searching"),
}
"""The events between the beginning of an item and its content, and those after the content."""
AFTER = {
    "mcp_list_tools": ("mcp_list_tools.completed",),
    "mcp_call": ("mcp_call.completed",),
    "code_interpreter_call": ("code_interpreter_call.interpreting", "code_interpreter_call.completed"),
    "file_search_call": ("file_search_call.completed",),
    "image_generation_call": ("image_generation_call.completed",),
    "web_search_call": ("web_search_call.completed",),
}
WRITTEN = {
    "code_interpreter_call": ("code", "code_interpreter_call_code"),
    "custom_tool_call": ("input", "custom_tool_call_input"),
    "function_call": ("arguments", "function_call_arguments"),
    "mcp_call": ("arguments", "mcp_call_arguments"),
}
"""The parts of an item that come in pieces, and how their events begin."""
LATER = {"image_generation_call": ("background", "output_format", "quality", "result", "revised_prompt", "size")}
"""What an item does not have when it begins."""


class Written(NamedTuple):
    """A text of an item that comes in pieces: how its events begin, its name in the last of them, and the text.

    For shell commands, `number` is the number of the command: their events name it instead of the item, and an extra
    event says that it begins.
    """

    name: str
    member: str
    text: str
    number: int | None = None


def beginning(item: Item) -> Item:
    """Return an item as it is when it begins."""
    started: dict[str, Any] = {name: value for name, value in item.items() if name not in LATER.get(item["type"], ())}
    if "status" in item:
        started["status"] = "in_progress"
    if item["type"] == "mcp_call":
        started |= {"error": None, "output": None}
    if item["type"] in WRITTEN:
        started[WRITTEN[item["type"]][0]] = ""
    elif item["type"] == "mcp_list_tools":
        started["tools"] = []
    elif item["type"] == "shell_call":
        started["action"] = item["action"] | {"commands": []}
    elif item["type"] == "file_search_call":
        started |= {"queries": [], "results": None}
    elif item["type"] == "tool_search_call":
        started["arguments"] = {}
    elif item["type"] == "web_search_call":
        # Since January 2026, like the queries: its action is there from the beginning.
        del started["action"]
        if "queries" in item["action"]:
            started["action"] = {"type": item["action"]["type"]}
    if item["type"] == "code_interpreter_call" and item["outputs"] is not None:
        started["outputs"] = []
    return started


def between(item: Item) -> Iterator[str | Written]:
    """Yield what comes between beginning and end: names of events, without `response.`, and a text in pieces."""
    kind = item["type"]
    yield from BEFORE.get(kind, ())
    if kind in WRITTEN:
        member, name = WRITTEN[kind]
        yield Written(name, member, item[member])
    elif kind == "shell_call":
        for number, command in enumerate(item["action"]["commands"]):
            yield Written("shell_call_command", "command", command, number)
    if item.get("status") == "failed":
        yield f"{kind}.failed"
    else:
        yield from AFTER.get(kind, ())
