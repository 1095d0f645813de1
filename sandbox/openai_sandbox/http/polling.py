"""A loop that looks again before it sleeps.

To put a process to sleep and wake it takes longer than a plain answer does, and a client that has its answer often asks
again at once. So the loop looks a few times more whether something has come, for some 40 microseconds together. Only
for a process of its own: in a thread it would keep the program it serves from running.
"""

import asyncio
import os
import selectors
import sys

LOOKS = 30
"""How often it looks before it sleeps."""


class Polling(selectors.DefaultSelector):
    """A selector that looks a few times before it waits."""

    def select(self, timeout: float | None = None) -> list[tuple[selectors.SelectorKey, int]]:
        """Return what is ready, at the latest after so many seconds. None: whenever something is."""
        if timeout is None or timeout > 0:
            for _ in range(LOOKS):
                if ready := super().select(0):
                    return ready
        return super().select(timeout)


def event_loop() -> asyncio.AbstractEventLoop:
    """Return a loop that looks again before it sleeps, or the usual one: where clients would have no other core."""
    if sys.platform == "win32" or (os.cpu_count() or 1) < 2:
        return asyncio.new_event_loop()
    return asyncio.SelectorEventLoop(Polling())
