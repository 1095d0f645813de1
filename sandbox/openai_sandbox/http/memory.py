"""The memory of a server that runs for long: when garbage is collected, and what is given back.

What glibc keeps of freed memory grows with mixed traffic, until it is told to let go.
"""

import asyncio
import ctypes
import gc

THRESHOLDS = (50_000, 20, 100)
"""How rarely garbage is collected. Answers leave no cycles, and to look for some among 10,000 of them takes long."""

INTERVAL = 30.0
"""How often a server gives memory back, in seconds. It takes some milliseconds."""

M_MMAP_THRESHOLD = -3
LARGE = 128 * 1024
"""From how many bytes on memory goes back at once. By itself, glibc raises this with the largest that was freed.

Reads need less: they share a buffer, see `buffer`.
"""


def manage(loop: asyncio.AbstractEventLoop) -> None:
    """Collect garbage rarely, and give memory back for as long as the loop runs."""
    gc.set_threshold(*THRESHOLDS)
    give_back(loop)


def give_back(loop: asyncio.AbstractEventLoop) -> None:
    """Give memory back, large pieces at once and the others now and then, for as long as the loop runs.

    Nothing happens where the C library is another.
    """
    try:
        library = ctypes.CDLL(None)
        library.mallopt(M_MMAP_THRESHOLD, LARGE)
        library.malloc_trim(0)
    except (AttributeError, OSError, TypeError):
        return
    loop.call_later(INTERVAL, give_back, loop)
