"""The memory of a long-running server: when garbage is collected, and what is given back.

With mixed traffic, the freed memory that glibc keeps grows until it is told to release it.
"""

import asyncio
import ctypes
import gc

THRESHOLDS = (50_000, 20, 100)
"""How rarely garbage is collected. Answers leave no cycles, and searching 10,000 of them takes a long time."""

INTERVAL = 30.0
"""How often a server gives memory back, in seconds. It takes a few milliseconds."""

M_MMAP_THRESHOLD = -3
LARGE = 128 * 1024
"""From this size in bytes, memory goes back at once. By default, glibc raises this to the largest size freed.

Reads need less: they share a buffer, see `buffer`.
"""


def manage(loop: asyncio.AbstractEventLoop) -> None:
    """Collect garbage rarely, and give memory back for as long as the loop runs."""
    gc.set_threshold(*THRESHOLDS)
    give_back(loop)


def give_back(loop: asyncio.AbstractEventLoop) -> None:
    """Give memory back, large pieces at once and others now and then, for as long as the loop runs.

    It does nothing with another C library.
    """
    try:
        library = ctypes.CDLL(None)
        library.mallopt(M_MMAP_THRESHOLD, LARGE)
        library.malloc_trim(0)
    except (AttributeError, OSError, TypeError):
        return
    loop.call_later(INTERVAL, give_back, loop)
