"""The answer that a script gives the model, instead of the one it would have chosen."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from . import tokens
from .answers import CALL_OVERHEAD, Answer
from .tools import Tool, ToolCall


@dataclass(frozen=True, slots=True)
class ScriptedCall:
    """A call to a function or custom tool: its name, and its arguments as JSON text, or any text for a custom tool."""

    name: str
    arguments: str


@dataclass(frozen=True, slots=True)
class Scripted:
    """An answer.

    Args:
        text: what the model says.
        pieces: the same text in the pieces that a stream sends. None means token by token.
        calls: tool calls, instead of the text or in addition to it.
        refused: whether the text is a refusal.
        uses: built-in tools that are used, each with its results.
        delay: seconds before each piece of a stream. None means that the latency decides.
        usage: token counts that replace the real ones, by `input`, `cached`, `output` and `reasoning`.
        checked: whether the answer has to be possible: calls to tools that the request offers, JSON that matches its
            schema.
        place: the rule it comes from, for errors.
    """

    text: str = ""
    pieces: tuple[str, ...] | None = None
    calls: tuple[ScriptedCall, ...] = ()
    refused: bool = False
    uses: tuple[tuple[str, Mapping[str, Any]], ...] = ()
    delay: float | None = None
    usage: Mapping[str, int] = field(default_factory=dict)
    checked: bool = True
    place: str = ""


def scripted_answer(
    scripted: Scripted, tools: Sequence[Tool], reasoning: int, limit: int | None, stop: Sequence[str], said: str = ""
) -> Answer:
    """Return a scripted answer in the model's form: the cap on output tokens and stop sequences cut it off.

    Args:
        scripted: the answer.
        tools: what the request offers.
        reasoning: how many tokens are spent on reasoning.
        limit: the most tokens to generate, reasoning included.
        stop: texts at which to stop.
        said: what built-in tools make the model say if the script has no text.
    """
    reasoning = scripted.usage.get("reasoning", reasoning)
    if limit is not None and reasoning >= limit > 0:
        return Answer([], [], "length", limit, True)
    left = None if limit is None else limit - reasoning
    text = scripted.text or ("" if scripted.calls else said)
    pieces = list(scripted.pieces) if scripted.pieces is not None else tokens.pieces(tokens.encode(text))
    generated = tokens.encode(text)
    named = {tool.name: tool for tool in tools}
    calls = tuple(ToolCall(call.name, call.arguments, named.get(call.name)) for call in scripted.calls)
    spent = sum(CALL_OVERHEAD + tokens.count(call.name) + tokens.count(call.arguments) for call in calls)
    finish = "tool_calls" if calls else "stop"
    if "output" in scripted.usage:
        spent = scripted.usage["output"] - len(generated) - reasoning
    if stop and (at := min((i for i in map(text.find, stop) if i >= 0), default=None)) is not None:
        text, pieces = text[:at], _first(pieces, at)
        generated = tokens.encode(text)
    if left is not None and len(generated) + spent > left:
        generated = generated[:left]
        kept = "".join(tokens.pieces(generated))
        return Answer(generated, _first(pieces, len(kept)), "length", reasoning, True, refused=scripted.refused)
    return Answer(generated, pieces, finish, reasoning, True, calls, scripted.refused, None, spent)  # type: ignore[arg-type]


def _first(pieces: Sequence[str], length: int) -> list[str]:
    """Return the pieces of the first characters of a text."""
    kept: list[str] = []
    for piece in pieces:
        if length <= 0:
            break
        kept.append(piece[:length])
        length -= len(piece)
    return kept
