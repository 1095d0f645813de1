"""How long something that was read can be relied on before somebody has to read it again.

Only the oldest limit, `OLDEST_SOURCE` of `claims`, fails the tests. Until then, what is overdue is listed on the page
on proofs, in the refresh pull request, and in the footnotes that depend on it.
"""

from datetime import date, timedelta
from typing import Literal

Kind = Literal["price", "model", "limit", "behavior", "sdk", "history"]

LIVES: dict[Kind, timedelta | None] = {
    "price": timedelta(days=14),
    "model": timedelta(days=14),
    "limit": timedelta(days=60),
    "behavior": timedelta(days=60),
    "sdk": None,
    "history": timedelta(days=180),
}
"""Days by kind. None: until the version of the SDK moves."""

MEANINGS: dict[Kind, str] = {
    "price": "what something costs, and who pays",
    "model": "which models there are, and what they take",
    "limit": "how much, how often, how long",
    "behavior": "how OpenAI's servers and others answer",
    "sdk": "what the SDK's own documentation says",
    "history": "what happened on a certain day, and standards that hardly change",
}


def overdue_since(kind: Kind, read: date, today: date) -> str | None:
    """Return since when something of a kind should have been read again, as a phrase, or None if it need not be."""
    life = LIVES[kind]
    if life is None or today - read <= life:
        return None
    return f"due since {read + life + timedelta(days=1)}"
