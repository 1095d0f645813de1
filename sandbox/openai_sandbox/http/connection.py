"""One client's connection: whose turn it is, and when.

The reader says what the client asks, and the writer what it gets. A request needs no task: delays of a reply are
timers, and a client that disconnects ends its reply.
"""

import asyncio
import logging
import socket
from collections import deque
from collections.abc import Iterator, Mapping
from functools import partial
from http import HTTPStatus
from time import perf_counter
from typing import Protocol, cast

from ..wire.errors import APIError
from ..wire.messages import Ending, Reply, Request
from ..wire.trace import Link, Trace
from .buffer import BufferedProtocol
from .reader import Heads, Incoming, Reader, UnreadableError
from .relayed import Relayed
from .timeouts import LIMITS, LINGERING, Waiting
from .writer import CONTINUE, Step, Writer, rejection

logger = logging.getLogger(__name__)


class Application(Protocol):
    """The application behind the connections."""

    def check(self, method: str, headers: Mapping[str, str]) -> None:
        """Look at a request before its body is read.

        Raises:
            APIError: it is not allowed.
        """

    def answer(self, request: Request, refusal: APIError | None) -> Reply | None:
        """Answer a request, which may have been refused. None means that `relay` answers."""

    async def relay(self, request: Request, target: bytes, client: Relayed) -> Reply | None:
        """Answer a request whose path and query were sent as `target`. Returns a reply, or None if it was sent."""


class Connection(BufferedProtocol):
    """Answers the requests of one client, one after the other.

    | state | a request is read | its time comes | the client takes more | no HTTP is read | it sends no more |
    |---|---|---|---|---|---|
    | idle | begin | - | - | reject | close |
    | pausing: a timer runs | it waits | send, or be held back | - | last | last |
    | held back: the client takes no more | it waits | - | send | last | last |
    | relaying: a task runs | it waits | - | the task goes on | last | close |
    | hanging | ignored | - | - | ignored | close |
    | next turn: requests wait | it waits too | begin the first of them | - | reject | last |
    | lingering | ignored | close | - | ignored | close |
    | closing | ignored | - | - | ignored | - |

    - Begin: the application answers. Send its reply, or relay where it has none. A target that is not a path: reject.
    - Send: write what need not wait, then pause, or end. If the client takes no more, be held back before the first
      byte; a burst of events is finished first, and ends in a pause of 0 s.
    - End, after a reply or a relay: idle, or next turn if requests wait. Leave if this was the last reply, closing if
      it was cut or dropped. Hanging if it is to hang: what waits is forgotten.
    - Reject: answer 400, 408 or 431, then leave. Last, if it is not HTTP: forget the waiting requests, read no more,
      and leave after the reply. Last, if the client sends no more: answer the waiting requests as well, and leave.
    - Leave: closing, or lingering if the client is in the middle of a request. A client that has not seen the reply yet
      would lose it if the connection were closed while it still sends.

    In every state, bytes are read while the client takes what it is sent and no request waits. When a client
    disconnects, timer and task end, and waiting requests are forgotten. The connection leaves a client that keeps it
    waiting too long; see `timeouts`. A bug in the application ends the connection at once.

    Long because asyncio calls six of its methods and the reader two.

    Args:
        application: answers the requests.
        connections: the collection that lists it while it is open.
        number: its number in the journal.
        heads: request heads that the application has allowed recently.

    Attributes:
        since: when it began to wait for its client, by the loop's clock.
    """

    def __init__(
        self, application: Application, connections: "set[Connection]", number: int = 0, heads: Heads | None = None
    ) -> None:
        self._application = application
        self._connections = connections
        self._loop = asyncio.get_running_loop()
        self._transport = cast(asyncio.Transport, None)
        self.check = application.check
        self._reader = Reader(self, heads)
        # The requests that wait for their turn, and the writer of the one that is being answered.
        self._waiting: deque[Incoming] = deque()
        self._writer: Writer | None = None
        self._link = Link(number)
        self._trace: Trace | None = None
        # What is left to do for the reply, and how it ends.
        self._steps: Iterator[Step] | None = None
        self._ending: Ending = "complete"
        self._timer: asyncio.Handle | None = None
        self._relay: asyncio.Task[Reply | None] | None = None
        # Whether the client takes more, whether it sends more, and whether what it sends is read and discarded.
        self._room = asyncio.Event()
        self._room.set()
        self._sends = True
        self._ignored = False
        self.since = self._loop.time()

    # Callbacks of asyncio.

    def connection_made(self, transport: asyncio.BaseTransport) -> None:  # noqa: D102
        self._transport = cast(asyncio.Transport, transport)
        self._connections.add(self)
        if sock := transport.get_extra_info("socket"):
            sock.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)

    def connection_lost(self, exc: Exception | None) -> None:  # noqa: D102
        self._connections.discard(self)
        self._link.close()
        if self._trace:
            self._trace.end("left")
        self._waiting.clear()
        if self._timer:
            self._timer.cancel()
        if self._relay:
            self._relay.cancel()
        self._steps = None
        self._reader.close()

    def data_received(self, data: bytes) -> None:  # noqa: D102
        if self._ignored:
            return
        if self._reader.phase == "between":
            self.since = self._loop.time()
        try:
            self._reader.feed(data)
        except UnreadableError as problem:
            self._give_up(problem.status)
        except Exception:
            self._fail()

    def eof_received(self) -> bool:  # noqa: D102
        self._sends = False
        self._link.close()
        # What an upstream does for a client that may be gone, somebody pays for. TLS ends both directions at once.
        return bool(self._steps or self._waiting) and not (self._ignored or self._relay or self._encrypted)

    def pause_writing(self) -> None:  # noqa: D102
        self.since = self._loop.time()
        self._room.clear()
        self._transport.pause_reading()

    def resume_writing(self) -> None:  # noqa: D102
        self.since = self._loop.time()
        self._room.set()
        if not self._waiting:
            self._transport.resume_reading()
        if self._steps and not self._timer:
            self._advance()

    # Callbacks of the reader.

    def allow_body(self) -> None:
        """Tell the client to send the body it asked about, unless it is still being sent another reply."""
        if not self._writer:
            self._transport.write(CONTINUE)

    def receive(self, incoming: Incoming) -> None:
        """Answer a request, or let it wait for its turn."""
        if self._ignored or self._transport.is_closing():
            return
        if self._writer or self._waiting:
            self._waiting.append(incoming)
            self._transport.pause_reading()
        else:
            self._begin(incoming)

    # Turns.

    def _begin(self, incoming: Incoming) -> None:
        writer = self._writer = Writer(incoming)
        trace = self._trace = Trace(self._link)
        try:
            request = incoming.request(trace)
            reply = self._application.answer(request, incoming.refusal)
        except UnreadableError as problem:
            self._writer = None
            self._give_up(problem.status)
        except Exception:
            self._fail()
        else:
            if reply:
                self._send(reply, writer)
            else:
                client = Relayed(self._transport, writer, self._room)
                self._relay = self._loop.create_task(self._application.relay(request, incoming.target, client))
                self._relay.add_done_callback(partial(self._relayed, writer))

    def _relayed(self, writer: Writer, relay: "asyncio.Task[Reply | None]") -> None:
        self._relay = None
        if relay.cancelled():
            return
        try:
            reply = relay.result()
        except Exception:
            self._fail()
        else:
            if reply:
                self._send(reply, writer)
            else:
                self._end()

    def _send(self, reply: Reply, writer: Writer) -> None:
        self._ending = reply.ending
        if self._trace and reply.ending in ("complete", "cut"):
            self._trace.begun = perf_counter() + reply.delay
        if isinstance(reply.body, bytes) and reply.ending == "complete" and not reply.delay and self._room.is_set():
            self._transport.write(writer.whole(reply, reply.body))
            self._end()
            return
        self._steps = writer.steps(reply)
        self._advance()

    def _advance(self) -> None:
        """Take the next steps up to one that waits, unless the client has to take what was sent first."""
        self._timer = None
        if self._steps is None or not self._room.is_set():
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
        """Leave if this was the last reply, or take the next request that waits."""
        self._steps = None
        if self._ending == "hang" and self._sends:
            # Bytes are read for nothing: without that, nobody sees that the client goes away.
            self._ignored = True
            self._waiting.clear()
            self._resume_reading()
            return
        if self._trace:
            self._trace.end("sent" if self._ending == "complete" else "broken")
        if self._ending != "complete":
            self._transport.close()
            return
        persistent = self._writer and self._writer.persistent
        self._writer = None
        self.since = self._loop.time()
        if self._waiting and persistent:
            self._loop.call_soon(self._next)
        elif not (persistent and self._sends):
            self._leave()

    def _leave(self) -> None:
        """Close the connection after what was sent, once the client is not in the middle of a request."""
        if self._reader.phase == "between" or not self._sends:
            self._transport.close()
            return
        self._ignored = True
        self._waiting.clear()
        if not self._encrypted:
            self._transport.write_eof()
        self._resume_reading()
        self._timer = self._loop.call_later(LINGERING, self._transport.close)

    def _resume_reading(self) -> None:
        if self._room.is_set():
            self._transport.resume_reading()

    def _next(self) -> None:
        if self._waiting and not self._transport.is_closing():
            incoming = self._waiting.popleft()
            if not self._waiting:
                self._resume_reading()
            self._begin(incoming)

    def _give_up(self, status: HTTPStatus) -> None:
        """Say that the client cannot be understood, after the reply under way if there is one, and close."""
        if self._transport.is_closing():
            return
        if self._writer:
            self._waiting.clear()
            self._writer.persistent = False
            self._transport.pause_reading()
            return
        self._transport.write(rejection(status))
        self._leave()

    def _fail(self) -> None:
        logger.exception("the sandbox failed on a connection")
        self._transport.abort()

    @property
    def waits_for(self) -> Waiting | None:
        """What the client keeps the connection waiting for. None if it is the client that waits."""
        if not self._room.is_set():
            return "room"
        if self._writer or self._waiting or self._ignored or self._transport.is_closing():
            return None
        phase = self._reader.phase
        return "idle" if phase == "between" else phase

    def expire(self, now: float) -> None:
        """Leave a client that has kept the connection waiting for too long at this time of the loop's clock."""
        waits_for = self.waits_for
        if waits_for is None or now - self.since < LIMITS[waits_for]:
            return
        if waits_for == "room":
            self._transport.abort()
        elif waits_for == "idle":
            self._transport.close()
        else:
            self._give_up(HTTPStatus.REQUEST_TIMEOUT)

    @property
    def _encrypted(self) -> bool:
        return self._transport.get_extra_info("sslcontext") is not None

    def abort(self) -> None:
        """End the connection now."""
        if self._trace:
            self._trace.end("stopped")
        self._transport.abort()
