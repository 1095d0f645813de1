"""Bytes in, requests out: HTTP/1.1 as a client sends it. Sans-IO.

`Reader.feed` calls its receiver back, because that is faster than to return lists of events:

| what was read | the receiver's method |
|---|---|
| a head | `check`, which may refuse the request before its body is read |
| a head that was let in and has `Expect` | `allow_body` |
| a complete request, or one that was refused, by `check` or because its body is too long | `receive`, once |

What is left of a refused request is read, but not kept, and neither are trailers. What is no HTTP raises
`UnreadableError`, with the status to answer. The parser is llhttp, which Node.js uses too.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Any, Literal, Protocol
from urllib.parse import unquote

import httptools

from ..wire.errors import APIError
from ..wire.messages import Request
from ..wire.trace import Trace
from .access import MOST_BYTES, check_length

MOST_HEAD_BYTES = 65_536
"""Of a head, and of what follows a body in chunks: trailers, of which none is used (RFC 9110, section 6.5.1)."""


class UnreadableError(Exception):
    """The client sent what cannot be understood. `status` is what to answer before closing the connection."""

    def __init__(self, status: HTTPStatus) -> None:
        super().__init__(status.phrase)
        self.status = status


@dataclass(slots=True)
class Incoming:
    """A request as it comes in.

    `chunked` tells whether the client understands bodies of unknown length, and `persistent` whether the connection
    outlives the reply. `size` is what was read of the body, in bytes. `refusal` is why the request is not let in.
    """

    method: str
    target: bytes
    headers: dict[str, str]
    chunked: bool
    persistent: bool
    body: bytearray = field(default_factory=bytearray)
    size: int = 0
    refusal: APIError | None = None

    def request(self, trace: Trace | None = None) -> Request:
        """Return the request in the form the core takes.

        Raises:
            UnreadableError: the target is not a path.
        """
        try:
            parts = httptools.parse_url(self.target)
        except httptools.HttpParserInvalidURLError:
            raise UnreadableError(HTTPStatus.BAD_REQUEST) from None
        path = (parts.path or b"").decode("latin-1")
        return Request(
            self.method,
            unquote(path) if "%" in path else path,
            self.headers,
            bytes(self.body),
            parts.query.decode("latin-1") if parts.query else "",
            trace,
        )


Phase = Literal["between", "head", "body"]
"""What a reader is in the middle of: nothing, a head, or the rest of a request, which may have been refused."""


class Receiver(Protocol):
    """Takes what the reader finds."""

    def check(self, method: str, headers: Mapping[str, str]) -> None:
        """Look at a request before its body is read.

        Raises:
            APIError: it is not let in.
        """

    def allow_body(self) -> None:
        """Tell the client to send the body it asked about."""

    def receive(self, incoming: Incoming) -> None:
        """Take a request that is complete or refused."""


class Reader:
    """Reads the requests of one client, one after the other.

    Args:
        receiver: told of each request, in order, while `feed` runs. `close` lets go of it.

    Attributes:
        phase: what it is in the middle of.
    """

    def __init__(self, receiver: Receiver) -> None:
        self._check, self._allow_body, self._receive = receiver.check, receiver.allow_body, receiver.receive
        self._parser: Any = httptools.HttpRequestParser(self)
        self._target = b""
        self._headers: dict[str, str] = {}
        # Bytes read of a head, or of a body in chunks, since anything was complete or had content.
        self._overhead: int | None = None
        self._content = False
        # Bytes to come of a body that the parser leaves alone.
        self._unparsed = 0
        self._incoming: Incoming | None = None
        self.phase: Phase = "between"

    def feed(self, data: bytes) -> None:
        """Read what the client sent next.

        Raises:
            UnreadableError: it is not HTTP, or a head is too long.
            HttpParserCallbackError: the receiver failed.
        """
        if self._unparsed:
            self._take_unparsed(data)
            return
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
        """Read no more. Parser and receiver are let go of, so that they need not wait for the garbage collector."""
        self._parser = None

    # Callbacks of the parser.

    def on_message_begin(self) -> None:  # noqa: D102
        self._target, self._headers, self._overhead, self.phase = b"", {}, 0, "head"

    def on_url(self, url: bytes) -> None:  # noqa: D102
        self._target += url

    def on_header(self, name: bytes, value: bytes) -> None:  # noqa: D102
        key, text = name.decode("latin-1").lower(), value.decode("latin-1")
        # Two hosts are one that is not let in: which of them counts is for nobody to guess.
        self._headers[key] = f"{self._headers[key]}, {text}" if key == "host" and key in self._headers else text

    def on_headers_complete(self) -> None:  # noqa: D102
        parser, headers = self._parser, self._headers
        # Trailers come as headers, too: they go where nobody looks.
        self._headers, self.phase = {}, "body"
        self._overhead = 0 if "transfer-encoding" in headers else None
        if not self._target.startswith(b"/"):
            _name_host(self._target, headers)
        method = parser.get_method().decode("ascii")
        chunked = parser.get_http_version() == "1.1"
        upgrade = parser.should_upgrade()
        expects = "expect" in headers
        # A client that asks before it sends a body may send it after a refusal, too: what follows could be anything.
        persistent = chunked and parser.should_keep_alive() and not upgrade and not expects
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

    def _take_unparsed(self, data: bytes) -> None:
        piece = data[: self._unparsed]
        self._unparsed -= len(piece)
        if piece:
            self.on_body(piece)
            self.on_message_complete()

    def _refuse(self, incoming: Incoming, refusal: APIError) -> None:
        incoming.refusal = refusal
        incoming.body.clear()
        self._incoming = None
        self._receive(incoming)


def _name_host(target: bytes, headers: dict[str, str]) -> None:
    """Put the host that a target names where the header is: it counts instead (RFC 9112, section 3.2.2)."""
    try:
        parts = httptools.parse_url(target)
    except httptools.HttpParserInvalidURLError:
        return
    if parts.host and "," not in headers.get("host", ""):
        host = parts.host.decode("latin-1")
        headers["host"] = f"[{host}]" if ":" in host else host
