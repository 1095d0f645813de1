"""One client's connection: whose turn it is, and when.

The reader says what the client asks, the writer what it gets. A request costs no task: what a reply has to wait for is
a timer, and a client that goes away ends its reply.
"""

import asyncio
import logging
import socket
from collections import deque
from collections.abc import Iterable, Iterator, Mapping
from http import HTTPStatus
from typing import Protocol, cast

import httptools

from ..wire.errors import APIError
from ..wire.messages import Ending, Reply, Request
from .reader import Incoming, Reader, UnreadableError
from .writer import Step, Writer, rejection

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

    async def relay(self, request: Request, target: bytes, client: "Relayed") -> Reply | None:
        """Answer a request whose path and query were sent as `target`. Returns a reply, or None if it was sent."""


class Connection(asyncio.Protocol):
    """Answers the requests of one client, one after the other.

    | state | a request comes in | the reply is sent | its time comes | the client takes no more | it takes more again |
    |---|---|---|---|---|---|
    | idle | begin its reply | - | - | - | - |
    | sending | it waits; read no more | begin the next, idle without one, or close | - | held back | - |
    | pausing (a timer) | it waits; read no more | - | sending | pausing | pausing |
    | held back | it waits; read no more | - | held back | - | sending |
    | relaying (a task) | it waits; read no more | as sending | - | the task waits | the task goes on |
    | hanging | it waits; read no more | - | - | - | - |

    In each state the client may go away: the reply, its timer and its task end, and what waits is forgotten. What can
    no longer be understood ends the connection after the reply under way.

    Long because asyncio calls seven of the methods, and the reader three.

    Args:
        application: what answers.
        connections: where it is listed while it is open.
    """

    def __init__(self, application: Application, connections: "set[Connection]") -> None:
        self._application = application
        self._connections = connections
        self._loop = asyncio.get_running_loop()
        self._reader: Reader | None = Reader(self)
        self._transport = cast(asyncio.Transport, None)
        self.check = application.check
        # The requests that wait for their turn, and the writer of the one that is being answered.
        self._waiting: deque[Incoming] = deque()
        self._writer: Writer | None = None
        # What is left to do for the reply, and how it ends.
        self._steps: Iterator[Step] | None = None
        self._ending: Ending = "complete"
        self._timer: asyncio.Handle | None = None
        self._relay: asyncio.Task[Reply | None] | None = None
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
        self._steps = self._reader = None

    def data_received(self, data: bytes) -> None:  # noqa: D102
        if not self._reader:
            return
        try:
            self._reader.feed(data)
        except UnreadableError as problem:
            self._give_up(problem.status)
        except httptools.HttpParserCallbackError:
            self._fail()

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

    # What the reader finds.

    def allow_body(self) -> None:
        """Tell the client that it may send the body it asked about, unless it still waits for another reply."""
        if not self._writer:
            self._transport.write(b"HTTP/1.1 100 Continue\r\n\r\n")

    def receive(self, incoming: Incoming) -> None:
        """Answer a request, or let it wait for its turn."""
        if self._transport.is_closing():
            return
        if self._writer or self._waiting:
            self._waiting.append(incoming)
            self._transport.pause_reading()
        else:
            self._begin(incoming)

    # Turns.

    def _begin(self, incoming: Incoming) -> None:
        self._writer, self._ending = Writer(incoming), "complete"
        try:
            request = incoming.request()
            reply = self._application.answer(request, incoming.refusal)
        except UnreadableError as problem:
            self._writer = None
            self._give_up(problem.status)
        except Exception:
            self._fail()
        else:
            if reply:
                self._send(reply)
            else:
                client = Relayed(self, self._transport, self._writer)
                self._relay = self._loop.create_task(self._application.relay(request, incoming.target, client))
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
                self._send(reply)
            else:
                self._end()

    def _send(self, reply: Reply) -> None:
        self._steps, self._ending = cast(Writer, self._writer).steps(reply), reply.ending
        self._advance()

    def _advance(self) -> None:
        """Take the next steps up to one that waits, unless the client has to take what was sent first."""
        self._timer = None
        if self._full or self._steps is None:
            return
        try:
            for data, seconds in self._steps:
                if data:
                    self._transport.write(data)
                if seconds is not None:
                    wait = self._loop.call_later(seconds, self._advance) if seconds else None
                    self._timer = wait or self._loop.call_soon(self._advance)
                    return
        except Exception:
            self._fail()
        else:
            self._end()

    def _end(self) -> None:
        """Close the connection if this was its last reply, or take the next request that waits."""
        self._steps = None
        if self._ending == "hang":
            return
        if self._ending != "complete":
            self._transport.close()
            return
        last = not (self._writer and self._writer.persistent)
        self._writer = None
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
        if self._writer:
            self._waiting.clear()
            self._writer.persistent = False
            self._transport.pause_reading()
            return
        self._transport.write(rejection(status))
        self._transport.close()

    def _fail(self) -> None:
        logger.exception("the sandbox failed on a connection")
        self._transport.abort()

    async def room(self) -> None:
        """Wait until the client has taken enough of what was sent."""
        if self._full:
            self._room = self._loop.create_future()
            await self._room

    def abort(self) -> None:
        """End the connection now."""
        self._transport.abort()


class Relayed:
    """The client of a request that another server answers: what it sends is passed on as it comes."""

    def __init__(self, connection: Connection, transport: asyncio.Transport, writer: Writer) -> None:
        self._connection = connection
        self._transport = transport
        self._writer = writer

    def start(self, status: int, headers: Iterable[tuple[str, str]]) -> None:
        """Send status line and headers."""
        listed = list(headers)
        sized = any(name == "content-length" for name, _ in listed)
        self._transport.write(self._writer.head(status, listed, sized=sized))

    async def send(self, piece: bytes) -> None:
        """Send a piece of the body, once the client has taken enough of the earlier ones."""
        await self._connection.room()
        self._transport.write(self._writer.frame(piece))

    def finish(self) -> None:
        """End the body."""
        self._transport.write(self._writer.end())

    def close(self) -> None:
        """End the connection after what was sent."""
        self._transport.close()
