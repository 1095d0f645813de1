"""Writes texts that a grammar accepts."""

import random
import re

from .budget import spend
from .grammars import Grammar, GrammarError, Part, height
from .patterns import matching

LONGEST = 5_000
"""The maximum length of a text, in characters."""

DEEP = 6
"""How many rules deep a text is random. Beyond that, it takes the shortest way to its end."""

WORD = re.compile(r"\w")


def text_of(grammar: Grammar, rng: random.Random) -> str:
    """Return a text that the grammar accepts.

    Raises:
        OverBudgetError: that takes too much work.
        GrammarError: no text was found, or none is short enough.
    """
    return _text(grammar, Part("name", "start"), rng, grammar.spaced)


def _text(grammar: Grammar, part: Part, rng: random.Random, spaced: bool) -> str:
    """Return a text for a part. In a terminal, there is nothing between the parts."""
    pieces: list[str] = []
    length = 0
    # A stack instead of recursion: a grammar may go as deep as it likes.
    waiting = [(part, 0)]
    while waiting:
        spend(0.5)
        part, depth = waiting.pop()
        said: str | None = None
        if part.kind == "name":
            if spaced and part.said.isupper():
                said = _text(grammar, grammar.rules[part.said], rng, False)
            else:
                waiting.append((grammar.rules[part.said], depth + 1))
        elif part.kind == "sequence":
            waiting += [(one, depth) for one in reversed(part.parts)]
        elif part.kind == "choice":
            short = min(part.parts, key=lambda one: height(one, grammar.heights))
            waiting.append((rng.choice(part.parts) if depth < DEEP else short, depth))
        elif part.kind == "repeated":
            most = min(part.most, part.least + 2) if depth < DEEP else part.least
            waiting += [(part.parts[0], depth)] * rng.randint(part.least, most)
        else:
            said = part.said if part.kind == "text" else matching(f"^(?:{part.said})$", rng)
            if said is None:
                raise GrammarError(f"no text was found for /{part.said}/")
        if said:
            if spaced and pieces and WORD.match(pieces[-1][-1]) and WORD.match(said):
                pieces.append(" ")
            pieces.append(said)
            length += len(said)
            if length > LONGEST:
                raise GrammarError("no text that is short enough was found")
    return "".join(pieces)
