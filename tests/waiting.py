"""Waiting for what another thread or process does."""

import threading
import time
from collections.abc import Callable

SECONDS = 20.0


def until(done: Callable[[], object]) -> None:
    """Wait until something is so.

    Raises:
        AssertionError: it is not after 20 seconds.
    """
    end = time.perf_counter() + SECONDS
    while not done():
        assert time.perf_counter() < end
        threading.Event().wait(0.01)
