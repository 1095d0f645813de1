"""How long something that was read can be relied on before it has to be read again.

Only the final limit, `OLDEST_SOURCE` in `claims`, fails the tests. Until then, overdue sources are listed on the page
about proofs, in the refresh pull request, and in the footnotes that depend on them.
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
"""Days by kind. None means until the SDK's version changes."""

MEANINGS: dict[Kind, str] = {
    "price": "what something costs, and who pays",
    "model": "which models there are, and what they take",
    "limit": "how much, how often, how long",
    "behavior": "how OpenAI's servers and others answer",
    "sdk": "what the SDK's own documentation says",
    "history": "what happened on a certain day, and standards that hardly change",
}


def overdue_since(kind: Kind, read: date, today: date) -> str | None:
    """Return a phrase saying since when something should have been read again, or None if it is not due."""
    life = LIVES[kind]
    if life is None or today - read <= life:
        return None
    return f"due since {read + life + timedelta(days=1)}"
