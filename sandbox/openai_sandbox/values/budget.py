"""A budget for the work of one request, so that no schema, pattern or text keeps the sandbox from answering others.

Work is counted in steps of a few microseconds each. `begin` starts a request; whatever may take a long time calls
`spend` as it goes along. Counting is exact and the same on every machine, so a request that is refused is always
refused.
"""

import math
import threading

SECONDS = 60.0
"""How long one request may wait for other servers in total, in seconds."""

STEPS = 80_000
"""How many steps one request may spend: about a quarter of a second. A prompt of one megabyte fits."""


class OverBudgetError(Exception):
    """The work for a request does not fit its budget."""


class _Left(threading.local):
    steps: float = math.inf
    seconds: float = math.inf


_left = _Left()


def begin(steps: float = STEPS, seconds: float = SECONDS) -> None:
    """Start the budget of a request. Each thread has its own."""
    _left.steps, _left.seconds = steps, seconds


def end() -> None:
    """End the budget of a request: outside of requests, work is not counted."""
    _left.steps = _left.seconds = math.inf


def left() -> float:
    """Return how many steps are left."""
    return _left.steps


def patience() -> float:
    """Return how many seconds of waiting are left.

    Raises:
        OverBudgetError: there are none.
    """
    if _left.seconds <= 0:
        raise OverBudgetError
    return _left.seconds


def waited(seconds: float) -> None:
    """Take the seconds of a wait from the budget."""
    _left.seconds -= seconds


def spend(steps: float = 1) -> None:
    """Take steps from the budget.

    Raises:
        OverBudgetError: there are not that many left.
    """
    _left.steps -= steps
    if _left.steps < 0:
        raise OverBudgetError
