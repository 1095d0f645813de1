"""Asserts what the model was asked."""

from collections.abc import Iterable

from ..stages.journal import Exchange
from .conditions import Conditions
from .seen import Seen, api_of, seen_alone

MOST_SHOWN = 10


def assert_called(requests: Iterable[Exchange], conditions: Conditions, times: int | None = None) -> None:
    """Fail unless requests meet the conditions: at least one, or exactly `times` of them.

    Each is looked at on its own: the journal knows only the id of a response that it continues.

    Raises:
        AssertionError: they do not. The message shows what was asked.
    """
    asked = [seen for request in requests if (seen := _seen(request))]
    found = sum(not any(conditions.failing(seen)) for seen in asked)
    if found == times or (times is None and found):
        return
    shown = "\n".join(f"  {seen.api}, {seen.model}: {seen.text[:200]!r}" for seen in asked[-MOST_SHOWN:])
    wanted = "at least once" if times is None else f"{times} times"
    raise AssertionError(f"{conditions} was asked {found} times, not {wanted}. Asked:\n{shown or '  nothing'}")


def _seen(request: Exchange) -> Seen | None:
    api = api_of(request.method, request.path)
    return seen_alone(api, request.body) if api and isinstance(request.body, dict) else None
