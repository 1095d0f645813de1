"""Tables of what both APIs write for the same thing, checked against the types of the installed SDK."""

import ast
import inspect
import textwrap
from collections.abc import Iterable, Mapping
from functools import cache
from typing import Any, Literal, get_args, get_origin, get_type_hints

from pydantic import BaseModel

from .sdk import wrapping

NOTHING = "—"

Paths = Mapping[str, tuple[str | None, str | None]]
"""What a request or a reply says, by what it is for: the path in Responses, and in Chat Completions."""
Types = Mapping[str, Mapping[str, type]]
"""By API, the types that have these paths, by how the paths begin. The longest beginning counts."""


def fixed(types: Types, api: str, path: str) -> str | None:
    """Return the only value that a member can have according to its type, or nothing.

    Raises:
        KeyError: the SDK has no such member.
    """
    start = max((start for start in types[api] if path.startswith(start)), key=len)
    name, model = path.removeprefix(start), types[api][start]
    hint: Any = model.model_fields[name].annotation if issubclass(model, BaseModel) else get_type_hints(model)[name]
    while get_origin(hint) is not Literal:
        inner = [part for part in get_args(hint) if part is not type(None)]
        if len(inner) != 1 or get_origin(hint) is list:
            return None
        (hint,) = inner
    return str(get_args(hint)[0]) if len(get_args(hint)) == 1 else None


def names(model: type) -> frozenset[str]:
    """Return the members of a type, by their names in JSON."""
    if issubclass(model, BaseModel):
        return frozenset(info.alias or name for name, info in model.model_fields.items())
    return frozenset(get_type_hints(model))


@cache
def required(model: type) -> frozenset[str]:
    """Return the members that a typed dictionary requires, as its source marks them."""
    body = ast.parse(textwrap.dedent(inspect.getsource(model))).body[0]
    assert isinstance(body, ast.ClassDef)  # noqa: S101 - narrows the type
    marked = (node for node in body.body if isinstance(node, ast.AnnAssign))
    return frozenset(
        ast.unparse(node.target) for node in marked if ast.unparse(node.annotation).startswith("Required[")
    )


def _cell(types: Types, api: str, path: str | None) -> str:
    if path is None:
        return NOTHING
    value = fixed(types, api, path)
    return f"`{path}`" + (f", `{value}`" if value else "")


def side_by_side(about: Paths, types: Types) -> list[str]:
    """Return a table of the same thing in both APIs.

    Raises:
        KeyError: the SDK has no such member.
    """
    rows = [
        (name, _cell(types, "responses", ours), _cell(types, "chat", theirs)) for name, (ours, theirs) in about.items()
    ]
    return both("What", rows)


def both(head: str, rows: Iterable[tuple[str, str, str]]) -> list[str]:
    """Return a table with a column for each API, which on a phone are lines of their own."""
    lines = [f"| {head} | Responses | Chat Completions |", "|---|---|---|", *(f"| {' | '.join(row)} |" for row in rows)]
    return wrapping(lines, "both-apis")


def listed(names: Iterable[str]) -> str:
    """Return names as code, with `and` before the last."""
    *first, last = (f"`{name}`" for name in names)
    return f"{', '.join(first)} and {last}" if first else last
