"""Which tools the small model calls, with which arguments, and what it says about their outputs.

A tool fits a prompt if they share words; words in its name count more than those in its description. The model
understands nothing, and the real models choose better.
"""

import random
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from operator import itemgetter
from typing import Any

from ..values.budget import OverBudgetError, spend
from ..values.expressions import WORD
from ..values.grammar_texts import text_of
from ..values.grammars import GrammarError, read
from ..values.hints import Hints
from ..values.instances import compact, instance
from ..values.parts import parts
from ..values.patterns import matching
from ..values.property_names import STOP, TELLING, WORDS, describe, split, stem
from ..values.told import several

# The score that a tool needs to be called. A word in its name counts 2; a word in its description, a verb that says
# little (`search`, `send`) and a place, a date or a number that a parameter waits for count 1.
ENOUGH = 2
MOST_CALLS = 10
DESCRIPTION = 2_000
LONGEST_OUTPUT = 1_000
A_STEP = 8
"""How many characters of a description are read per step of the budget."""

# Verbs that say little about a tool, and words that are treated as others.
VERBS = frozenset(map(stem, WORDS["verbs"]))
PHRASES: dict[str, str] = WORDS["phrases"]
PHRASE_WORDS = frozenset(phrase.split()[-1] for phrase in PHRASES)
SYNONYMS = {stem(word): stem(other) for word, other in WORDS["synonyms"].items()}


@dataclass(frozen=True, slots=True)
class Tool:
    """A function that the model may call. `parameters` is a JSON Schema; None means no arguments.

    `namespace` is the namespace that a call names. A custom tool takes a text: `written` is its format.
    """

    name: str
    description: str
    parameters: Mapping[str, Any] | None
    strict: bool
    namespace: str | None = None
    written: Mapping[str, Any] | None = None


@dataclass(slots=True)
class ToolCall:
    """A call: what is called, and its arguments as JSON text, or any text for a custom tool."""

    name: str
    arguments: str
    tool: Tool | None = field(default=None, compare=False)


def choose(
    tools: Sequence[Tool],
    prompt: str,
    *,
    choice: str,
    allowed: Collection[str] | None,
    parallel: bool,
    rng: random.Random,
) -> list[ToolCall]:
    """Return the calls to make, or none if the model is to answer with text.

    Args:
        tools: what is offered.
        prompt: the last user message.
        choice: `auto` calls what fits, `none` nothing, `required` at least one; otherwise the name of the function to
            call.
        allowed: the names to choose from; None allows all.
        parallel: whether there may be several calls.
        rng: the source of chance, for arguments that the prompt does not give.

    Raises:
        KeyError: no tool has the name that `choice` asks for.
    """
    if choice == "none":
        return []
    hints = Hints(prompt)
    offered = [tool for tool in tools if allowed is None or tool.name in allowed]
    if choice not in ("auto", "required"):
        forced = {tool.name: tool for tool in tools}[choice]
        return [_call(forced, hints, rng)]
    fitting = _fitting(offered, hints)
    if not fitting and choice == "required" and offered:
        said = _content(hints.words)
        fitting = [(0, max(offered, key=lambda tool: _score(tool, hints, said)[0]))]
    about = parts(hints, [_place(hints, first) for first, _ in fitting])
    if not parallel:
        return [_call(tool, part, rng) for (_, tool), part in zip(fitting[:1], about, strict=False)]
    calls = [call for (_, tool), part in zip(fitting, about, strict=True) for call in _calls(tool, part, rng)]
    return calls[:MOST_CALLS]


def fitting(tools: Sequence[Tool], prompt: str) -> list[Tool]:
    """Return the tools that fit a prompt, in the order in which the prompt mentions them."""
    return [tool for _, tool in _fitting(tools, Hints(prompt))]


def content_words(text: str) -> frozenset[str]:
    """Return the words of a text that say what it is about, in the form in which they are compared."""
    return _content(WORD.findall(text.lower()))


def follow_up(outputs: Sequence[tuple[str, str]]) -> str:
    """Return the answer once tools have replied: what each (name, output) says. It ends an agent's loop."""
    if not outputs:
        return "No tool has replied."
    lines = []
    for name, output in outputs:
        said = " ".join(output.split())
        if len(said) > LONGEST_OUTPUT:
            said = f"{said[:LONGEST_OUTPUT].rstrip()}..."
        lines.append(f"{name} says: {said}" if said else f"{name} says nothing.")
    return "\n".join(lines)


def _fitting(tools: Sequence[Tool], hints: Hints) -> list[tuple[int, Tool]]:
    """Return the tools that fit, in the prompt's order, each with the number of the first word that fits it.

    A word counts only for the tool that it fits best.
    """
    fitting: list[tuple[int, Tool]] = []
    said, left = _content(hints.words), list(tools)
    places: dict[str, int] = {}
    for number, word in enumerate(hints.words):
        places.setdefault(_canonical(word), number)
    spend(sum([len(tool.description[:DESCRIPTION]) for tool in left]) / A_STEP)
    while left:
        spend(len(left))
        scored = [(*_score(tool, hints, said), tool) for tool in left]
        # As words are used up, the other tools fit no better than before.
        scored = [entry for entry in scored if entry[0] >= ENOUGH]
        if not scored:
            break
        best = max(scored, key=itemgetter(0))
        said -= best[1]
        fitting.append((min(places.get(word, 0) for word in best[1]), best[2]))
        left = [tool for _, _, tool in scored if tool is not best[2]]
    return sorted(fitting, key=itemgetter(0))


def _place(hints: Hints, number: int) -> int:
    """Return the position of a word in a prompt, in characters."""
    for at, word in enumerate(WORD.finditer(hints.text)):
        if at == number:
            return word.start()
    return 0


def _score(tool: Tool, hints: Hints, said: frozenset[str]) -> tuple[int, frozenset[str]]:
    """Return how well a tool fits, and the words of the prompt that count for it."""
    named, described = _stems(tool.name, tool.description[:DESCRIPTION])
    by_name, by_description = said & named, (said & described) - named
    score = 2 * len(by_name - VERBS) + len(by_name & VERBS) + len(by_description)
    if 0 < score < ENOUGH and _awaited(tool, hints):
        score += 1
    return score, by_name | by_description


def _content(words: Sequence[str]) -> frozenset[str]:
    found = frozenset(_canonical(word) for word in words if len(word) > 1 and word not in STOP)
    if PHRASE_WORDS.isdisjoint(words):
        return found
    text = f" {' '.join(words)} "
    return found | {_canonical(meant) for phrase, meant in PHRASES.items() if f" {phrase} " in text}


def _canonical(word: str) -> str:
    found = stem(word)
    return SYNONYMS.get(found, found)


@lru_cache(maxsize=512)
def _stems(name: str, description: str) -> tuple[frozenset[str], frozenset[str]]:
    """Return the content words of a tool's name and of its description."""
    return _content(split(name)), _content(WORD.findall(description.lower()))


def _awaited(tool: Tool, hints: Hints) -> bool:
    """Tell whether the prompt has a value for a required parameter that can be recognized by its form."""
    parameters = tool.parameters or {}
    return any(
        bool(hints.strings(key)) if describe(key).kind in TELLING else bool(hints.every_number(key))
        for key in parameters.get("required", ())
        if key in parameters.get("properties", {})
    )


def _calls(tool: Tool, hints: Hints, rng: random.Random) -> list[ToolCall]:
    """Return one call, or one for each of the values the prompt names for a parameter."""
    key, values = several(tool.parameters or {}, hints)
    values = values[:MOST_CALLS]
    if not values:
        return [_call(tool, hints, rng)]
    spots = [max(0, hints.text.find(value)) for value in values]
    if spots != sorted(spots):
        return [_call(tool, hints, rng, {key: value}) for value in values]
    about = parts(hints, spots, lent=True)
    return [_call(tool, part, rng, {key: value}) for value, part in zip(values, about, strict=True)]


def _call(tool: Tool, hints: Hints, rng: random.Random, known: Mapping[str, Any] | None = None) -> ToolCall:
    arguments = _arguments(tool, hints, rng, known) if tool.written is None else _text(tool.written, hints, rng)
    return ToolCall(tool.name, arguments, tool)


def _text(form: Mapping[str, Any], hints: Hints, rng: random.Random) -> str:
    """Return the text for a custom tool: one that its grammar accepts, or what the prompt asks to say.

    Raises:
        OverBudgetError: no text was found that the grammar accepts.
    """
    if form.get("syntax") == "lark":
        try:
            return text_of(read(form["definition"]), rng)
        except GrammarError:
            raise OverBudgetError from None
    if form["type"] == "grammar":
        text = matching(form["definition"], rng)
        if text is None:
            raise OverBudgetError
        return text
    return (hints.passages.expressions or hints.passages.texts or (hints.text,))[0]


def _arguments(tool: Tool, hints: Hints, rng: random.Random, known: Mapping[str, Any] | None = None) -> str:
    parameters = tool.parameters
    if not parameters:
        return "{}"
    if known is None:
        known = lone(parameters, hints)
    return compact(instance({"type": "object", **parameters}, rng, hints, known))


def lone(parameters: Mapping[str, Any], hints: Hints) -> Mapping[str, Any]:
    """Return a name from the prompt for the only parameter, if nothing else says what it should be."""
    properties = parameters.get("properties", {})
    if len(properties) != 1:
        return {}
    ((key, part),) = properties.items()
    found = hints.passages.quoted or hints.capitalized.names
    told = describe(key).kind in TELLING or hints.strings(key) or (isinstance(part, dict) and "enum" in part)
    return {key: found[-1]} if found and not told else {}
