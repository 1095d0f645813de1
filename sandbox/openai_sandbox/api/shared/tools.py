"""Tools and tool choices of a request, in the forms of both APIs, as the model reads them."""

from collections.abc import Mapping
from typing import Any

from ...model.tools import Tool
from ...validation.strict import Where, refusal
from ...values.budget import OverBudgetError
from ...wire.errors import error

MODES = ("auto", "none", "required")
PLACES = {"text.format": "text.format.schema"}
"""Where the schema of a format is in the request."""


def tools_of(body: Mapping[str, Any]) -> list[Tool]:
    """Return the functions a request offers. Chat Completions nests them in `function`, Responses does not.

    Those under the deprecated `functions` of Chat Completions are among them.

    Raises:
        APIError: a tool is of a kind that is not simulated, or its schema is refused. The error names its place.
    """
    found = []
    for index, function in enumerate(body.get("functions") or ()):
        if function.get("parameters") is not None:
            check_schema(function["parameters"], "function", function["name"], False, f"functions[{index}].parameters")
        found.append(Tool(function["name"], function.get("description") or "", function.get("parameters"), False))
    for index, tool in enumerate(body.get("tools") or ()):
        if tool["type"] != "function":
            raise error("sandbox_unsupported", param=f"tools[{index}].type")
        nested = "function" in tool
        function = tool["function"] if nested else tool
        parameters = function.get("parameters")
        if parameters is not None:
            place = f"tools[{index}].function.parameters" if nested else f"tools[{index}].parameters"
            check_schema(parameters, "function", function["name"], bool(function.get("strict")), place)
        found.append(
            Tool(
                function["name"],
                function.get("description") or "",
                parameters,
                bool(function.get("strict")),
            )
        )
    return found


def check_schema(schema: Any, where: Where, name: str, strict: bool, place: str = "") -> None:
    """Refuse a schema as the API does.

    Raises:
        APIError: what is wrong with it.
    """
    try:
        refused = refusal(schema, where, name, param=place, strict=strict)
    except (OverBudgetError, RecursionError):
        raise error("sandbox_over_budget", param=place or PLACES.get(where, where)) from None
    if refused:
        raise refused


def choice_of(body: Mapping[str, Any], tools: list[Tool], missing: str) -> tuple[str, list[str] | None]:
    """Return what the model has to do: a mode or a function's name, and the names it may choose among (None: all).

    Raises:
        APIError: the choice names a function that is not offered (catalog id `missing`), or is of a kind that is not
            simulated.
    """
    if isinstance(called := body.get("function_call"), dict):
        choice: Any = {"type": "function", "name": called["name"]}
    else:
        choice = called or body.get("tool_choice")
    if choice is None or isinstance(choice, str):
        return choice or "auto", None
    if choice["type"] == "allowed_tools":
        given = choice.get("allowed_tools", choice)
        names = [tool.get("function", tool).get("name", "") for tool in given["tools"]]
        mode = given["mode"]
    elif choice["type"] == "function":
        names = [choice.get("function", choice)["name"]]
        mode = names[0]
    else:
        raise error("sandbox_unsupported", param="tool_choice.type")
    known = {tool.name for tool in tools}
    for name in names:
        if not isinstance(name, str) or name not in known:
            raise error(missing, name=name)
    return mode, names
