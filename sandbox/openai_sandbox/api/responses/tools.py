"""The tools that a request to Responses offers: functions, custom tools, namespaces of them, and built-in tools."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from ...model.tools import Tool
from ...wire.errors import error
from ...wire.members import Members
from ..built_in.definitions import given_back
from ..built_in.kinds import BUILT_IN, kind_of
from ..built_in.step import Deferred
from ..shared.items import Item
from ..shared.tools import check_schema, custom_of, function_of


@dataclass(slots=True)
class Offered:
    """The tools of a request, and those that its items have loaded.

    `functions` can be called, and `deferred` ones once a tool search has loaded them. `built_in` has the definitions of
    tools that the API runs, with their places. `loaded` has the functions that were loaded, by name, and whether each
    is called as its own namespace; `added` has the definitions that came with items.
    """

    functions: list[Tool] = field(default_factory=list)
    deferred: list[Deferred] = field(default_factory=list)
    built_in: list[tuple[str, Mapping[str, Any]]] = field(default_factory=list)
    loaded: dict[str, bool] = field(default_factory=dict)
    added: list[Mapping[str, Any]] = field(default_factory=list)

    @property
    def names(self) -> set[str]:
        """What a tool choice may name: functions and custom tools, and the types of built-in tools."""
        named = {tool.name for tool in self.functions} | {one.tool.name for one in self.deferred}
        types = [str(tool["type"]) for _, tool in self.built_in]
        return named.union(types, map(kind_of, types))

    def given_back(self, wire: Members, tools: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
        """Return the tools of a request as its response returns them, and those that its items have added."""
        named = {tool.get("name") for tool in tools}
        listed = [*tools, *(tool for tool in self.added if tool.get("name") not in named)]
        return [self._given_back(wire, tool) for tool in listed]

    def _given_back(self, wire: Members, tool: Mapping[str, Any]) -> dict[str, Any]:
        apart = self.loaded.get(tool["name"]) if tool["type"] == "function" else None
        if apart is None:
            return given_back(wire, tool)
        function = given_back(wire, {name: value for name, value in tool.items() if name != "defer_loading"})
        if not apart:
            return function
        return {
            "type": "namespace",
            "description": tool.get("description") or "",
            "name": tool["name"],
            "tools": [function],
        }


def offered(body: Mapping[str, Any], items: Iterable[Item], wire: Members) -> Offered:
    """Return the tools that the model may use.

    Raises:
        APIError: a tool is of a kind that is not simulated, or its schema is refused. The error names its place.
    """
    found = Offered()
    _read(found, body.get("tools") or (), "tools")
    apart = "namespace" in wire["response.tools.loaded"]
    for index, item in enumerate(items):
        if item["type"] == "additional_tools":
            _read(found, item["tools"], f"input[{index}].tools")
            found.added += item["tools"]
            _load(found, _names(item["tools"]), apart)
        elif item["type"] == "tool_search_output":
            _load(found, _names(item["tools"]), apart or item.get("execution") != "client")
    choice = body.get("tool_choice")
    if isinstance(choice, dict) and isinstance(choice.get("name"), str):
        # A function that has to be called needs no search.
        found.functions += [one.tool for one in found.deferred if one.tool.name == choice["name"]]
    return found


def _load(found: Offered, names: Iterable[str], apart: bool) -> None:
    """Make functions callable."""
    wanted = set(names)
    known = [*found.functions, *(one.tool for one in found.deferred)]
    loaded = {tool.name: tool for tool in known if tool.name in wanted}
    found.functions = [tool for tool in found.functions if tool.name not in loaded]
    found.functions += [_apart(tool) if apart else replace(tool, namespace=None) for tool in loaded.values()]
    found.deferred = [one for one in found.deferred if one.tool.name not in loaded]
    found.loaded |= dict.fromkeys(loaded, apart)


def _apart(tool: Tool) -> Tool:
    return replace(tool, namespace=tool.namespace or tool.name)


def _read(
    found: Offered, tools: Iterable[Mapping[str, Any]], place: str, space: Mapping[str, Any] | None = None
) -> None:
    namespace = None if space is None else space["name"]
    for index, tool in enumerate(tools):
        here = f"{place}[{index}]"
        if tool["type"] in ("function", "custom"):
            made = (function_of if tool["type"] == "function" else custom_of)(tool, here, namespace)
            if tool.get("defer_loading"):
                found.deferred.append(Deferred(_apart(made), tool, space))
            else:
                found.functions.append(made)
        elif tool["type"] == "namespace":
            _read(found, tool["tools"], f"{here}.tools", tool)
        elif kind_of(tool["type"]) in BUILT_IN:
            if tool["type"] == "tool_search" and tool.get("parameters") is not None:
                check_schema(tool["parameters"], "function", "tool_search", False, f"{here}.parameters")
            found.built_in.append((here, tool))
        else:
            raise error("sandbox_unsupported", param=f"{here}.type")


def _names(tools: Iterable[Mapping[str, Any]]) -> Iterator[str]:
    """Yield the names of functions, including those in namespaces."""
    for tool in tools:
        yield tool.get("name", "")
        yield from _names(tool.get("tools") or ())
