"""A budget for the work of one request, so that no schema, pattern or text keeps the sandbox from answering others.

Work is counted in steps of a few microseconds each. `refill` begins a request; whatever may take long calls `spend` as
it goes along. Counting is exact and the same on every machine, so a request that is refused is always refused.
"""

import math
import threading

STEPS = 80_000
"""What one request may spend: about a quarter of a second. A prompt of a megabyte fits."""


class OverBudgetError(Exception):
    """The work for a request does not fit its budget."""


class _Left(threading.local):
    steps: float = math.inf


_left = _Left()


def begin(steps: float = STEPS) -> None:
    """Begin the budget of a request. Each thread has one."""
    _left.steps = steps


def end() -> None:
    """End the budget of a request: outside of requests, work is not counted."""
    _left.steps = math.inf


def left() -> float:
    """Return how many steps are left."""
    return _left.steps


def spend(steps: float = 1) -> None:
    """Take steps from the budget.

    Raises:
        OverBudgetError: there are not that many left.
    """
    _left.steps -= steps
    if _left.steps < 0:
        raise OverBudgetError
