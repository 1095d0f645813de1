"""Too few file descriptors: idle connections are closed before there are none left, and that is said once a minute."""

import asyncio
import errno
import logging
import sys
from collections.abc import Collection
from typing import Any

from .connection import Connection

ACCEPTED = 16
"""How many connections are taken one after the other. Then those that are open have their turn."""

SPARE = 2 * ACCEPTED
"""File descriptors kept for what is not a connection, data that is read when it is first needed, say."""

SHORTAGES = {errno.EMFILE, errno.ENFILE, errno.ENOBUFS, errno.ENOMEM}
AGAIN = 60.0

logger = logging.getLogger(__name__)


class Shortage:
    """Makes room for new connections. Also the handler of what a loop cannot handle, for it cannot accept them either.

    Args:
        connections: those that are open.
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
        """Take a problem as asyncio describes it."""
        problem = context.get("exception")
        if isinstance(problem, OSError) and problem.errno in SHORTAGES:
            self._relieve(loop, (problem.strerror or str(problem)).lower())
        else:
            loop.default_exception_handler(context)

    def _relieve(self, loop: asyncio.AbstractEventLoop, problem: str) -> None:
        """Close the half of the idle connections that has been idle for longest."""
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
