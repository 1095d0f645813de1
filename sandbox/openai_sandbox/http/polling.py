"""An event loop that checks again before it sleeps.

Putting a process to sleep and waking it takes longer than a plain answer, and a client that has its answer often asks
again at once. So the loop checks a few more times whether something has arrived, for some 40 microseconds in all. It is
only for a separate process: in a thread, it would keep the program it serves from running.
"""

import asyncio
import os
import selectors
import sys

LOOKS = 30
"""How often it checks before it sleeps."""


class Polling(selectors.DefaultSelector):
    """A selector that checks a few times before it waits."""

    def select(self, timeout: float | None = None) -> list[tuple[selectors.SelectorKey, int]]:
        """Return what is ready, after `timeout` seconds at the latest, or with None whenever something is."""
        if timeout is None or timeout > 0:
            for _ in range(LOOKS):
                if ready := super().select(0):
                    return ready
        return super().select(timeout)


def event_loop() -> asyncio.AbstractEventLoop:
    """Return a loop that checks again before it sleeps, or the usual one if clients would have no other core."""
    if sys.platform == "win32" or (os.cpu_count() or 1) < 2:
        return asyncio.new_event_loop()
    return asyncio.SelectorEventLoop(Polling())
