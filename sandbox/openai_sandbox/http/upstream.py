"""A real OpenAI-compatible server that requests are passed on to, while faults, latency and the journal stay here."""

import logging
import re
from collections import deque
from collections.abc import AsyncIterator, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from ipaddress import ip_address

import httpx2

from ..cassettes.recorder import Recorder, Take
from ..faults import Fault
from ..wire.errors import error
from ..wire.events import Events
from ..wire.masking import mask_keys
from ..wire.messages import Ending, Request

Headers = list[tuple[bytes, bytes]]

# As long as the SDK waits by default. A client that gives up earlier disconnects, which ends its request.
PATIENCE = httpx2.Timeout(600.0, connect=10.0)

# Headers that belong to a connection, not to the message: RFC 9110, section 7.6.1.
HOP_BY_HOP = {b"connection", b"keep-alive", b"proxy-authenticate", b"proxy-authorization", b"proxy-connection", b"te"}
HOP_BY_HOP |= {b"trailer", b"transfer-encoding", b"upgrade"}

# Set anew for the upstream. Compressed events could neither be counted nor passed on one by one.
REPLACED = {b"accept-encoding", b"content-length", b"expect", b"host"}

# What a browser sends on its own, and what would make it do so: that is between the upstream and other clients.
COOKIES = {b"cookie", b"cookie2", b"set-cookie", b"set-cookie2"}

# What the upstream says about itself as a site, and what it lets web pages do, does not apply to the sandbox.
OWN = (b"access-control-", b"alt-svc", b"strict-transport-security", b"x-sandbox")

# A host name. Registered names have no underscores, but those of containers do.
LABEL = re.compile(r"(?!-)[A-Za-z0-9_-]{1,63}(?<!-)")

DATA = re.compile(rb"^data", re.MULTILINE)

logger = logging.getLogger(__name__)


@dataclass(slots=True)
class Forwarded:
    """The upstream's answer: its headers, with names in lower case, and its body as it arrives.

    `ending` is only certain after the last piece: if the upstream breaks off, it becomes `cut`.
    """

    status: int
    headers: Headers
    body: AsyncIterator[bytes]
    response: httpx2.Response
    ending: Ending = "complete"
    take: Take | None = None
    whole: AsyncIterator[bytes] | None = None

    async def pieces(self) -> AsyncIterator[bytes]:
        """Yield the body."""
        try:
            async for piece in self.body:
                yield piece
            if self.whole:  # a recording has the whole answer, including what a fault withholds
                async for _ in self.whole:
                    pass
        except httpx2.HTTPError as problem:
            self.ending = "cut"
            logger.warning("the upstream broke off: %s", mask_keys(_described(problem)))

    async def aclose(self) -> None:
        """Stop reading from the upstream."""
        if self.take:
            self.take.leave()
        await self.response.aclose()


class Upstream:
    """Passes requests on.

    Args:
        url: the base URL as an SDK takes it, such as `http://127.0.0.1:8000/v1`. Without a path, it means a server
            whose paths begin with `/v1`, as they do here.
        recorder: records its answers.

    Raises:
        ValueError: it is not the base URL of a server.
    """

    def __init__(self, url: str, recorder: Recorder | None = None) -> None:
        try:
            parts = httpx2.URL(url)
        except httpx2.InvalidURL:
            parts = httpx2.URL()
        if parts.scheme not in ("http", "https") or not _can_exist(parts):
            raise ValueError(f"'{mask_keys(url)}' is not the base URL of a server, such as http://127.0.0.1:8000/v1")
        if parts.userinfo or parts.query or parts.fragment:
            raise ValueError(f"the base URL of {parts.host} may have no user, query or fragment: send keys as a header")
        self.url = str(parts).rstrip("/")
        self._path = parts.raw_path.rstrip(b"/")
        self._local = _is_local(parts.host)
        self._client: httpx2.AsyncClient | None = None
        self._recorder = recorder

    async def forward(self, request: Request, target: bytes, fault: Fault | None = None) -> Forwarded:
        """Pass a request on, and return the answer as soon as its headers have arrived.

        Args:
            request: what the client sent.
            target: the path as it was sent, still encoded.
            fault: a `cut_stream` or `end_early` ends the answer early.

        Raises:
            APIError: the upstream did not answer.
        """
        take = self._recorder.begin(request) if self._recorder else None
        with self._failures():
            response = await self._opened().send(self._request(request, target), stream=True)
            headers = [
                header
                for header in _end_to_end(response.headers.raw)
                if not header[0].startswith(OWN) and header[0] not in COOKIES
            ]
            headers.append((b"x-sandbox", b"upstream"))
            forwarded = Forwarded(response.status_code, headers, response.aiter_raw(), response, take=take)
            if take:
                take.answered(response.status_code, headers)
                forwarded.body = forwarded.whole = _taken(forwarded.body, take)
            if fault and fault.kind.name in ("cut_stream", "end_early"):
                await _cut(forwarded, fault)
            return forwarded

    async def aclose(self) -> None:
        """Close the connections."""
        if self._client:
            await self._client.aclose()
            self._client = None

    def _request(self, request: Request, target: bytes) -> httpx2.Request:
        given = [(name.encode("latin-1"), value.encode("latin-1")) for name, value in request.headers.items()]
        headers = [header for header in _end_to_end(given) if header[0] not in REPLACED | COOKIES]
        path = self._path + target.removeprefix(b"/v1") if self._path else target
        query = b"?" + request.query.encode("latin-1") if request.query else b""
        return httpx2.Request(
            request.method,
            self.url,
            headers=[*headers, (b"accept-encoding", b"identity")],
            content=request.body or None,
            # The target is not part of the URL, which httpx2 logs: it may hold a key in the wrong place.
            extensions={"timeout": PATIENCE.as_dict(), "target": path + query},
        )

    def _opened(self) -> httpx2.AsyncClient:
        if self._client is None:
            # A proxy from the environment cannot reach this machine's own ports.
            limits = httpx2.Limits(max_connections=None)
            self._client = httpx2.AsyncClient(trust_env=not self._local, follow_redirects=False, limits=limits)
        return self._client

    @contextmanager
    def _failures(self) -> Iterator[None]:
        try:
            yield
        except httpx2.HTTPError as problem:
            raise error("upstream_failed", url=self.url, problem=_described(problem)) from problem


async def _taken(body: AsyncIterator[bytes], take: Take) -> AsyncIterator[bytes]:
    """Yield a body while recording it."""
    try:
        async for piece in body:
            take.piece(piece)
            yield piece
    except httpx2.HTTPError:
        take.break_off()
        raise
    take.end()


async def _cut(forwarded: Forwarded, fault: Fault) -> None:
    """End an answer early: a stream after some events or halfway; anything else halfway, and only with `cut_stream`."""
    headers = dict(forwarded.headers)
    events = headers.get(b"content-type", b"").startswith(b"text/event-stream") and b"content-encoding" not in headers
    if fault.kind.name == "cut_stream":
        forwarded.ending = "cut"
    elif not events:
        return
    forwarded.headers = [header for header in forwarded.headers if header[0] != b"content-length"]
    if events:
        forwarded.body = _first_half(forwarded.body) if fault.after is None else _first(forwarded.body, fault.after)
        return
    body = b"".join([piece async for piece in forwarded.body])
    forwarded.headers.append((b"content-length", b"%d" % len(body)))
    forwarded.body = _only(body[: len(body) // 2])


async def _first(body: AsyncIterator[bytes], count: int) -> AsyncIterator[bytes]:
    """Yield the first `count` events. Keep-alive comments do not count."""
    if count == 0:
        return
    events = Events()
    async for piece in body:
        for event in events.feed(piece):
            yield event
            count -= bool(DATA.search(event))
            if count == 0:
                return


async def _first_half(body: AsyncIterator[bytes]) -> AsyncIterator[bytes]:
    """Yield the first half of all events without knowing their number: one goes out for every two that come in."""
    events, held, seen = Events(), deque[bytes](), 0
    async for piece in body:
        for event in events.feed(piece):
            held.append(event)
            seen += 1
            if seen % 2 == 0:
                yield held.popleft()


async def _only(body: bytes) -> AsyncIterator[bytes]:
    yield body


def _end_to_end(headers: Iterable[tuple[bytes, bytes]]) -> Headers:
    """Return the headers that are not about the connection, with names in lower case."""
    lowered = [(name.lower(), value) for name, value in headers]
    listed = b",".join(value for name, value in lowered if name == b"connection").lower()
    dropped = HOP_BY_HOP | {name.strip() for name in listed.split(b",")}
    return [(name, value) for name, value in lowered if name not in dropped]


def _can_exist(url: httpx2.URL) -> bool:
    """Tell whether a URL names a host and port that a server can have."""
    if url.port is not None and not 0 < url.port < 65_536:
        return False
    try:
        ip_address(url.host)
    except ValueError:
        host = url.raw_host.decode("ascii", "replace").removesuffix(".")
        return len(host) <= 253 and all(map(LABEL.fullmatch, host.split(".")))
    return True


def _is_local(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost" or host.endswith(".localhost")


def _described(problem: httpx2.HTTPError) -> str:
    name = type(problem).__name__
    return f"{problem} ({name})" if str(problem) else name
