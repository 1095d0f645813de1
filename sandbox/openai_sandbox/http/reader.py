"""Turns bytes into requests: HTTP/1.1 as a client sends it. Sans-IO.

`Reader.feed` calls its receiver back, because that is faster than returning lists of events:

| what was read | the receiver's method | |---|---| | a head | `check`, which may refuse the request before its body is
read | | a head that was allowed and has `Expect` | `allow_body` | | a complete request, or one that was refused, by
`check` or because its body is too long | `receive`, once |

The rest of a refused request is read but not kept, and neither are trailers. Anything that is not HTTP raises
`UnreadableError`, with the status to answer. The parser is llhttp, which Node.js also uses. A head that it has read
before, byte for byte, and that was allowed need not be read again: clients send the same one over and over.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Any, Literal, NamedTuple, Protocol
from urllib.parse import unquote

import httptools

from ..wire.errors import APIError
from ..wire.messages import Request
from ..wire.trace import Trace
from .access import MOST_BYTES, check_length

MOST_HEAD_BYTES = 65_536
"""The limit for a head, and for the trailers that follow a chunked body; trailers are not used (RFC 9110, section
6.5.1)."""


END_OF_HEAD = b"\r\n\r\n"
LONGEST_KNOWN = 4_096
"""The maximum size of a head that is remembered, in bytes."""

MOST_KNOWN = 256
"""How many heads are remembered."""


class UnreadableError(Exception):
    """The client sent something unreadable. `status` is what to answer before closing the connection."""

    def __init__(self, status: HTTPStatus) -> None:
        super().__init__(status.phrase)
        self.status = status


@dataclass(slots=True)
class Incoming:
    """A request while it is being read.

    `chunked` tells whether the client understands bodies of unknown length, and `persistent` whether the connection
    stays open after the reply. `size` is how much of the body was read, in bytes. `refusal` is why the request is not
    allowed, and `place` is its path and query, if they are known.
    """

    method: str
    target: bytes
    headers: dict[str, str]
    chunked: bool
    persistent: bool
    body: bytearray | bytes = field(default_factory=bytearray)
    size: int = 0
    refusal: APIError | None = None
    place: tuple[str, str] | None = None

    def request(self, trace: Trace | None = None) -> Request:
        """Return the request in the form the core takes.

        Raises:
            UnreadableError: the target is not a path.
        """
        path, query = self.place or _place(self.target)
        return Request(self.method, path, self.headers, bytes(self.body), query, trace)


Phase = Literal["between", "head", "body"]
"""What a reader is in the middle of: nothing, a head, or the rest of a request, which may have been refused."""


class Receiver(Protocol):
    """Gets what the reader finds."""

    def check(self, method: str, headers: Mapping[str, str]) -> None:
        """Check a request before its body is read.

        Raises:
            APIError: it is not allowed.
        """

    def allow_body(self) -> None:
        """Tell the client to send the body it asked about."""

    def receive(self, incoming: Incoming) -> None:
        """Take a request that is complete or refused."""


class Head(NamedTuple):
    """The head of an allowed HTTP/1.1 request that may be followed by more. `length` is the length of its body."""

    method: str
    target: bytes
    headers: dict[str, str]
    place: tuple[str, str]
    length: int


Heads = dict[bytes, Head]
"""Recently allowed heads, by their bytes. Only for readers whose receivers allow the same requests."""


class Reader:
    """Reads the requests of one client, one after the other.

    Args:
        receiver: told about each request, in order, while `feed` runs. `close` releases it.
        heads: remembered heads, shared with other readers.

    Attributes:
        phase: what it is in the middle of.
    """

    def __init__(self, receiver: Receiver, heads: Heads | None = None) -> None:
        self._check, self._allow_body, self._receive = receiver.check, receiver.allow_body, receiver.receive
        self._parser: Any = httptools.HttpRequestParser(self)
        self._target = b""
        self._headers: dict[str, str] = {}
        # Bytes read of a head, or of a chunked body, since anything was complete or had content.
        self._overhead: int | None = None
        self._content = False
        # Remaining bytes of a body that bypasses the parser.
        self._unparsed = 0
        self._incoming: Incoming | None = None
        self._heads = {} if heads is None else heads
        # The bytes of a head that the parser is about to read, and whether anything may follow its request.
        self._unknown: bytes | None = None
        self._persistent = True
        self.phase: Phase = "between"

    def feed(self, data: bytes) -> None:
        """Read the next bytes from the client.

        Raises:
            UnreadableError: it is not HTTP, or a head is too long.
            HttpParserCallbackError: the receiver failed.
        """
        if self._unparsed:
            self._take_unparsed(data)
            return
        if self.phase == "between" and self._persistent:
            end = data.find(END_OF_HEAD) + len(END_OF_HEAD)
            if len(END_OF_HEAD) <= end <= LONGEST_KNOWN:
                head = data[:end]
                known = self._heads.get(head)
                if known and len(data) <= end + known.length:
                    self._take_known(known, data, end)
                    return
                self._unknown = head
        self._content = False
        try:
            self._parser.feed_data(data)
        except httptools.HttpParserUpgrade as upgrade:
            self._take_unparsed(data[upgrade.args[0] :])
        except httptools.HttpParserCallbackError:
            raise
        except httptools.HttpParserError:
            raise UnreadableError(HTTPStatus.BAD_REQUEST) from None
        else:
            if self._overhead is not None:
                self._overhead = 0 if self._content else self._overhead + len(data)
                if self._overhead > MOST_HEAD_BYTES:
                    raise UnreadableError(HTTPStatus.REQUEST_HEADER_FIELDS_TOO_LARGE)

    def close(self) -> None:
        """Stop reading. Releases parser and receiver, so that they need not wait for the garbage collector."""
        self._parser = None

    # Callbacks of the parser.

    def on_message_begin(self) -> None:  # noqa: D102
        self._target, self._headers, self._overhead, self.phase = b"", {}, 0, "head"

    def on_url(self, url: bytes) -> None:  # noqa: D102
        self._target += url

    def on_header(self, name: bytes, value: bytes) -> None:  # noqa: D102
        key, text = name.decode("latin-1").lower(), value.decode("latin-1")
        # Two hosts count as one that is not allowed, because nobody can tell which of them is meant.
        self._headers[key] = f"{self._headers[key]}, {text}" if key == "host" and key in self._headers else text

    def on_headers_complete(self) -> None:  # noqa: D102
        parser, headers = self._parser, self._headers
        # Trailers also arrive as headers: they go where nobody looks.
        self._headers, self.phase = {}, "body"
        self._overhead = 0 if "transfer-encoding" in headers else None
        if not self._target.startswith(b"/"):
            _name_host(self._target, headers)
        method = parser.get_method().decode("ascii")
        chunked = parser.get_http_version() == "1.1"
        upgrade = parser.should_upgrade()
        expects = "expect" in headers
        # A client that asks before it sends a body may still send it after a refusal, so what follows could be
        # anything.
        persistent = self._persistent = chunked and parser.should_keep_alive() and not upgrade and not expects
        incoming = self._incoming = Incoming(method, self._target, headers, chunked, persistent)
        # Java's client asks for another protocol with its first request. llhttp leaves the body to that protocol.
        self._unparsed = int(headers.get("content-length") or 0) if upgrade else 0
        try:
            self._check(method, headers)
        except APIError as refusal:
            self._refuse(incoming, refusal)
        else:
            if expects:
                self._allow_body()
            elif self._unknown and persistent and self._overhead is None:
                self._remember(self._unknown, incoming)
        self._unknown = None

    def on_body(self, body: bytes) -> None:  # noqa: D102
        self._content = True
        if incoming := self._incoming:
            incoming.body += body
            incoming.size += len(body)
            if incoming.size > MOST_BYTES:
                try:
                    check_length(incoming.size, incoming.headers)
                except APIError as refusal:
                    self._refuse(incoming, refusal)

    def on_message_complete(self) -> None:  # noqa: D102
        self._content, self._overhead, self.phase = True, None, "body" if self._unparsed else "between"
        if (incoming := self._incoming) and not self._unparsed:
            self._incoming = None
            self._receive(incoming)

    def _remember(self, head: bytes, incoming: Incoming) -> None:
        """Remember a head, unless its end is unclear: lines may also end without a carriage return."""
        if head.count(b"\n") != head.count(b"\r\n") or not head[:1].isalpha():
            return
        try:
            place = _place(incoming.target)
        except UnreadableError:
            return
        if len(self._heads) >= MOST_KNOWN:
            self._heads.clear()
        length = int(incoming.headers.get("content-length") or 0)
        self._heads[head] = Head(incoming.method, incoming.target, incoming.headers, place, length)

    def _take_known(self, known: Head, data: bytes, end: int) -> None:
        """Take a request whose head is known and ends at `end`, with what has arrived of its body."""
        incoming = Incoming(known.method, known.target, known.headers, True, True, place=known.place)
        if len(data) == end + known.length:
            incoming.body, incoming.size = data[end:], known.length
            self._receive(incoming)
            return
        self._incoming, self._unparsed, self.phase = incoming, known.length, "body"
        self._take_unparsed(data[end:])

    def _take_unparsed(self, data: bytes) -> None:
        piece = data[: self._unparsed]
        self._unparsed -= len(piece)
        if piece:
            self.on_body(piece)
            self.on_message_complete()
        if len(data) > len(piece) and self._persistent:
            self.feed(data[len(piece) :])

    def _refuse(self, incoming: Incoming, refusal: APIError) -> None:
        incoming.refusal = refusal
        incoming.body = b""
        self._incoming = None
        self._receive(incoming)


def _place(target: bytes) -> tuple[str, str]:
    """Return the path and the query of a target.

    Raises:
        UnreadableError: it is not a path.
    """
    try:
        parts = httptools.parse_url(target)
    except httptools.HttpParserInvalidURLError:
        raise UnreadableError(HTTPStatus.BAD_REQUEST) from None
    path = (parts.path or b"").decode("latin-1")
    return unquote(path) if "%" in path else path, parts.query.decode("latin-1") if parts.query else ""


def _name_host(target: bytes, headers: dict[str, str]) -> None:
    """Replace the `Host` header with the host in the target, which takes precedence (RFC 9112, section 3.2.2)."""
    try:
        parts = httptools.parse_url(target)
    except httptools.HttpParserInvalidURLError:
        return
    if parts.host and "," not in headers.get("host", ""):
        host = parts.host.decode("latin-1")
        headers["host"] = f"[{host}]" if ":" in host else host
