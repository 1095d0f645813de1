"""Turns a reply into bytes and when to send them: HTTP/1.1 as a client gets it. Sans-IO.

| reply | what `Writer.steps` yields |
|---|---|
| with a delay, whatever its ending | no bytes and the delay, then as below |
| `complete`, the whole body at hand | head and body together |
| `complete`, a stream | head and events, in bursts or each after its wait; the end of the body |
| `cut` | the same, without the end of the body; a `content-length` in its headers is sent as it is |
| `drop`, `hang` | nothing |

A body of unknown length is sent in chunks, or to HTTP/1.0 clients until the connection closes.
"""

from collections.abc import Iterable, Iterator
from http import HTTPStatus

from ..wire.messages import Reply
from .reader import Incoming

BURST = 32
"""How many events without a wait are sent together. Then other connections get their turn."""

CONTINUE = b"HTTP/1.1 100 Continue\r\n\r\n"
"""Tells a client that asked that it may send its body."""

Step = tuple[bytes, float | None]
"""Bytes to send, and the seconds to wait after them. 0 gives other connections their turn; None goes on at once."""

_STATUS_LINES = {status.value: f"HTTP/1.1 {status.value} {status.phrase}\r\n" for status in HTTPStatus}
_BODYLESS = frozenset(map(int, (HTTPStatus.NO_CONTENT, HTTPStatus.NOT_MODIFIED)))


def rejection(status: HTTPStatus) -> bytes:
    """Return the last reply to a client that sent something unreadable."""
    return f"{_STATUS_LINES[status]}content-length: 0\r\nconnection: close\r\n\r\n".encode("ascii")


class Writer:
    """Writes the reply to one request: with `steps`, or with `head`, `frame` and `end` if it comes from elsewhere.

    Attributes:
        persistent: whether the connection stays open after the reply. `head` tells the client.
    """

    __slots__ = ("_bodyless", "_chunked", "_framed", "persistent")

    def __init__(self, incoming: Incoming) -> None:
        self.persistent = incoming.persistent
        self._chunked = incoming.chunked
        self._bodyless = incoming.method == "HEAD"
        self._framed = False

    def steps(self, reply: Reply) -> Iterator[Step]:
        """Yield what to send for a reply, and when."""
        if reply.delay:
            yield b"", reply.delay
        if reply.ending in ("complete", "cut"):
            if isinstance(reply.body, bytes):
                yield self.whole(reply, reply.body), None
            else:
                yield from self._stream(reply, reply.body)

    def whole(self, reply: Reply, body: bytes) -> bytes:
        """Return a reply whose whole body is available."""
        headers = {"content-length": str(len(body))} | reply.headers
        return self.head(reply.status, headers.items(), sized=True) + self.frame(body)

    def _stream(self, reply: Reply, events: Iterator[tuple[float, bytes]]) -> Iterator[Step]:
        """Yield events in bursts. Before a wait, those that are ready are sent."""
        head = self.head(reply.status, reply.headers.items(), sized=False)
        held: list[bytes] = []
        for delay, event in events:
            if delay:
                yield head + self.frame(b"".join(held)), delay
                head, held = b"", []
            elif len(held) == BURST:
                yield head + self.frame(b"".join(held)), 0.0
                head, held = b"", []
            held.append(event)
        end = self.end() if reply.ending == "complete" else b""
        yield head + self.frame(b"".join(held)) + end, None

    def head(self, status: int, headers: Iterable[tuple[str, str]], *, sized: bool) -> bytes:
        """Return the status line and headers. `sized` tells whether they give the body's length."""
        lines = "".join([f"{name}: {value}\r\n" for name, value in headers])
        self._bodyless = self._bodyless or status in _BODYLESS
        self._framed = self._chunked and not (sized or self._bodyless)
        if self._framed:
            lines += "transfer-encoding: chunked\r\n"
        elif not (sized or self._bodyless):
            self.persistent = False
        if not self.persistent:
            lines += "connection: close\r\n"
        line = _STATUS_LINES.get(status) or f"HTTP/1.1 {status} \r\n"
        return f"{line}{lines}\r\n".encode("latin-1")

    def frame(self, piece: bytes) -> bytes:
        """Return a piece of the body as it is sent."""
        if self._bodyless or not piece:
            return b""
        return b"%x\r\n%b\r\n" % (len(piece), piece) if self._framed else piece

    def end(self) -> bytes:
        """Return the bytes that end the body."""
        return b"0\r\n\r\n" if self._framed else b""
