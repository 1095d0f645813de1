"""When a rule matches: what must be true of a request."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, fields
from typing import TypedDict

from ..model.answers import normalized
from .seen import Seen


class ConditionOptions(TypedDict, total=False):
    """The conditions other than `words`, by name: see `Conditions`."""

    equals: str
    matches: str
    instructions: str
    model: str
    tool: str
    api: str
    turn: int
    output_of: str
    where: "Callable[[Seen], bool]"


@dataclass(frozen=True, slots=True)
class Conditions:
    """What must be true of a request. All conditions have to be met; those that are None are ignored.

    Args:
        words: words that the user's last message contains, in this order. Case and punctuation are ignored.
        equals: the user's last message is exactly this, apart from spaces around it.
        matches: this regular expression is found in the user's last message.
        instructions: this regular expression is found in the instructions.
        model: the model's id.
        tool: a tool with this name, or of this type, is offered.
        api: `responses` or `chat`.
        turn: the number of the user's message, counted from 1.
        output_of: the last outputs come from this tool.
        where: a function that gets the request (`Seen`) and returns whether the rule matches.
    """

    words: str | None = None
    equals: str | None = None
    matches: str | None = None
    instructions: str | None = None
    model: str | None = None
    tool: str | None = None
    api: str | None = None
    turn: int | None = None
    output_of: str | None = None
    where: Callable[[Seen], bool] | None = None

    def __post_init__(self) -> None:
        """Refuse what cannot be a condition.

        Raises:
            ValueError: an expression cannot be read, or an API is unknown.
        """
        for name in ("matches", "instructions"):
            if (pattern := getattr(self, name)) is not None:
                try:
                    re.compile(pattern)
                except (re.error, TypeError) as problem:
                    raise ValueError(f"{name}: '{pattern}' is not a regular expression: {problem}") from None
        if self.api not in (None, "responses", "chat"):
            raise ValueError(f"api: '{self.api}' is not known: use 'responses' or 'chat'")

    def failing(self, seen: Seen, rounds: int = 1) -> Iterator[str]:
        """Yield the names of the conditions that are not met. With `output_of`, up to `rounds` rounds may follow the
        outputs."""
        if self.words is not None and not _in_order(normalized(self.words).split(), normalized(seen.text).split()):
            yield "words"
        if self.equals is not None and seen.text.strip() != self.equals.strip():
            yield "equals"
        if self.matches is not None and not re.search(self.matches, seen.text):
            yield "matches"
        if self.instructions is not None and not re.search(self.instructions, seen.instructions):
            yield "instructions"
        if self.model is not None and seen.model != self.model:
            yield "model"
        if self.tool is not None and self.tool not in seen.tools:
            yield "tool"
        if self.api is not None and seen.api != self.api:
            yield "api"
        if self.turn is not None and seen.turn != self.turn:
            yield "turn"
        if self.output_of is not None:
            at = self.round(seen)
            if at is None or at >= rounds:
                yield "output_of"
        if self.where is not None and not self.where(seen):
            yield "where"

    def round(self, seen: Seen) -> int | None:
        """Return the round of a request, counted from 0 at the one that first matched, or None if it comes before
        that."""
        if self.output_of is None:
            return len(seen.outputs)
        for number, outputs in enumerate(seen.outputs):
            if any(name == self.output_of for name, _ in outputs):
                return len(seen.outputs) - 1 - number
        return None

    def __str__(self) -> str:
        """Return the conditions as they are written in a test."""
        given = [(field.name, getattr(self, field.name)) for field in fields(self)]
        shown = [repr(value) if name == "words" else f"{name}={value!r}" for name, value in given if value is not None]
        return f"when({', '.join(shown)})"


def _in_order(words: list[str], text: list[str]) -> bool:
    left = iter(text)
    return all(word in left for word in words)
