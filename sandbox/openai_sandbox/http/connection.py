"""One client's connection: HTTP/1.1 in, replies out.

The parsing is llhttp's, which Node.js uses too. A request costs no task: what a reply has to wait for is a timer, and a
client that goes away ends its reply.
"""

import asyncio
import logging
import math
import socket
from collections import deque
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Any, Protocol, cast
from urllib.parse import unquote

import httptools

from ..wire.errors import APIError
from ..wire.messages import Reply, Request
from .access import check_length

MOST_HEAD_BYTES = 65_536
BURST = 32
"""How many events that need not wait are sent together. Then other connections have their turn."""

_STATUS_LINES = {status.value: f"HTTP/1.1 {status.value} {status.phrase}\r\n" for status in HTTPStatus}
_BODYLESS = (HTTPStatus.NO_CONTENT, HTTPStatus.NOT_MODIFIED)

logger = logging.getLogger(__name__)


class Application(Protocol):
    """What is behind the connections."""

    def check(self, method: str, headers: Mapping[str, str]) -> None:
        """Look at a request before its body is read.

        Raises:
            APIError: it is not let in.
        """

    def answer(self, request: Request, refusal: APIError | None) -> Reply | None:
        """Answer a request, or one that was not let in. None means that `relay` answers."""

    async def relay(self, request: Request, target: bytes, client: "Connection") -> Reply | None:
        """Answer a request whose path and query were sent as `target`. Returns a reply, or None if it was sent."""


@dataclass(slots=True)
class Incoming:
    """A request as it comes in.

    `chunked` tells whether the client understands bodies of unknown length, and `persistent` whether the connection
    outlives the reply.
    """

    method: str
    target: bytes
    headers: dict[str, str]
    chunked: bool
    persistent: bool
    body: list[bytes] = field(default_factory=list)
    size: int = 0
    refusal: APIError | None = None

    def request(self) -> Request:
        """Return it as the core takes it.

        Raises:
            HttpParserInvalidURLError: the target is none.
        """
        parts = httptools.parse_url(self.target)
        path = (parts.path or b"").decode("latin-1")
        return Request(
            self.method,
            unquote(path) if "%" in path else path,
            self.headers,
            b"".join(self.body),
            parts.query.decode("latin-1") if parts.query else "",
        )


class Connection(asyncio.Protocol):
    """Answers the requests of one client, one after the other.

    Args:
        application: what answers.
        connections: where it is listed while it is open.
    """

    def __init__(self, application: Application, connections: "set[Connection]") -> None:
        self._application = application
        self._connections = connections
        self._loop = asyncio.get_running_loop()
        self._parser: Any = httptools.HttpRequestParser(self)
        self._transport = cast(asyncio.Transport, None)
        # The request that comes in, those that wait for their turn, and the one that is being answered.
        self._target = b""
        self._headers: dict[str, str] = {}
        self._head_bytes: int | None = None
        self._unparsed = 0
        self._incoming: Incoming | None = None
        self._waiting: deque[Incoming] = deque()
        self._current: Incoming | None = None
        # What is left to do for the reply, in steps: each gives the seconds until the next.
        self._steps: Iterator[float] | None = None
        self._timer: asyncio.Handle | None = None
        self._relay: asyncio.Task[Reply | None] | None = None
        self._framed = self._silent = False
        self._full = False
        self._room: asyncio.Future[None] | None = None

    # What asyncio tells.

    def connection_made(self, transport: asyncio.BaseTransport) -> None:  # noqa: D102
        self._transport = cast(asyncio.Transport, transport)
        self._connections.add(self)
        if sock := transport.get_extra_info("socket"):
            sock.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)

    def connection_lost(self, exc: Exception | None) -> None:  # noqa: D102
        self._connections.discard(self)
        self._waiting.clear()
        if self._timer:
            self._timer.cancel()
        if self._relay:
            self._relay.cancel()
        self._steps = self._parser = None

    def data_received(self, data: bytes) -> None:  # noqa: D102
        if self._unparsed:
            self._take_unparsed(data)
            return
        try:
            self._parser.feed_data(data)
        except httptools.HttpParserUpgrade as upgrade:
            self._take_unparsed(data[upgrade.args[0] :])
        except httptools.HttpParserCallbackError:
            self._fail()
        except httptools.HttpParserError:
            self._give_up(HTTPStatus.BAD_REQUEST)
        else:
            if self._head_bytes is not None:
                self._head_bytes += len(data)
                if self._head_bytes > MOST_HEAD_BYTES:
                    self._give_up(HTTPStatus.REQUEST_HEADER_FIELDS_TOO_LARGE)

    def pause_writing(self) -> None:  # noqa: D102
        self._full = True
        self._transport.pause_reading()

    def resume_writing(self) -> None:  # noqa: D102
        self._full = False
        if not self._waiting:
            self._transport.resume_reading()
        if self._room and not self._room.done():
            self._room.set_result(None)
        if self._steps and not self._timer:
            self._advance()

    # What the parser finds.

    def on_message_begin(self) -> None:  # noqa: D102
        self._target, self._headers, self._head_bytes = b"", {}, 0

    def on_url(self, url: bytes) -> None:  # noqa: D102
        self._target += url

    def on_header(self, name: bytes, value: bytes) -> None:  # noqa: D102
        self._headers[name.decode("latin-1").lower()] = value.decode("latin-1")

    def on_headers_complete(self) -> None:  # noqa: D102
        self._head_bytes = None
        parser, headers = self._parser, self._headers
        method = parser.get_method().decode("ascii")
        chunked = parser.get_http_version() == "1.1"
        expects = "expect" in headers
        # Who asks before sending a body may send it or not where the answer is no: what follows could be anything.
        persistent = chunked and parser.should_keep_alive() and not parser.should_upgrade() and not expects
        self._incoming = Incoming(method, self._target, headers, chunked, persistent)
        # Java's client asks for another protocol with its first request. llhttp leaves the body to that protocol.
        self._unparsed = int(headers.get("content-length") or 0) if parser.should_upgrade() else 0
        try:
            self._application.check(method, headers)
        except APIError as refusal:
            self._refuse(self._incoming, refusal)
        else:
            if expects and not self._current:
                self._transport.write(b"HTTP/1.1 100 Continue\r\n\r\n")

    def on_body(self, body: bytes) -> None:  # noqa: D102
        if incoming := self._incoming:
            incoming.body.append(body)
            incoming.size += len(body)
            try:
                check_length(incoming.size, incoming.headers)
            except APIError as refusal:
                self._refuse(incoming, refusal)

    def on_message_complete(self) -> None:  # noqa: D102
        if self._incoming and not self._unparsed:
            self._take(self._incoming)

    def _take_unparsed(self, data: bytes) -> None:
        piece = data[: self._unparsed]
        self._unparsed -= len(piece)
        if piece:
            self.on_body(piece)
            self.on_message_complete()

    # What becomes of it.

    def _refuse(self, incoming: Incoming, refusal: APIError) -> None:
        """Answer a request that is not let in. What is left of it is read, but not kept."""
        incoming.refusal = refusal
        incoming.body.clear()
        self._take(incoming)

    def _take(self, incoming: Incoming) -> None:
        self._incoming = None
        if self._transport.is_closing():
            return
        if self._current or self._waiting:
            self._waiting.append(incoming)
            self._transport.pause_reading()
        else:
            self._begin(incoming)

    def _begin(self, incoming: Incoming) -> None:
        self._current = incoming
        try:
            request = incoming.request()
            reply = self._application.answer(request, incoming.refusal)
        except httptools.HttpParserInvalidURLError:
            self._current = None
            self._give_up(HTTPStatus.BAD_REQUEST)
        except Exception:
            self._fail()
        else:
            if reply:
                self._carry_out(reply)
            else:
                self._relay = self._loop.create_task(self._application.relay(request, incoming.target, self))
                self._relay.add_done_callback(self._relayed)

    def _relayed(self, relay: "asyncio.Task[Reply | None]") -> None:
        self._relay = None
        if relay.cancelled():
            return
        try:
            reply = relay.result()
        except Exception:
            self._fail()
        else:
            if reply:
                self._carry_out(reply)
            else:
                self._end()

    def _carry_out(self, reply: Reply) -> None:
        self._steps = self._deliver(reply)
        self._advance()

    def _advance(self) -> None:
        """Take the next step, unless the client has to take what was sent first."""
        self._timer = None
        if self._full or self._steps is None:
            return
        try:
            seconds = next(self._steps, None)
        except Exception:
            self._fail()
            return
        if seconds is None:
            self._end()
        elif seconds == 0:
            self._timer = self._loop.call_soon(self._advance)
        elif seconds < math.inf:
            self._timer = self._loop.call_later(seconds, self._advance)

    def _end(self) -> None:
        """Close the connection if this was its last reply, or take the next request that waits."""
        last = not (self._current and self._current.persistent)
        self._current = self._steps = None
        if last:
            self._transport.close()
        elif self._waiting:
            self._loop.call_soon(self._next)

    def _next(self) -> None:
        if self._waiting and not self._transport.is_closing():
            incoming = self._waiting.popleft()
            if not (self._waiting or self._full):
                self._transport.resume_reading()
            self._begin(incoming)

    def _give_up(self, status: HTTPStatus) -> None:
        """Understand the client no longer: say so after what it asked before, and close the connection."""
        if self._transport.is_closing():
            return
        if self._current:
            self._waiting.clear()
            self._current.persistent = False
            self._transport.pause_reading()
            return
        head = f"{_STATUS_LINES[status]}content-length: 0\r\nconnection: close\r\n\r\n"
        self._transport.write(head.encode("ascii"))
        self._transport.close()

    def _fail(self) -> None:
        logger.exception("the sandbox failed on a connection")
        self._transport.abort()

    # What is sent.

    def _deliver(self, reply: Reply) -> Iterator[float]:
        """Do what a reply says: wait, send, cut. Gives the seconds to wait each time."""
        if reply.delay:
            yield reply.delay
        if reply.ending in ("complete", "cut"):
            if isinstance(reply.body, bytes):
                headers = {"content-length": str(len(reply.body))} | reply.headers
                head = self._head(reply.status, headers.items(), sized=True)
                self._transport.write(head + self._frame(reply.body))
            else:
                yield from self._stream(reply, reply.body)
        if reply.ending in ("drop", "cut"):
            self._transport.close()
        if reply.ending != "complete":
            yield math.inf

    def _stream(self, reply: Reply, events: Iterator[tuple[float, bytes]]) -> Iterator[float]:
        """Send events: at once the first and those that were waited for, the others in bursts."""
        head = self._head(reply.status, reply.headers.items(), sized=False)
        held: list[bytes] = []
        most = 1
        for delay, event in events:
            if delay:
                self._transport.write(head + self._frame(b"".join(held)))
                head, held, most = b"", [], 1
                yield delay
            held.append(event)
            if len(held) >= most:
                self._transport.write(head + self._frame(b"".join(held)))
                if most > 1:
                    yield 0.0
                head, held, most = b"", [], BURST
        end = self._end_of_body() if reply.ending == "complete" else b""
        self._transport.write(head + self._frame(b"".join(held)) + end)

    def _head(self, status: int, headers: Iterable[tuple[str, str]], *, sized: bool) -> bytes:
        """Return status line and headers. `sized` tells whether they give the body's length."""
        current = cast(Incoming, self._current)
        lines = "".join([f"{name}: {value}\r\n" for name, value in headers])
        self._silent = status in _BODYLESS or current.method == "HEAD"
        self._framed = current.chunked and not (sized or self._silent)
        if self._framed:
            lines += "transfer-encoding: chunked\r\n"
        elif not (sized or self._silent):
            current.persistent = False
        if not current.persistent:
            lines += "connection: close\r\n"
        line = _STATUS_LINES.get(status) or f"HTTP/1.1 {status} \r\n"
        return f"{line}{lines}\r\n".encode("latin-1")

    def _frame(self, piece: bytes) -> bytes:
        """Return a piece of the body as it is sent."""
        if self._silent or not piece:
            return b""
        return b"%x\r\n%b\r\n" % (len(piece), piece) if self._framed else piece

    def _end_of_body(self) -> bytes:
        return b"0\r\n\r\n" if self._framed else b""

    # For those who relay what another server sends.

    def start(self, status: int, headers: Iterable[tuple[str, str]]) -> None:
        """Send status line and headers."""
        listed = list(headers)
        sized = any(name == "content-length" for name, _ in listed)
        self._transport.write(self._head(status, listed, sized=sized))

    async def send(self, piece: bytes) -> None:
        """Send a piece of the body, once the client has taken enough of the earlier ones."""
        if self._full:
            self._room = self._loop.create_future()
            await self._room
        self._transport.write(self._frame(piece))

    def finish(self) -> None:
        """End the body."""
        self._transport.write(self._end_of_body())

    def close(self) -> None:
        """End the connection after what was sent."""
        self._transport.close()

    def abort(self) -> None:
        """End the connection now."""
        self._transport.abort()
