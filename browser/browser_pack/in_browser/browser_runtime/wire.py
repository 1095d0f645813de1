"""Tells a page what goes over the wire while a program runs: requests, replies, waits before retries, streamed events.

Nothing is watched unless a page asks for it, so other programs run as if this module did not exist. Keys are masked
here, before anything leaves the interpreter. A program that has packages imported anew, `# needs: process`, is not
watched.
"""

import json
import time
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import contextmanager
from typing import Any

import httpx2
from openai._base_client import BaseClient

from openai_sandbox.wire.masking import mask_keys, masked, masked_json

from .network import Connection

Tell = Callable[[dict[str, Any]], None]
"""Takes one thing that happened, as JSON."""

LONGEST_BODY = 100_000
"""Characters of a body that are shown."""


class Wire:
    """Numbers the requests of one program, and says for each thing when it happened.

    Args:
        tell: shows what happened.
    """

    def __init__(self, tell: Tell) -> None:
        self._tell = tell
        self._began = time.monotonic()
        self._requests = 0

    def say(self, kind: str, **rest: Any) -> None:
        """Tell one thing. `at` is in seconds since the program began."""
        self._tell({"kind": kind, "at": round(time.monotonic() - self._began, 3), **rest})

    def exchange(self, request: httpx2.Request) -> "Exchange":
        """Tell that a request was sent."""
        self._requests += 1
        return Exchange(self, self._requests, request)


class Exchange:
    """One request, and everything that comes back."""

    def __init__(self, wire: Wire, number: int, request: httpx2.Request) -> None:
        self._wire, self._number = wire, number
        self._sent = time.monotonic()
        self._text = ""
        self._streamed = False
        self._ended = False
        path = request.url.raw_path.decode("latin-1")
        try:
            body = request.read()  # that of an upload from an asynchronous client cannot be read here
        except Exception:
            body = b""
        headers = _headers(request.headers)
        self._say("request", method=request.method, path=mask_keys(path), headers=headers, body=_body(body))

    def _say(self, kind: str, **rest: Any) -> None:
        self._wire.say(kind, number=self._number, **rest)

    @property
    def _seconds(self) -> float:
        return round(time.monotonic() - self._sent, 3)

    def replied(self, response: httpx2.Response) -> None:
        """Tell the status and the headers of the reply."""
        self._streamed = "text/event-stream" in response.headers.get("content-type", "")
        headers = _headers(response.headers)
        self._say("reply", status=response.status_code, headers=headers, seconds=self._seconds, streamed=self._streamed)

    def broke(self, problem: BaseException) -> None:
        """Tell that the connection failed."""
        if self._ended:
            return
        self._ended = True
        self._say("broken", problem=type(problem).__name__, message=mask_keys(str(problem)), seconds=self._seconds)

    def came(self, piece: bytes) -> None:
        """Take a piece of the reply's body, and tell each event that is complete."""
        self._text += piece.decode("utf-8", "replace")
        if self._streamed:
            *events, self._text = self._text.replace("\r\n", "\n").split("\n\n")
            for event in events:
                self._event(event)

    def ended(self) -> None:
        """Tell the body of a reply that was not streamed, and that the reply is complete."""
        if self._ended:
            return
        self._ended = True
        body = None if self._streamed else _body(self._text.encode())
        self._say("end", body=body, seconds=self._seconds)

    def _event(self, text: str) -> None:
        lines = [line.partition(":") for line in text.split("\n")]
        data = "\n".join(value.removeprefix(" ") for name, _, value in lines if name == "data")
        if not data:
            return
        found = _body(data.encode())
        named = next((value.strip() for name, _, value in lines if name == "event"), None)
        kind = found.get("type") or found.get("object") if isinstance(found, dict) else None
        self._say("event", name=str(named or kind or data[:40]), data=found, seconds=self._seconds)


class _Body(httpx2.SyncByteStream):
    """The body of a reply, told as the client reads it."""

    def __init__(self, stream: Any, exchange: Exchange) -> None:
        self._stream, self._exchange = stream, exchange

    def __iter__(self) -> Iterator[bytes]:
        try:
            for piece in self._stream:
                self._exchange.came(piece)
                yield piece
        except httpx2.TransportError as problem:
            self._exchange.broke(problem)
            raise
        self._exchange.ended()

    def close(self) -> None:
        self._stream.close()


class _AsyncBody(httpx2.AsyncByteStream):
    """The same, for asynchronous clients."""

    def __init__(self, stream: Any, exchange: Exchange) -> None:
        self._stream, self._exchange = stream, exchange

    async def __aiter__(self) -> AsyncIterator[bytes]:
        try:
            async for piece in self._stream:
                self._exchange.came(piece)
                yield piece
        except httpx2.TransportError as problem:
            self._exchange.broke(problem)
            raise
        self._exchange.ended()

    async def aclose(self) -> None:
        await self._stream.aclose()


@contextmanager
def watched(tell: Tell) -> Iterator[Wire]:
    """Watch the wire inside the block."""
    wire = Wire(tell)
    answer, answer_async = Connection.answer, Connection.answer_async
    wait = BaseClient._calculate_retry_timeout

    def told(self: Connection, request: httpx2.Request) -> httpx2.Response:
        exchange = wire.exchange(request)
        try:
            response = answer(self, request)
        except Exception as problem:
            exchange.broke(problem)
            raise
        exchange.replied(response)
        response.stream = _Body(response.stream, exchange)
        return response

    async def told_async(self: Connection, request: httpx2.Request) -> httpx2.Response:
        exchange = wire.exchange(request)
        try:
            response = await answer_async(self, request)
        except Exception as problem:
            exchange.broke(problem)
            raise
        exchange.replied(response)
        response.stream = _AsyncBody(response.stream, exchange)
        return response

    def waits(self: Any, remaining_retries: int, options: Any, headers: Any = None) -> float:
        seconds: float = wait(self, remaining_retries, options, headers)
        named = [name for name in ("retry-after-ms", "retry-after") if headers is not None and name in headers]
        wire.say("wait", seconds=round(seconds, 3), because=named[0] if named else None)
        return seconds

    Connection.answer, Connection.answer_async = told, told_async  # type: ignore[method-assign]
    BaseClient._calculate_retry_timeout = waits  # type: ignore[method-assign, assignment]
    try:
        yield wire
    finally:
        Connection.answer, Connection.answer_async = answer, answer_async  # type: ignore[method-assign]
        BaseClient._calculate_retry_timeout = wait  # type: ignore[method-assign]


def run(runner: Any, *program: str) -> str:
    """Run a program as `Runner.run` does, and tell the page what goes over the wire."""
    from page import tell

    with watched(lambda event: tell(json.dumps(event))):
        ended: str = runner.run(*program)
    return ended


def _headers(headers: httpx2.Headers) -> list[tuple[str, str]]:
    return list(masked({name.lower(): value for name, value in headers.items()}).items())


def _body(raw: bytes) -> Any:
    """Return a body as JSON, or else as text, with every key masked. None if it is empty."""
    if not raw:
        return None
    try:
        return masked_json(json.loads(raw)) if len(raw) <= LONGEST_BODY else mask_keys(_text(raw))
    except ValueError:
        return mask_keys(_text(raw))


def _text(raw: bytes) -> str:
    text = raw[:LONGEST_BODY].decode("utf-8", "replace")
    return text if len(raw) <= LONGEST_BODY else f"{text}… ({len(raw):,} bytes)"
