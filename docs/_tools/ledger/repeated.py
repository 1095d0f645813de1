"""Finds pairs of claims that seem to say the same thing, by a simple measure: how many words they share.

The words of a statement are its lower-case words without a plural `s` and without filler words. Two statements seem the
same if two thirds of the words of the shorter one are in the longer one, and if they share a third of all their words.
The measure finds pairs to read; it does not judge them. Pairs that turned out to say different things are listed in
`DIFFERENT`, with the reason.
"""

import re
from collections.abc import Iterable
from itertools import combinations

from .claims import Claim

SHARED_BY_SHORTER, SHARED_BY_ALL = 0.65, 0.33
SAY_NOTHING = frozenset(
    re.findall(
        r"\S+",
        """
a an and any are as at be before both but by can did do does for from had has have if in into is it its may more most
neither no nor not of on one or other own raise sdk sdk's so such that the their them then there these they this to too
was were what when where which while who will with without documentation say openai's guide openai api client response
request call new
""",
    )
)
WORD = re.compile(r"[a-z0-9_$](?:[\w.$'-]*[\w])?")

# Read on November 29 and December 1, 2026. The reason says what only one of the two says.
DIFFERENT = {
    ("max-tokens-typeerror", "n-chat-only"): "two parameters",
    ("gpt-4o-price", "card-sum"): "what the data says; what a card says",
    ("input-item-types", "input-string-or-list"): "what is in a list; that there may be one",
    ("connection-of-closed-loop", "client-keeps-connection"): "after its event loop; while its event loop runs",
    ("luna-cheaper", "three-prices"): "two models compared; the prices of each model compared",
}


def words(statement: str) -> frozenset[str]:
    """Return the words that carry a statement's meaning."""
    found = (word.removesuffix("s") for word in WORD.findall(re.sub(r"[`*\"]", "", statement.lower())))
    return frozenset(found) - SAY_NOTHING


def alike(claims: Iterable[Claim]) -> list[tuple[str, str]]:
    """Return the ids of each pair of claims that seem to say the same thing, except for pairs known to differ."""
    said = [(claim.id, words(claim.statement)) for claim in claims]
    return [
        (first, second)
        for (first, one), (second, other) in combinations(said, 2)
        if _same(one, other) and not {(first, second), (second, first)} & DIFFERENT.keys()
    ]


def _same(one: frozenset[str], other: frozenset[str]) -> bool:
    common = len(one & other)
    shorter = min(len(one), len(other)) or 1
    return common / shorter >= SHARED_BY_SHORTER and common / len(one | other) >= SHARED_BY_ALL
