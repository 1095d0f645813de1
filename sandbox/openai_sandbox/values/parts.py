"""Finds which part of a prompt is about which of several things."""

from collections.abc import Sequence

from .expressions import BETWEEN
from .hints import Hints


def parts(hints: Hints, spots: Sequence[int], *, lent: bool = False) -> list[Hints]:
    """Return what each part of a prompt says: one part for each position, from the clause there to the next part.

    Positions in one clause share it.

    Args:
        hints: what the prompt says.
        spots: positions in its text, in order.
        lent: see `Hints`.
    """
    if len(spots) < 2:
        return [hints] * len(spots)
    starts = [0, *(match.end() for match in BETWEEN.finditer(hints.text))]
    begun = [max(start for start in starts if start <= spot) for spot in spots]
    begun[0] = 0
    found = []
    for at in begun:
        end = min((start for start in begun if start > at), default=len(hints.text))
        whole = at == 0 and end == len(hints.text)
        found.append(hints if whole else Hints(hints.text[at:end], hints.around or hints, lent=lent))
    return found
