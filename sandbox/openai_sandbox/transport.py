"""The core as an in-process httpx2 transport, sync and async: no server, no sockets.

client = OpenAI(http_client=httpx2.Client(transport=SandboxTransport(Core())), api_key="sk-sandbox")
"""

import asyncio
import time
from collections.abc import AsyncIterator, Iterator
from typing import Never

import httpx2

from .core import Core
from .wire.messages import Reply, Request


class SandboxTransport(httpx2.BaseTransport):
    """Answers the requests of an `httpx2.Client` from a core."""

    def __init__(self, core: Core) -> None:
        self.core = core

    def handle_request(self, request: httpx2.Request) -> httpx2.Response:
        """Answer one request, waiting as the reply says."""
        request.read()
        reply, _ = self.core.handle(_request(request))
        patience = _read_timeout(request)
        if reply.ending == "hang" or (patience is not None and reply.delay > patience):
            time.sleep(patience if patience is not None else reply.delay)
            _fail(request, reply)
        time.sleep(reply.delay)
        if reply.ending == "drop":
            _fail(request, reply)
        return httpx2.Response(reply.status, headers=reply.headers, stream=_SyncBody(request, reply))


class AsyncSandboxTransport(httpx2.AsyncBaseTransport):
    """Answers the requests of an `httpx2.AsyncClient` from a core."""

    def __init__(self, core: Core) -> None:
        self.core = core

    async def handle_async_request(self, request: httpx2.Request) -> httpx2.Response:
        """Answer one request, waiting as the reply says."""
        await request.aread()
        reply, _ = self.core.handle(_request(request))
        patience = _read_timeout(request)
        if reply.ending == "hang" or (patience is not None and reply.delay > patience):
            await asyncio.sleep(patience if patience is not None else reply.delay)
            _fail(request, reply)
        await asyncio.sleep(reply.delay)
        if reply.ending == "drop":
            _fail(request, reply)
        return httpx2.Response(reply.status, headers=reply.headers, stream=_AsyncBody(request, reply))


class _SyncBody(httpx2.SyncByteStream):
    def __init__(self, request: httpx2.Request, reply: Reply) -> None:
        self._request, self._reply = request, reply

    def __iter__(self) -> Iterator[bytes]:
        patience = _read_timeout(self._request)
        for delay, piece in _pieces(self._reply):
            if patience is not None and delay > patience:
                time.sleep(patience)
                raise httpx2.ReadTimeout("The read operation timed out", request=self._request)
            time.sleep(delay)
            yield piece
        if self._reply.ending == "cut":
            _fail(self._request, self._reply)


class _AsyncBody(httpx2.AsyncByteStream):
    def __init__(self, request: httpx2.Request, reply: Reply) -> None:
        self._request, self._reply = request, reply

    async def __aiter__(self) -> AsyncIterator[bytes]:
        patience = _read_timeout(self._request)
        for delay, piece in _pieces(self._reply):
            if patience is not None and delay > patience:
                await asyncio.sleep(patience)
                raise httpx2.ReadTimeout("The read operation timed out", request=self._request)
            await asyncio.sleep(delay)
            yield piece
        if self._reply.ending == "cut":
            _fail(self._request, self._reply)


def _request(request: httpx2.Request) -> Request:
    return Request(
        method=request.method,
        path=request.url.path,
        headers={name.lower(): value for name, value in request.headers.items()},
        body=request.content,
        query=request.url.query.decode("latin-1"),
    )


def _pieces(reply: Reply) -> Iterator[tuple[float, bytes]]:
    return iter([(0.0, reply.body)]) if isinstance(reply.body, bytes) else reply.body


def _read_timeout(request: httpx2.Request) -> float | None:
    seconds: float | None = request.extensions.get("timeout", {}).get("read")
    return seconds


def _fail(request: httpx2.Request, reply: Reply) -> Never:
    if reply.ending == "drop":
        raise httpx2.RemoteProtocolError("Server disconnected without sending a response.", request=request)
    if reply.ending == "cut":
        raise httpx2.RemoteProtocolError(
            "peer closed connection without sending complete message body (incomplete chunked read)", request=request
        )
    raise httpx2.ReadTimeout("The read operation timed out", request=request)
