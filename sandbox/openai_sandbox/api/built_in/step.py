"""What a built-in tool is asked, and what it does."""

import random
from collections.abc import Collection, Mapping, Sequence
from types import MappingProxyType
from typing import Any, NamedTuple

from pydantic_core import to_json

from ...model.tools import Tool, lone
from ...values.budget import OverBudgetError
from ...values.hints import Hints
from ...values.instances import instance
from ...wire.errors import error
from ...wire.members import Members
from ...wire.weight import weight
from ..shared.items import Item
from ..shared.state import State

LONGEST_ASKED = 4_000
"""How many characters of a user's text a tool reads."""


class Deferred(NamedTuple):
    """A function that a tool search can load: in the model's form, its definition, and its namespace's definition."""

    tool: Tool
    definition: Mapping[str, Any]
    space: Mapping[str, Any] | None


class Asked(NamedTuple):
    """What a tool is asked.

    Args:
        tool: its definition in the request.
        place: where that is, such as `tools[0]`.
        text: the beginning of the user's last message.
        state: what the API stores, and what makes ids.
        wire: which members its items have.
        included: which parts of it the request wants included.
        deferred: the functions that are not loaded yet.
        forced: whether the tool has to be used.
        brought: the results that a script gives it.
    """

    tool: Mapping[str, Any]
    place: str
    text: str
    state: State
    wire: Members
    included: Collection[str]
    deferred: Sequence[Deferred]
    forced: bool = False
    brought: Mapping[str, Any] = MappingProxyType({})


class Citation(NamedTuple):
    """A part of a text that names a source, and the annotation for it, without its position."""

    text: str
    annotation: Mapping[str, Any]


class Step(NamedTuple):
    """Something that a tool did: an output item, if any, what the model says about it, and the sources it names.

    `loaded` has functions that can be called from now on. After a `last` step the model says nothing, because the
    client has to answer first.
    """

    item: Item | None
    said: str = ""
    citations: Sequence[Citation] = ()
    loaded: Sequence[Tool] = ()
    last: bool = False


def arguments(schema: Mapping[str, Any], text: str, place: str) -> Any:
    """Return made-up arguments that fit a schema and a user's text. `place` is the place of the tool in the request.

    Raises:
        APIError: that takes more work than one request may use.
    """
    try:
        hints = Hints(text)
        return instance(schema, random.Random(text), hints, lone(schema, hints))  # noqa: S311 - not for secrets
    except (OverBudgetError, OverflowError, RecursionError):
        raise error("sandbox_over_budget", param=place) from None


def made_weight(steps: Sequence[Step]) -> int:
    """Return about how many bytes the items of steps take: a server may give a large answer to a small request."""
    return sum([weight(to_json(step.item)) for step in steps if step.item])


def annotations(text: str, steps: Sequence[Step]) -> list[dict[str, Any]]:
    """Return the citations in a text, each with its position."""
    placed: list[dict[str, Any]] = []
    end = 0
    for step in steps:
        for cited, annotation in step.citations:
            start = text.find(cited, end)
            if start >= 0:
                end = start + len(cited)
                placed.append({**annotation, **_place(annotation["type"], text, start, end)})
    return placed


def end_of(annotation: Mapping[str, Any]) -> int:
    """Return where the part that an annotation cites ends."""
    end: int = annotation["index"] if annotation["type"] == "file_citation" else annotation["end_index"]
    return end


def _place(kind: str, text: str, start: int, end: int) -> dict[str, int]:
    """Return the position of a citation: pages have a span, files the position before the period."""
    if kind == "file_citation":
        return {"index": end - (text[end - 1] in ".!?")}
    return {"start_index": start, "end_index": end}
