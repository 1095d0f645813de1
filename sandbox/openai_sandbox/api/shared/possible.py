"""Checks that a model could give a scripted answer: it calls only what is offered and writes what was asked for."""

import json
from collections.abc import Iterator, Mapping
from typing import Any

from ...model.answers import Task
from ...model.scripted import Scripted
from ...model.tools import Tool
from ...values.budget import OverBudgetError
from ...values.expression_search import is_found, parsed
from ...values.flattening import normalized
from ...values.json_schema import accepts, resolve
from ...wire.errors import APIError, error

LONGEST = 600
"""How many characters of an answer and of a schema an error shows."""


def check(scripted: Scripted, task: Task) -> None:
    """Refuse a scripted answer that no model could give to this request.

    Raises:
        APIError: what is wrong with it. The message shows the answer and what was asked for.
    """
    if not scripted.checked:
        return
    for problem in _problems(scripted, task):
        raise impossible(scripted, problem)


def impossible(scripted: Scripted, problem: str) -> APIError:
    """Return the error that says that a scripted answer is impossible."""
    return error("script_impossible", rule=scripted.place, problem=problem)


def _problems(scripted: Scripted, task: Task) -> Iterator[str]:
    named = {tool.name: tool for tool in task.tools if task.allowed is None or tool.name in task.allowed}
    if len(scripted.calls) > 1 and not task.parallel:
        yield "it calls several tools, but the request has parallel_tool_calls false"
    for call in scripted.calls:
        if call.name not in named:
            offered = ", ".join(named) or "none"
            yield f"it calls '{call.name}', but the request offers {offered}"
        elif task.choice == "none":
            yield f"it calls '{call.name}', but the request has tool_choice none"
        elif task.choice not in ("auto", "required", call.name):
            yield f"it calls '{call.name}', but the request chose '{task.choice}'"
        else:
            yield from _wrong_arguments(named[call.name], call.arguments)
    if scripted.calls or scripted.refused or scripted.uses:
        return
    if task.choice not in ("auto", "none"):
        yield f"it answers with a text, but the request has tool_choice '{task.choice}'"
    if task.schema is not None:
        yield from _wrong_json("the text", scripted.text, task.schema)
    elif task.json_object and not isinstance(_parsed(scripted.text), dict):
        yield f"the text {_short(scripted.text)} is not a JSON object, which the request asks for"


def _wrong_arguments(tool: Tool, arguments: str) -> Iterator[str]:
    if tool.written is None:
        yield from _wrong_json(f"the JSON for '{tool.name}'", arguments, tool.parameters or {})
    elif tool.written["type"] == "grammar" and tool.written.get("syntax") == "regex":
        expression = parsed(tool.written["definition"])
        if expression and not is_found(expression, arguments):
            yield f"the text for '{tool.name}', {_short(arguments)}, does not match {tool.written['definition']}"


def _wrong_json(what: str, text: str, schema: Mapping[str, Any]) -> Iterator[str]:
    value = _parsed(text)
    if value is _NONE:
        yield f"{what}, {_short(text)}, is not JSON"
        return
    root = normalized(dict(schema))
    try:
        if not accepts(root, value, root):
            place, why = _first_wrong(root, value, root, "", 0)
            shown = _short(json.dumps(schema, ensure_ascii=False))
            yield f"{what}, {_short(text)}, does not fit: {place or 'the value'} {why}. The schema is {shown}"
    except (OverBudgetError, RecursionError):
        return


def _first_wrong(schema: Any, value: Any, root: Any, place: str, depth: int) -> tuple[str, str]:
    """Return the place of the innermost value that does not fit, as far as properties and items lead, and why."""
    if isinstance(schema, dict) and isinstance(schema.get("$ref"), str) and depth < 20:
        return _first_wrong(resolve(root, schema["$ref"]), value, root, place, depth + 1)
    if isinstance(schema, dict) and isinstance(value, dict):
        properties = schema.get("properties") or {}
        for name in schema.get("required") or ():
            if name not in value:
                return place, f"lacks '{name}'"
        for name, inner in value.items():
            here = f"{place}.{name}" if place else name
            if name in properties and not accepts(properties[name], inner, root):
                return _first_wrong(properties[name], inner, root, here, depth + 1)
            if name not in properties and schema.get("additionalProperties") is False:
                return place, f"has '{name}', which is not in the schema"
    if isinstance(schema, dict) and isinstance(value, list) and isinstance(schema.get("items"), dict):
        for number, inner in enumerate(value):
            if not accepts(schema["items"], inner, root):
                return _first_wrong(schema["items"], inner, root, f"{place}[{number}]", depth + 1)
    wanted = schema
    if isinstance(schema, dict):
        wanted = {key: part for key, part in schema.items() if key not in ("title", "description")}
    said, asked = (_short(json.dumps(one, ensure_ascii=False)) for one in (value, wanted))
    return place, f"is {said}, not {asked}"


_NONE = object()


def _parsed(text: str) -> Any:
    try:
        return json.loads(text)
    except ValueError:
        return _NONE


def _short(text: str) -> str:
    return text if len(text) <= LONGEST else f"{text[:LONGEST]}..."
