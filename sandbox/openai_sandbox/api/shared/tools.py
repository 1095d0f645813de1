"""Reads the tools and tool choices of a request, in the forms of both APIs, for the model."""

import re
from collections.abc import Container, Mapping
from typing import Any

from ...model.tools import Tool
from ...validation.strict import Where, refusal
from ...values.budget import OverBudgetError
from ...values.expression_search import parsed
from ...values.grammars import GrammarError, read
from ...wire.errors import error

MODES = ("auto", "none", "required")
FORMATS = ("text", "regex", "lark")
NAME = re.compile(r"[a-zA-Z0-9_-]+")
"""The names that functions and formats can have."""
LONGEST_NAME = 64
"""How many characters the name of a format can have."""
PLACES = {"text.format": "text.format.schema"}
"""The place of a format's schema in the request."""


def tools_of(body: Mapping[str, Any]) -> list[Tool]:
    """Return the tools that a request to Chat Completions offers, including functions in the deprecated `functions`.

    Raises:
        APIError: a tool is of a kind that is not simulated, or its schema is refused. The error names its place.
    """
    found = []
    for index, function in enumerate(body.get("functions") or ()):
        if function.get("parameters") is not None:
            check_schema(function["parameters"], "function", function["name"], False, f"functions[{index}].parameters")
        found.append(Tool(function["name"], function.get("description") or "", function.get("parameters"), False))
    for index, tool in enumerate(body.get("tools") or ()):
        if tool["type"] == "custom" and not body.get("stream"):
            found.append(custom_of(_flat(tool["custom"]), f"tools[{index}].custom"))
            continue
        if tool["type"] != "function":
            raise error("sandbox_unsupported", param=f"tools[{index}].type")
        found.append(function_of(tool["function"], f"tools[{index}].function"))
    return found


def function_of(function: Mapping[str, Any], place: str, namespace: str | None = None) -> Tool:
    """Return a function as the model reads it. `place` is where its definition is.

    Raises:
        APIError: its name or its schema is refused.
    """
    check_name(function["name"], f"{place}.name")
    parameters = function.get("parameters")
    strict = bool(function.get("strict"))
    if parameters is not None:
        check_schema(parameters, "function", function["name"], strict, f"{place}.parameters")
    return Tool(function["name"], function.get("description") or "", parameters, strict, namespace)


def format_schema(form: Mapping[str, Any], where: Where, place: str) -> Any:
    """Return the schema of a format. `place` is where its name is.

    Raises:
        APIError: the name or the schema is refused.
    """
    name, schema = form["name"], form.get("schema") or {}
    if len(name) > LONGEST_NAME:
        raise error("string_too_long", param=f"{place}.name", maximum=LONGEST_NAME, count=len(name))
    check_name(name, f"{place}.name")
    check_schema(schema, where, name, bool(form.get("strict")))
    return schema


def check_name(name: str, place: str) -> None:
    """Refuse a name with characters that the name of a function or a format cannot have.

    Raises:
        APIError: it has such a character. The error names `place`, where the name is.
    """
    if not NAME.fullmatch(name):
        raise error("name_pattern", param=place, pattern=f"^{NAME.pattern}$")


def custom_of(tool: Mapping[str, Any], place: str, namespace: str | None = None) -> Tool:
    """Return a custom tool, in the form that Responses takes, as the model reads it. `place` is where it is defined.

    Raises:
        APIError: its grammar is not simulated.
    """
    form = tool.get("format") or {"type": "text"}
    if form.get("syntax", form["type"]) not in FORMATS:
        raise error("sandbox_unsupported", param=f"{place}.format.syntax")
    if form.get("syntax") == "lark":
        try:
            read(form["definition"])
        except GrammarError:
            raise error("sandbox_unsupported", param=f"{place}.format.definition") from None
    elif form["type"] == "grammar":
        form = {**form, "definition": f"^(?:{form['definition']})$"}
        if parsed(form["definition"]) is None:
            raise error("sandbox_unsupported", param=f"{place}.format.definition")
    return Tool(tool["name"], tool.get("description") or "", None, False, namespace, form)


def _flat(custom: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return a custom tool of Chat Completions in the form of Responses, where the grammar is not an object."""
    form = custom.get("format") or {}
    return {**custom, "format": {**form, **form["grammar"]}} if "grammar" in form else custom


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


def choice_of(
    body: Mapping[str, Any], known: Container[str], missing: str, kinds: Container[str] = ("function", "custom")
) -> tuple[str, list[str] | None]:
    """Return what the model has to do: a mode or a tool's name, and the names it may choose among (None: all).

    Args:
        body: the request.
        known: the names of the tools that it offers. A tool without a name goes by its type.
        missing: the catalog id of the error for a name that is not offered.
        kinds: the types of tools that are simulated.

    Raises:
        APIError: the choice names a tool that is not offered, or is of a kind that is not simulated.
    """
    if isinstance(called := body.get("function_call"), dict):
        choice: Any = {"type": "function", "name": called["name"]}
    else:
        choice = called or body.get("tool_choice")
    if choice is None or isinstance(choice, str):
        return choice or "auto", None
    if choice["type"] == "allowed_tools":
        given = choice.get("allowed_tools", choice)
        names = [_named(tool) for tool in given["tools"]]
        mode = given["mode"]
    elif choice["type"] in kinds:
        # A tool of an MCP server goes by the server's type, because its name is up to the server.
        names = ["mcp" if choice["type"] == "mcp" else _named(choice)]
        mode = names[0]
    else:
        raise error("sandbox_unsupported", param="tool_choice.type")
    for name in names:
        if not isinstance(name, str) or name not in known:
            raise error(missing, name=name)
    return mode, names


def _named(tool: Mapping[str, Any]) -> Any:
    """Return the name of a tool that a choice names, or else its type."""
    about = tool.get("function") or tool.get("custom") or tool
    return about.get("name", tool.get("type", ""))
