"""Giving memory back: what glibc keeps of freed memory grows with mixed traffic, until it is told to let go."""

import asyncio
import ctypes
from collections.abc import Callable

INTERVAL = 30.0
"""How often a server gives memory back, in seconds. It takes some milliseconds."""


def trimmer() -> Callable[[int], int] | None:
    """Return glibc's malloc_trim. None where the C library is another."""
    try:
        trim: Callable[[int], int] = ctypes.CDLL(None).malloc_trim
    except (AttributeError, OSError, TypeError):
        return None
    return trim


def give_back(loop: asyncio.AbstractEventLoop) -> None:
    """Give memory back now and then, for as long as the loop runs."""
    if trim := trimmer():
        trim(0)
        loop.call_later(INTERVAL, give_back, loop)
