"""Writes texts that match a regular expression, for the `pattern` in a JSON Schema.

The standard library's own parser reads the expression, and each text is searched with it before it is returned.
"""

import random
import string
from functools import lru_cache
from typing import Any

from .budget import spend
from .expression_search import is_found, parsed

ATTEMPTS = 60
LONGEST = 5_000
LETTERS = string.ascii_lowercase
READABLE = string.ascii_letters + string.digits + " .,-_!@#$%&*+/:;=?()[]{}<>'\"|~^`\\"
CATEGORIES = {
    "CATEGORY_DIGIT": string.digits,
    "CATEGORY_WORD": string.ascii_lowercase + string.digits,
    "CATEGORY_SPACE": " ",
    "CATEGORY_NOT_DIGIT": LETTERS,
    "CATEGORY_NOT_WORD": " -.",
    "CATEGORY_NOT_SPACE": string.ascii_lowercase + string.digits,
}


def matching(pattern: str, rng: random.Random, minimum: int = 0, maximum: int | None = None) -> str | None:
    """Return a text in which the expression is found and whose length is within the bounds, or None."""
    expression = parsed(pattern)
    if expression is None:
        return None
    spreads = (2, 0, 1, 5, minimum, 2 * minimum + 10)
    for attempt in range(ATTEMPTS):
        made = _Maker(rng, min(spreads[attempt % len(spreads)], LONGEST)).sequence(expression.tree)
        if len(made) >= LONGEST:
            return None
        padding = "".join(rng.choices(LETTERS, k=min(max(0, minimum - len(made)), LONGEST)))
        # If the expression is not anchored, letters around what it needs do no harm.
        for candidate in (made + padding, padding + made) if padding else (made,):
            fits = minimum <= len(candidate) <= (len(candidate) if maximum is None else maximum)
            if fits and is_found(expression, candidate):
                return candidate
    return None


class _Maker:
    """Makes one text. `spread` is how many more repetitions than the minimum a repetition may have."""

    def __init__(self, rng: random.Random, spread: int) -> None:
        self._rng = rng
        self._spread = spread
        self._groups: dict[int, str] = {}
        self._left = LONGEST

    def sequence(self, tree: Any) -> str:
        """Return a text for a parsed sequence."""
        return "".join([self._node(str(op), argument) for op, argument in tree])

    def _node(self, op: str, argument: Any) -> str:
        spend()
        made = ""  # also for anchors and lookarounds: they match no characters, and the search decides on them
        if op == "LITERAL":
            made = chr(argument)
        elif op == "NOT_LITERAL":
            made = self._rng.choice([letter for letter in LETTERS if ord(letter) != argument])
        elif op == "ANY":
            made = self._rng.choice(LETTERS)
        elif op == "IN":
            made = self._rng.choice(_members(tuple(argument)))
        elif op == "BRANCH":
            made = self.sequence(self._rng.choice(argument[1]))
        elif op == "SUBPATTERN":
            made = self.sequence(argument[3])
            self._groups[argument[0]] = made
        elif op == "ATOMIC_GROUP":
            made = self.sequence(argument)
        elif op in ("MAX_REPEAT", "MIN_REPEAT", "POSSESSIVE_REPEAT"):
            made = self._repeat(*argument)
        elif op == "GROUPREF":
            made = self._groups.get(argument, "")
        elif op == "GROUPREF_EXISTS":
            group, yes, no = argument
            made = self.sequence(yes if group in self._groups else no or ())
        self._left -= len(made)
        return made

    def _repeat(self, least: int, most: int, tree: Any) -> str:
        pieces = []
        for _ in range(least + self._rng.randint(0, min(int(most) - least, self._spread))):
            if self._left <= 0:
                break
            spend()
            pieces.append(self.sequence(tree))
        return "".join(pieces)


@lru_cache(maxsize=256)
def _members(items: tuple[tuple[Any, Any], ...]) -> str:
    """Return characters of a class such as `[a-z_]`: letters and digits, if it has any."""
    found = set()
    negated = False
    for op, argument in items:
        if str(op) == "NEGATE":
            negated = True
        elif str(op) == "LITERAL":
            found.add(chr(argument))
        elif str(op) == "RANGE":
            first, last = argument
            found.update(map(chr, range(first, min(last, first + 500) + 1)))
        else:
            found.update(CATEGORIES[str(argument)])
            if negated and str(argument) == "CATEGORY_WORD":
                found.update(string.ascii_uppercase + "_")
    readable = [letter for letter in READABLE if (letter in found) != negated]
    plain = [letter for letter in readable if letter.isalnum()]
    return "".join(plain or readable or sorted(found)) or LETTERS
