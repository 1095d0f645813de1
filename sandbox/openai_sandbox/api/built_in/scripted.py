"""The built-in tools that a script uses, and their results."""

from collections.abc import Mapping, Sequence
from typing import Any

from ...model.scripted import Scripted
from ..shared.possible import impossible
from .kinds import BUILT_IN, kind_of
from .step import Asked, Step

ALSO = {
    "web_search": ("pages",),
    "code_interpreter": ("logs",),
    "mcp": ("name", "arguments", "output", "server_label"),
}
"""What a tool may return in addition to members of its item."""


def use(scripted: Scripted, asked: Sequence[Asked]) -> list[Step]:
    """Return what the tools that a script uses do, in the script's order.

    Raises:
        APIError: the request does not offer a tool, or a tool has a result that it cannot have.
    """
    steps: list[Step] = []
    for name, brought in scripted.uses:
        offered = [one for one in asked if name in (one.tool["type"], kind_of(one.tool["type"]))]
        if not offered:
            tools = ", ".join(one.tool["type"] for one in asked) or "none"
            raise impossible(scripted, f"it uses '{name}', but the built-in tools in the request are {tools}")
        one = offered[0]._replace(forced=True, brought=brought)
        made = [_mcp_call(one)] if name == "mcp" else BUILT_IN[kind_of(name)].run(one)
        for number, step in enumerate(made):
            item = step.item
            if number == 0 and item is not None:
                members = {key: value for key, value in brought.items() if key not in ALSO.get(name, ())}
                if unknown := members.keys() - item.keys():
                    known = sorted({*item, *ALSO.get(name, ())} - {"id", "type"})
                    problem = f"'{name}' has no '{min(unknown)}': use {', '.join(known)}"
                    raise impossible(scripted, problem)
                item |= members
            steps.append(step)
    return steps


def _mcp_call(asked: Asked) -> Step:
    """Return the call of an MCP server's tool without running it."""
    brought: Mapping[str, Any] = asked.brought
    item = {
        **asked.wire["response.output.mcp_call"],
        "id": asked.state.ids.hex("mcp"),
        "approval_request_id": None,
        "arguments": "{}",
        "name": "",
        "output": None,
        "server_label": asked.tool["server_label"],
    }
    item |= {key: value for key, value in brought.items() if key in item}
    return Step(item, str(item["output"] or ""))
