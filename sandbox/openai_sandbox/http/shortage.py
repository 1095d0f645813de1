"""Handles a shortage of file descriptors: closes idle connections before none are left, and says so once a minute."""

import asyncio
import errno
import logging
import sys
from collections.abc import Collection
from typing import Any

from .connection import Connection

ACCEPTED = 16
"""How many connections are accepted in a row. Then the open ones get their turn."""

SPARE = 2 * ACCEPTED
"""File descriptors kept for things other than connections, such as data that is read when it is first needed."""

SHORTAGES = {errno.EMFILE, errno.ENFILE, errno.ENOBUFS, errno.ENOMEM}
AGAIN = 60.0

logger = logging.getLogger(__name__)


class Shortage:
    """Makes room for new connections. It is also the loop's exception handler, which hears of connections not accepted.

    Args:
        connections: the open connections.
    """

    def __init__(self, connections: Collection[Connection]) -> None:
        self._connections = connections
        self._most = _limit() - SPARE
        self._said = -AGAIN

    def prevent(self) -> None:
        """Make room if the next connection might be one too many."""
        if len(self._connections) >= self._most:
            self._relieve(asyncio.get_running_loop(), f"the limit is {self._most + SPARE} file descriptors")

    def __call__(self, loop: asyncio.AbstractEventLoop, context: dict[str, Any]) -> None:
        """Handle a problem as asyncio describes it."""
        problem = context.get("exception")
        if isinstance(problem, OSError) and problem.errno in SHORTAGES:
            self._relieve(loop, (problem.strerror or str(problem)).lower())
        else:
            loop.default_exception_handler(context)

    def _relieve(self, loop: asyncio.AbstractEventLoop, problem: str) -> None:
        """Close half of the idle connections, those that have been idle the longest."""
        idle = sorted(
            (connection for connection in self._connections if connection.waits_for == "idle"),
            key=lambda connection: connection.since,
        )
        closed = idle[: (len(idle) + 1) // 2]
        for connection in closed:
            connection.abort()
        if loop.time() - self._said >= AGAIN:
            self._said = loop.time()
            said = "%d connections are open, and %s: idle ones are closed. For more, raise the limit with `ulimit -n`"
            logger.warning(said, len(self._connections), problem)


def _limit() -> int:
    """Return how many file descriptors this process may have."""
    if sys.platform == "win32":
        return 1_000_000
    import resource

    limit = resource.getrlimit(resource.RLIMIT_NOFILE)[0]
    return 1_000_000 if limit == resource.RLIM_INFINITY else limit
