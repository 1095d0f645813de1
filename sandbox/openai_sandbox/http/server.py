"""The core behind a real HTTP server, for other processes or for the same one.

`serve()` answers on a listening socket. `Sandbox` does so in a thread and points the SDK at it.
"""

import asyncio
import socket
import ssl
from collections.abc import Callable, Coroutine, Mapping
from functools import partial
from itertools import count
from typing import TYPE_CHECKING

from ..core import Core, Interception
from ..stages.journal import Exchange
from ..wire.errors import APIError
from ..wire.messages import Reply, Request
from .access import Access, is_preflight
from .address import BACKLOG
from .connection import Application, Connection
from .reader import Heads
from .relayed import Relayed
from .shortage import ACCEPTED, Shortage
from .threads import in_thread
from .timeouts import INTERVAL

if TYPE_CHECKING:
    from ..cassettes.recorder import Recorder
    from .upstream import Upstream

Log = Callable[[Exchange], None]

MOST_THREADS = 256
"""How many requests that may wait for MCP servers can be in progress. The core lets fewer of them actually wait."""


def application(
    core: Core,
    log: Log | None = None,
    access: Access | None = None,
    upstream: "Upstream | None" = None,
) -> Application:
    """Return the application for a core. `log` gets every exchange; an `upstream` answers instead of the core."""
    if upstream:
        return Relaying(core, log or _silent, access or Access(), upstream)
    return Answering(core, log or _silent, access or Access())


def _silent(_: Exchange) -> None:
    """Say nothing."""


class Answering:
    """Answers from a core. None leaves a request that may have to wait for an MCP server to `relay`."""

    def __init__(self, core: Core, log: Log, access: Access) -> None:
        self._core, self._log, self._access = core, log, access
        self._threads = asyncio.Semaphore(MOST_THREADS)

    def check(self, method: str, headers: Mapping[str, str]) -> None:
        """Check a request before its body is read.

        Raises:
            APIError: it is not allowed.
        """
        self._access.check(method, headers)

    def answer(self, request: Request, refusal: APIError | None) -> Reply | None:
        """Answer a request, which may have been refused."""
        granted = self._access.headers(request.method, request.headers)
        if refusal:
            reply, exchange = self._core.refuse(request, refusal)
        elif is_preflight(request.method, request.headers):
            return Reply(200, granted, b"")
        elif self._core.may_wait(request):
            return None
        else:
            reply, exchange = self._core.handle(request)
        self._log(exchange)
        reply.headers |= granted
        return reply

    async def relay(self, request: Request, target: bytes, client: Relayed) -> Reply | None:
        """Answer a request that may wait for another server, in its own thread. A client that leaves loses the
        answer."""
        reply, exchange = await in_thread(partial(self._core.handle, request), self._threads)
        self._log(exchange)
        reply.headers |= self._access.headers(request.method, request.headers)
        return reply


class Relaying(Answering):
    """Lets an upstream answer what no fault or rate limit answers, for as long as the client stays."""

    def __init__(self, core: Core, log: Log, access: Access, upstream: "Upstream") -> None:
        super().__init__(core, log, access)
        self._upstream = upstream

    def answer(self, request: Request, refusal: APIError | None) -> Reply | None:
        """Answer refused requests and CORS preflights. None leaves the rest to `relay`."""
        if refusal or is_preflight(request.method, request.headers):
            return super().answer(request, refusal)
        return None

    async def relay(self, request: Request, target: bytes, client: Relayed) -> Reply | None:
        """Pass a request on. Canceled when the client leaves, so that nobody pays for an answer that is not wanted."""
        granted = self._access.headers(request.method, request.headers)
        taken = self._core.intercept(request)
        reply = taken.reply
        try:
            if reply is None:
                await asyncio.sleep(taken.delay)
                reply = await self._pass_on(request, target, taken, granted | dict(taken.headers), client)
        finally:
            self._log(taken.exchange)
        if reply:
            reply.headers |= granted | dict(taken.headers)
        return reply

    async def _pass_on(
        self, request: Request, target: bytes, taken: Interception, granted: dict[str, str], client: Relayed
    ) -> Reply | None:
        """Send the upstream's answer as it arrives. Returns the reply to send instead if it does not answer."""
        try:
            forwarded = await self._upstream.forward(request, target.partition(b"?")[0], taken.fault)
        except APIError as failure:
            taken.exchange.status = failure.status
            return self._core.fail(failure)
        taken.exchange.status = forwarded.status
        given = [(name.decode("latin-1"), value.decode("latin-1")) for name, value in forwarded.headers]
        try:
            client.start(forwarded.status, [*(pair for pair in given if pair[0] not in granted), *granted.items()])
            async for piece in forwarded.pieces():
                await client.send(piece)
            if forwarded.ending == "complete":
                client.finish()
            else:
                client.close()
        finally:
            await forwarded.aclose()
        return None


async def serve(
    app: Application,
    sock: socket.socket,
    stop: asyncio.Event,
    ready: Callable[[], None],
    tls: ssl.SSLContext | None = None,
    beside: "Coroutine[None, None, None] | None" = None,
) -> None:
    """Serve an app on a listening socket until `stop` is set, then drop what is open. `ready` is called once it runs.

    `beside` runs meanwhile. It has to be awaited by the loop's only task: it ends when no other task is left.
    """
    connections: set[Connection] = set()
    heads: Heads = {}
    numbers = count(1)
    loop = asyncio.get_running_loop()
    shortage = Shortage(connections)
    loop.set_exception_handler(shortage)

    def connect() -> Connection:
        shortage.prevent()
        return Connection(app, connections, next(numbers), heads)

    # asyncio's backlog is also how often it tries to accept before it does anything else.
    server = await loop.create_server(connect, sock=sock, backlog=ACCEPTED, ssl=tls)
    sock.listen(BACKLOG)

    def expire() -> None:
        for connection in list(connections):
            connection.expire(loop.time())
        if not stop.is_set():
            loop.call_later(INTERVAL, expire)

    loop.call_later(INTERVAL, expire)
    task = beside and loop.create_task(beside)
    ready()
    await stop.wait()
    if task:
        task.cancel()
    # Requests in flight are not waited for: the caller has said that it is done. The listener is closed last, because
    # asyncio leaks an accepted connection if its listener closes before the connection is made.
    while connections or len(asyncio.all_tasks()) > 1:
        for connection in list(connections):
            connection.abort()
        await asyncio.sleep(0)
    server.close()


def upstream_of(url: str | None, recorder: "Recorder | None" = None) -> "Upstream | None":
    """Return the upstream for a base URL, if there is one. A recorder may record its answers.

    Raises:
        ValueError: it is not the base URL of a server.
    """
    if url is None:
        return None
    from .upstream import Upstream

    return Upstream(url, recorder)
