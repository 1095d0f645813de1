"""Decides which requests may wait for an MCP server."""

import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager

from ...values import budget
from .mcp_servers import McpServerError, McpServers, McpTool

MOST_AT_ONCE = 32
"""How many MCP servers are asked at the same time."""

MOST_WAITING = 192
"""How many requests may wait for MCP servers, including those being answered."""


class Unlocking:
    """Reaches MCP servers while a lock is released, so that others who need it can go on.

    Args:
        servers: what reaches them.
        lock: held once by the calling thread.
    """

    def __init__(self, servers: McpServers, lock: threading.RLock) -> None:
        self._servers = servers
        self._lock = lock
        self._turns = threading.Semaphore(MOST_AT_ONCE)
        self._waiting = 0

    def list_tools(self, url: str, headers: Mapping[str, str]) -> Sequence[McpTool]:
        """Return the tools of a server."""
        with self._unlocked():
            return self._servers.list_tools(url, headers)

    def call_tool(self, url: str, headers: Mapping[str, str], name: str, arguments: str) -> str:
        """Call a tool."""
        with self._unlocked():
            return self._servers.call_tool(url, headers, name, arguments)

    @contextmanager
    def _unlocked(self) -> Iterator[None]:
        """Wait for a turn and take it.

        Raises:
            McpServerError: too many others are already waiting, or the wait takes too long.
            OverBudgetError: the request has waited long enough.
        """
        patience, begun = min(budget.patience(), budget.SECONDS), time.monotonic()
        if self._waiting >= MOST_WAITING:
            raise McpServerError(f"It was not asked: {MOST_WAITING} other requests wait for MCP servers.")
        self._waiting += 1
        self._lock.release()
        try:
            if not self._turns.acquire(timeout=patience):
                raise McpServerError("It was not asked: too many other requests wait for MCP servers.")
            try:
                yield
            finally:
                self._turns.release()
        finally:
            self._lock.acquire()
            self._waiting -= 1
            budget.waited(time.monotonic() - begun)
