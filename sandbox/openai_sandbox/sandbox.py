"""The API on a free port of this machine, for as long as a `with` block runs."""

import asyncio
import os
import socket
import threading
from contextlib import ExitStack
from types import TracebackType
from typing import TYPE_CHECKING, Self, Unpack

from .controls import Controls
from .core import Core
from .faults import plan
from .http import environment
from .http.access import Access
from .http.address import API_KEY, HOST, WEBHOOK_SECRET, base_url, listen
from .http.given_webhook import webhook_of
from .http.mcp_client import installed_client
from .http.server import application, serve, upstream_of
from .options import Faults, ServerOptions, check_names, core_options

if TYPE_CHECKING:
    from .http.tls import Authority
    from .http.webhooks import Delivery


class Sandbox(Controls):
    """The API on a free loopback port, for as long as the `with` block runs.

    Inside the block `OPENAI_BASE_URL` and `OPENAI_API_KEY` point at it, so that `OpenAI()` needs no arguments::

        with Sandbox(faults="rate_limit x2", seed=7) as api:
            client = OpenAI()
            ...
        assert len(api.requests) == 3

    Args:
        faults: what goes wrong; see `openai_sandbox.faults`.
        set_environment: whether to set the two variables. With `upstream`, the key in the environment stays, because it
            belongs to that server. It is not needed where a cassette answers everything.
        sock: a listening socket to take over, instead of a free port.
        authority: the certificate authority to use for HTTPS, instead of a new one.
        options: see `openai_sandbox.options.ServerOptions`. With `tls`, `CORPORATE_CA_FILE` is the path of the
            authority's certificate inside the block. With `webhook`, `OPENAI_WEBHOOK_SECRET` is the secret that signs
            its requests.
    """

    def __init__(
        self,
        faults: Faults = None,
        *,
        set_environment: bool = True,
        sock: socket.socket | None = None,
        authority: "Authority | None" = None,
        **options: Unpack[ServerOptions],
    ) -> None:
        check_names(options, ServerOptions)
        self._access = Access(HOST, options.get("allow_hosts", ()), options.get("cors", ()))
        upstream, recorder, player = options.get("upstream"), None, None
        if any(options.get(name) is not None for name in ("replay", "record", "mode", "scrub")):
            from .cassettes.session import session

            player, recorder, upstream = session(options)
        self._upstream = upstream_of(upstream, recorder)
        tls = options.get("tls", False)
        faults, told = plan(faults), options.get("webhook")
        self._webhook = webhook_of(told, options.get("webhook_hosts", ()), faults, upstream)
        on_event = self._webhook.tell if self._webhook else None
        given = core_options({**options, "replay": player})
        super().__init__(Core(faults, mcp=installed_client(), on_event=on_event, **given))
        self._set_environment = set_environment
        self._overlay: environment.Overlay | None = None
        self._socket = sock
        self._tls = tls or self.core.faults.tls or authority is not None
        self._given_authority = authority
        self._authority: Authority | None = None
        self._until_exit = ExitStack()
        self._thread: threading.Thread | None = None
        self._loop: asyncio.AbstractEventLoop | None = None
        self._stop: asyncio.Event | None = None
        self._ready = threading.Event()

    @property
    def deliveries(self) -> "list[Delivery]":
        """The webhook requests sent so far, oldest first: the event, the attempt, and the status it was answered
        with."""
        return list(self._webhook.deliveries) if self._webhook else []

    @property
    def base_url(self) -> str:
        """The value of `OPENAI_BASE_URL` inside the block.

        Raises:
            RuntimeError: the sandbox is not running.
        """
        if self._socket is None:
            raise RuntimeError("the sandbox is not running: use it in a `with` block")
        return base_url(self._socket, self._tls)

    @property
    def api_key(self) -> str:
        """A key that the sandbox accepts. Inside the block, `OPENAI_API_KEY` is this key unless there is an
        upstream."""
        return API_KEY

    def changes(self) -> dict[str, str | None]:
        """Return the environment variables that point this process at the running sandbox; None means to remove one.

        With an upstream, credentials stay, because they belong to that server.
        """
        ca_file = self._authority and self._authority.file
        if not self._upstream:
            secret = {environment.SIGNING_SECRET: WEBHOOK_SECRET} if self._webhook else {}
            return environment.changes(self.base_url, os.environ, ca_file) | secret
        pointed = environment.pointed(self.base_url, os.environ, ca_file)
        return {name: value for name, value in pointed.items() if name != "OPENAI_API_KEY"}

    def __enter__(self) -> Self:
        if self._thread:
            raise RuntimeError("the sandbox is already running: create another one for another `with` block")
        if self._tls:
            from .http.tls import authority

            self._authority = self._given_authority or self._until_exit.enter_context(authority())
        self._socket = self._socket or listen()
        self._ready.clear()
        self._thread = threading.Thread(target=self._run, name="sandbox", daemon=True)
        self._thread.start()
        if self._set_environment:
            self._overlay = environment.Overlay(self.changes())
            self._overlay.put_on()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, exc: BaseException | None, traceback: TracebackType | None
    ) -> None:
        if self._overlay:
            self._overlay.take_off()
        self._overlay = None
        if self._thread:
            self._ready.wait()
            if self._loop and self._stop and not self._loop.is_closed():
                self._loop.call_soon_threadsafe(self._stop.set)
            self._thread.join()
        if self._socket:
            self._socket.close()
        self._until_exit.close()
        self._socket = self._thread = self._authority = None
        self._tell_problems(exc)

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
            beside = self._webhook.run(self.core) if self._webhook else None
            await serve(app, self._socket, self._stop, self._ready.set, context, beside)
        if self._upstream:
            await self._upstream.aclose()
