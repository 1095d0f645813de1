"""The core behind a real HTTP server, for other processes or for the same one.

`serve()` answers on a listening socket. `Sandbox` does so in a thread and points the SDK at it.
"""

import asyncio
import os
import socket
import ssl
import threading
from collections.abc import Callable, Iterable, Mapping
from contextlib import ExitStack
from types import TracebackType
from typing import TYPE_CHECKING, Any, Self

from .access import Access, is_preflight
from .address import API_KEY, BACKLOG, HOST, base_url, environment, listen
from .connection import Application, Connection
from .core import Core, Exchange, Interception, Reply, Request
from .endpoints import chat_completions, responses
from .faults import Plan
from .latency import Latency
from .model import tokens
from .wire.errors import APIError

if TYPE_CHECKING:
    from .tls import Authority
    from .upstream import Upstream

Log = Callable[[Exchange], None]


def application(
    core: Core,
    log: Log | None = None,
    access: Access | None = None,
    upstream: "Upstream | None" = None,
) -> Application:
    """Return what answers for a core. `log` is told of every exchange; an `upstream` answers in the core's place."""
    if upstream:
        return Relaying(core, log or _silent, access or Access(), upstream)
    return Answering(core, log or _silent, access or Access())


def _silent(_: Exchange) -> None:
    """Say nothing."""


class Answering:
    """Answers from a core."""

    def __init__(self, core: Core, log: Log, access: Access) -> None:
        self._core, self._log, self._access = core, log, access

    def check(self, method: str, headers: Mapping[str, str]) -> None:
        """Look at a request before its body is read.

        Raises:
            APIError: it is not let in.
        """
        self._access.check(method, headers)

    def answer(self, request: Request, refusal: APIError | None) -> Reply | None:
        """Answer a request, or one that was not let in."""
        granted = self._access.headers(request.method, request.headers)
        if refusal:
            reply = self._core.refuse(request, refusal)
        elif is_preflight(request.method, request.headers):
            return Reply(200, granted, b"")
        else:
            reply = self._core.handle(request)
        self._log(self._core.requests[-1])
        reply.headers |= granted
        return reply

    async def relay(self, request: Request, target: bytes, client: Connection) -> Reply | None:
        """Never called: the core answers everything."""
        raise NotImplementedError


class Relaying(Answering):
    """Lets an upstream answer what neither a fault nor a rate limit does, for as long as the client is there."""

    def __init__(self, core: Core, log: Log, access: Access, upstream: "Upstream") -> None:
        super().__init__(core, log, access)
        self._upstream = upstream

    def answer(self, request: Request, refusal: APIError | None) -> Reply | None:
        """Answer what is not let in, and browsers that ask what is. None leaves the rest to `relay`."""
        if refusal or is_preflight(request.method, request.headers):
            return super().answer(request, refusal)
        return None

    async def relay(self, request: Request, target: bytes, client: Connection) -> Reply | None:
        """Pass a request on. Canceled when the client goes away: what it does not wait for, nobody should pay for."""
        granted = self._access.headers(request.method, request.headers)
        taken = self._core.intercept(request)
        reply = taken.reply
        try:
            if reply is None:
                await asyncio.sleep(taken.delay)
                reply = await self._pass_on(request, target, taken, granted | taken.headers, client)
        finally:
            self._log(taken.exchange)
        if reply:
            reply.headers |= granted | taken.headers
        return reply

    async def _pass_on(
        self, request: Request, target: bytes, taken: Interception, granted: dict[str, str], client: Connection
    ) -> Reply | None:
        """Send what the upstream answers, as it comes. Returns what to say instead where it does not answer."""
        try:
            forwarded = await self._upstream.forward(request, target.partition(b"?")[0], taken.fault)
        except APIError as failure:
            return self._core.fail(taken.exchange, failure)
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
) -> None:
    """Serve an app on a listening socket until `stop` is set, then drop what is open. `ready` is called once it runs.

    To be awaited by the loop's only task: it ends when no other task is left.
    """
    connections: set[Connection] = set()
    loop = asyncio.get_running_loop()
    server = await loop.create_server(lambda: Connection(app, connections), sock=sock, backlog=BACKLOG, ssl=tls)
    ready()
    await stop.wait()
    # Requests in flight are not waited for: the caller has said that it is done. The listener goes last: asyncio
    # leaks a connection it has accepted when its listener closes before the connection is made.
    while connections or len(asyncio.all_tasks()) > 1:
        for connection in list(connections):
            connection.abort()
        await asyncio.sleep(0)
    server.close()


def upstream_of(url: str | None) -> "Upstream | None":
    """Return the upstream of that base URL, if there is one.

    Raises:
        ValueError: it is not the base URL of a server.
    """
    if url is None:
        return None
    from .upstream import Upstream

    return Upstream(url)


def warm_up() -> None:
    """Load what the first request needs: the tokenizer's ranks and the request schemas."""
    tokens.tokenizer()
    for validator in (responses.VALIDATOR, chat_completions.VALIDATOR):
        validator.schema  # noqa: B018


class Sandbox:
    """The API on a free loopback port, for as long as the `with` block runs.

    Inside the block `OPENAI_BASE_URL` and `OPENAI_API_KEY` point at it, so that `OpenAI()` needs no arguments::

        with Sandbox(faults="rate_limit x2", seed=7) as api:
            client = OpenAI()
            ...
        assert len(api.requests) == 3

    Args:
        faults: directives, see `sandbox.faults`.
        seed: fixes ids and answers.
        now: the clock in Unix seconds; a number stops it.
        latency: `none`, `realistic`, or seconds before each reply.
        set_environment: whether to set the two variables.
        sock: a listening socket to take over, instead of a free port.
        upstream: the base URL of a real server that answers instead. Faults, latency and limits still apply. The key in
            the environment stays: it is that server's.
        allow_hosts: names, beside those of this machine, under which requests may reach the sandbox.
        cors: origins whose web pages may use the sandbox.
        tls: whether to speak HTTPS, or the authority to do so by. Inside the block `CORPORATE_CA_FILE` is the path of
            its certificate, which no client trusts by itself. Needs the package trustme.
        options: what else `Core` takes.
    """

    def __init__(
        self,
        faults: str | Iterable[str] | Plan | None = None,
        *,
        seed: int | None = None,
        now: float | Callable[[], float] | None = None,
        latency: float | str | Latency | None = None,
        set_environment: bool = True,
        sock: socket.socket | None = None,
        upstream: str | None = None,
        allow_hosts: Iterable[str] = (),
        cors: Iterable[str] = (),
        tls: "bool | Authority" = False,
        **options: Any,
    ) -> None:
        self.core = Core(faults, seed=seed, now=now, latency=latency, **options)
        self._access = Access(HOST, allow_hosts, cors)
        self._upstream = upstream_of(upstream)
        self._set_environment = set_environment
        self._before: dict[str, str | None] = {}
        self._socket = sock
        self._tls = tls or self.core.faults.tls
        self._authority: Authority | None = None
        self._until_exit = ExitStack()
        self._thread: threading.Thread | None = None
        self._loop: asyncio.AbstractEventLoop | None = None
        self._stop: asyncio.Event | None = None
        self._ready = threading.Event()

    @property
    def requests(self) -> list[Exchange]:
        """The journal: every request so far, oldest first, keys masked."""
        return self.core.requests

    @property
    def base_url(self) -> str:
        """What `OPENAI_BASE_URL` is inside the block.

        Raises:
            RuntimeError: the sandbox is not running.
        """
        if self._socket is None:
            raise RuntimeError("the sandbox is not running: use it in a `with` block")
        return base_url(self._socket, bool(self._tls))

    @property
    def api_key(self) -> str:
        """A key that the sandbox takes. Inside the block `OPENAI_API_KEY` is this one, unless there is an upstream."""
        return API_KEY

    def __enter__(self) -> Self:
        if self._tls is True:
            self._authority = self._new_authority()
        elif self._tls:
            self._authority = self._tls
        self._socket = self._socket or listen()
        self._ready.clear()
        self._thread = threading.Thread(target=self._run, name="sandbox", daemon=True)
        self._thread.start()
        if self._set_environment:
            variables = environment(self.base_url, os.environ, self._authority and self._authority.file)
            if self._upstream:
                del variables["OPENAI_API_KEY"]
            self._before = {name: os.environ.get(name) for name in variables}
            os.environ.update(variables)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, exc: BaseException | None, traceback: TracebackType | None
    ) -> None:
        for name, value in self._before.items():
            if value is None:
                os.environ.pop(name, None)
            else:
                os.environ[name] = value
        self._before = {}
        if self._thread:
            self._ready.wait()
            if self._loop and self._stop and not self._loop.is_closed():
                self._loop.call_soon_threadsafe(self._stop.set)
            self._thread.join()
        if self._socket:
            self._socket.close()
        self._until_exit.close()
        self._socket = self._thread = self._authority = None

    def _new_authority(self) -> "Authority":
        from .tls import authority

        return self._until_exit.enter_context(authority())

    def _run(self) -> None:
        try:
            asyncio.run(self._serve())
        finally:
            self._ready.set()

    async def _serve(self) -> None:
        self._loop, self._stop = asyncio.get_running_loop(), asyncio.Event()
        if self._socket:
            app = application(self.core, None, self._access, self._upstream)
            context = self._authority and self._authority.context
            await serve(app, self._socket, self._stop, self._ready.set, context)
        if self._upstream:
            await self._upstream.aclose()
