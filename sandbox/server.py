"""The core behind a real HTTP server, for other processes or for the same one.

`application()` is an ASGI app. `Sandbox` runs it in a thread and points the SDK at it.
"""

import asyncio
import os
import socket
import threading
from collections.abc import Awaitable, Callable, Iterable, MutableMapping
from types import TracebackType
from typing import Any, Self, cast

import uvicorn
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from .address import API_KEY, base_url, environment, listen
from .core import Core, Exchange, Reply, Request
from .endpoints import chat_completions, responses
from .faults import Plan
from .latency import Latency
from .model import tokens

Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
Application = Callable[[Message, Receive, Send], Awaitable[None]]


class DroppingProtocol(HttpToolsProtocol):
    """uvicorn's HTTP protocol, telling the app its transport: ASGI has no word for closing a connection unanswered."""

    def on_message_begin(self) -> None:  # noqa: D102
        super().on_message_begin()
        self.scope["extensions"] = {"sandbox.transport": {"transport": self.transport}}


def application(core: Core, log: Callable[[Exchange], None] | None = None) -> Application:
    """Return the ASGI app of a core. `log` is told of every exchange."""

    async def app(scope: Message, receive: Receive, send: Send) -> None:
        body = b""
        while (message := await receive())["type"] == "http.request":
            body += message.get("body", b"")
            if not message.get("more_body"):
                break
        else:
            return  # the client went away in the middle of its upload
        request = Request(
            method=scope["method"],
            path=scope["path"],
            headers={name.decode("latin-1").lower(): value.decode("latin-1") for name, value in scope["headers"]},
            body=body,
            query=scope["query_string"].decode("latin-1"),
        )
        reply = core.handle(request)
        if log:
            log(core.requests[-1])
        if reply.delay and await _disconnected(receive, reply.delay):
            return
        if reply.ending in ("complete", "cut"):
            await _send(reply, receive, send)
        if reply.ending in ("drop", "cut"):
            scope["extensions"]["sandbox.transport"]["transport"].close()
        if reply.ending != "complete":
            await _disconnected(receive)

    return app


async def _disconnected(receive: Receive, patience: float | None = None) -> bool:
    """Wait for the client to go away, at most `patience` seconds, and tell whether it did."""
    try:
        async with asyncio.timeout(patience):
            while (await receive())["type"] != "http.disconnect":
                pass
    except TimeoutError:
        return False
    return True


async def _send(reply: Reply, receive: Receive, send: Send) -> None:
    headers = reply.headers
    if isinstance(reply.body, bytes):
        headers = {"content-length": str(len(reply.body))} | headers
    await send(
        {
            "type": "http.response.start",
            "status": reply.status,
            "headers": [(name.encode("latin-1"), value.encode("latin-1")) for name, value in headers.items()],
        }
    )
    complete = reply.ending == "complete"
    if isinstance(reply.body, bytes):
        await send({"type": "http.response.body", "body": reply.body, "more_body": not complete})
        return
    for delay, piece in reply.body:
        if delay and await _disconnected(receive, delay):
            return
        # Also without a delay, let other requests have their turn between two events.
        await asyncio.sleep(0)
        await send({"type": "http.response.body", "body": piece, "more_body": True})
    if complete:
        await send({"type": "http.response.body", "body": b"", "more_body": False})


def config(app: Application) -> uvicorn.Config:
    """Return the server's settings: quiet, no lifespan, no server header."""
    return uvicorn.Config(
        cast(Any, app),
        http=DroppingProtocol,
        ws="none",
        loop="asyncio",
        lifespan="off",
        log_config=None,
        access_log=False,
        server_header=False,
        date_header=False,
    )


async def serve(app: Application, sock: socket.socket, stop: asyncio.Event, ready: Callable[[], None]) -> None:
    """Serve an app on a listening socket until `stop` is set, then drop what is open. `ready` is called once it runs.

    To be awaited by the loop's only task: it ends when no other task is left.
    """
    server = uvicorn.Server(config(app))
    server.config.load()
    server.lifespan = server.config.lifespan_class(server.config)
    await server.startup(sockets=[sock])
    ready()
    await stop.wait()
    # Not server.shutdown(): it waits for requests in flight, and the caller has said that it is done. The listeners
    # go last: asyncio leaks a connection it has accepted when its listener closes before the connection is made.
    while server.server_state.connections or len(asyncio.all_tasks()) > 1:
        for connection in list(server.server_state.connections):
            connection.transport.abort()
        await asyncio.sleep(0)
    for listener in server.servers:
        listener.close()


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
        **options: Any,
    ) -> None:
        self.core = Core(faults, seed=seed, now=now, latency=latency, **options)
        self._set_environment = set_environment
        self._before: dict[str, str | None] = {}
        self._socket = sock
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
        return base_url(self._socket)

    @property
    def api_key(self) -> str:
        """What `OPENAI_API_KEY` is inside the block."""
        return API_KEY

    def __enter__(self) -> Self:
        self._socket = self._socket or listen()
        self._ready.clear()
        self._thread = threading.Thread(target=self._run, name="sandbox", daemon=True)
        self._thread.start()
        if self._set_environment:
            self._before = {name: os.environ.get(name) for name in environment(self.base_url, {})}
            os.environ.update(environment(self.base_url, os.environ))
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
        self._socket = self._thread = None

    def _run(self) -> None:
        try:
            asyncio.run(self._serve())
        finally:
            self._ready.set()

    async def _serve(self) -> None:
        self._loop, self._stop = asyncio.get_running_loop(), asyncio.Event()
        if self._socket:
            await serve(application(self.core), self._socket, self._stop, self._ready.set)
