"""How the MCP client reaches a server: on this machine only, and within limits on size and requests."""

import re
import ssl
from collections.abc import AsyncIterator, Callable
from functools import cache

import httpx2

from ..api.shared.mcp_servers import McpServerError
from ..wire.masking import mask_keys
from .address import is_loopback_host

EVENT = re.compile(rb"^data", re.MULTILINE)

MOST_BYTES = 8_000_000
"""How many bytes a server may send in a session. Its list of tools, or a tool's answer, takes part of that."""

AN_EVENT = 4_000
A_PIECE = 500
"""How many bytes each event of a stream and each piece read count for: they take time, however small they are."""

MOST_REQUESTS = 200
"""How many requests a session may make: lists of tools come in pages."""


def check_local(url: httpx2.URL) -> None:
    """Raise unless a URL is on this machine.

    Raises:
        McpServerError: its host is not a loopback address.
    """
    if url.scheme not in ("http", "https") or not is_loopback_host(url.host):
        raise McpServerError(
            "The sandbox reaches MCP servers on this machine only, such as http://127.0.0.1:8000/mcp, not "
            f"'{mask_keys(url.host)}'."
        )


class LocalTransport(httpx2.AsyncBaseTransport):
    """Sends the requests of one session.

    Each one is checked, because a server may redirect it or name another address for the next one. No proxy and no
    .netrc is used: both are for other machines.

    Attributes:
        problem: why the session was ended, if it was. The code that reads an answer may hide that.
    """

    def __init__(self) -> None:
        self.problem: McpServerError | None = None
        self._inner = httpx2.AsyncHTTPTransport(_trusted(), trust_env=False)
        self._requests = self._bytes = 0

    async def handle_async_request(self, request: httpx2.Request) -> httpx2.Response:
        """Send a request, and return an answer that is ended if it gets too long."""
        try:
            check_local(request.url)
        except McpServerError as problem:
            raise self._end(problem) from None
        self._requests += 1
        if self.problem:
            raise self.problem
        if self._requests > MOST_REQUESTS:
            raise self._end(McpServerError(f"It takes more than {MOST_REQUESTS} requests."))
        # A few bytes may decompress to very many.
        request.headers["accept-encoding"] = "identity"
        response = await self._inner.handle_async_request(request)
        if response.headers.get("content-encoding", "identity") != "identity":
            await response.aclose()
            raise self._end(McpServerError("It compresses its answers, which nobody asked for."))
        assert isinstance(response.stream, httpx2.AsyncByteStream)  # noqa: S101 - narrows the type
        counted = _Counted(response.stream, self._count)
        return httpx2.Response(
            response.status_code, headers=response.headers, stream=counted, extensions=response.extensions
        )

    async def aclose(self) -> None:
        """Close the connections."""
        await self._inner.aclose()

    def _count(self, piece: bytes) -> None:
        self._bytes += len(piece) + A_PIECE + AN_EVENT * len(EVENT.findall(piece))
        if self._bytes > MOST_BYTES:
            raise self._end(McpServerError("It sends too much."))
        if self.problem:
            raise self.problem

    def _end(self, problem: McpServerError) -> McpServerError:
        self.problem = self.problem or problem
        return problem


@cache
def _trusted() -> ssl.SSLContext:
    """Return the trusted certificates. Reading them takes longer than everything else in a session."""
    return httpx2.create_ssl_context(trust_env=False)


class _Counted(httpx2.AsyncByteStream):
    """A body whose pieces are counted. `count` raises if there are too many bytes."""

    def __init__(self, body: httpx2.AsyncByteStream, count: Callable[[bytes], None]) -> None:
        self._body, self._count = body, count

    async def __aiter__(self) -> AsyncIterator[bytes]:
        async for piece in self._body:
            self._count(piece)
            yield piece

    async def aclose(self) -> None:
        await self._body.aclose()
