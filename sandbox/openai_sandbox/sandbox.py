"""The API on a free port of this machine, for as long as a `with` block runs."""

import asyncio
import os
import socket
import threading
from collections.abc import Callable, Iterable
from contextlib import ExitStack
from types import TracebackType
from typing import TYPE_CHECKING, Any, Self

from .core import Core, Exchange
from .faults import Plan
from .http.access import Access
from .http.address import API_KEY, HOST, base_url, environment, listen
from .http.server import application, serve, upstream_of
from .stages.latency import Latency

if TYPE_CHECKING:
    from .http.tls import Authority


class Sandbox:
    """The API on a free loopback port, for as long as the `with` block runs.

    Inside the block `OPENAI_BASE_URL` and `OPENAI_API_KEY` point at it, so that `OpenAI()` needs no arguments::

        with Sandbox(faults="rate_limit x2", seed=7) as api:
            client = OpenAI()
            ...
        assert len(api.requests) == 3

    Args:
        faults: directives, see `openai_sandbox.faults`.
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
        from .http.tls import authority

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
