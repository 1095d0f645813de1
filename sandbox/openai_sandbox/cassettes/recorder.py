"""Records what an upstream answers, exchange by exchange, while it is passed on."""

import gzip
import logging
import time
import zlib
from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from pathlib import Path

from ..wire.events import Events
from ..wire.messages import Request
from . import CassetteError, messages
from .file import append
from .messages import Answer, Exchange
from .scrubbing import Scrubber

logger = logging.getLogger(__name__)

# What the last frame of a stream looks like.
LAST = (b"[DONE]", b"response.completed", b"response.incomplete", b"response.failed", b"error")

DIGITS = 3
"""Times are in seconds, rounded to the millisecond."""


class Recorder:
    """Appends exchanges to a cassette.

    Args:
        path: the cassette, which is created with the first exchange.
        scrubber: what must not be written.
        clock: returns seconds.
        today: returns the current date and time.

    Attributes:
        count: how many exchanges were written.
    """

    def __init__(
        self,
        path: Path,
        scrubber: Scrubber,
        clock: Callable[[], float] = time.monotonic,
        today: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self.path = path
        self.scrubber = scrubber
        self.clock = clock
        self.today = today
        self.count = 0

    def begin(self, request: Request) -> "Take":
        """Start recording an exchange when its request is passed on."""
        return Take(self, request)

    def write(self, exchange: Exchange) -> None:
        """Append an exchange. If that fails, the answer is still passed on."""
        try:
            append(self.path, exchange)
        except (CassetteError, OSError) as problem:
            logger.error("an answer could not be recorded: %s", problem)
        else:
            self.count += 1


class Take:
    """One exchange while it is being recorded.

    Args:
        recorder: where it is written.
        request: what was asked.
    """

    def __init__(self, recorder: Recorder, request: Request) -> None:
        self._recorder = recorder
        self._request = request
        self._recorded = recorder.today().astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
        self._last = recorder.clock()
        self._answer: Answer = {"status": 0, "after": 0.0}
        self._headers: dict[str, str] = {}
        self._streams = self._written = False
        self._events = Events()
        self._frames: list[tuple[bytes, float]] = []
        self._body = bytearray()

    def answered(self, status: int, headers: Iterable[tuple[bytes, bytes]]) -> None:
        """Take the status and headers."""
        self._answer = {"status": status, "after": self._elapsed()}
        self._headers = {name.decode("latin-1").lower(): value.decode("latin-1") for name, value in headers}
        media_type = self._headers.get("content-type", "")
        self._streams = media_type.startswith(messages.EVENT_STREAM) and not self._encoding

    def piece(self, data: bytes) -> None:
        """Take a piece of the body."""
        if not self._streams:
            self._body += data
            return
        frames = self._events.feed(data)
        if frames:
            after = self._elapsed()
            self._frames += [(frame, 0.0 if index else after) for index, frame in enumerate(frames)]

    def end(self) -> None:
        """Write the exchange: the whole answer has arrived."""
        self._write(complete=True)

    def break_off(self) -> None:
        """Write the exchange: the upstream broke off its answer."""
        self._write(complete=False)

    def leave(self) -> None:
        """Note that nobody reads the rest of the answer. For a stream, what has arrived is written."""
        if self._streams:
            self._write(complete=bool(self._frames) and _is_last(self._frames[-1][0]))

    def _write(self, *, complete: bool) -> None:
        if self._written:
            return
        self._written = True
        answer = self._answer
        if not complete:
            answer["ending"] = "cut"
        if self._streams:
            if self._events.rest:
                self._frames.append((self._events.rest, self._elapsed()))
            answer["events"] = [messages.event(frame, after) for frame, after in self._frames]
        else:
            content = self._decoded(bytes(self._body))
            answer.update(messages.body(self._headers.get("content-type", ""), content))  # type: ignore[typeddict-item]
        sent = messages.of_request(self._request)
        scrubber = self._recorder.scrubber
        exchange: Exchange = {
            "recorded": self._recorded,
            "request": messages.shortened(scrubber.request(sent, self._request.headers)),
            "response": scrubber.response(answer, self._headers, sent, self._request.headers),
        }
        self._recorder.write(exchange)

    @property
    def _encoding(self) -> str:
        return self._headers.get("content-encoding", "identity").strip().lower().replace("identity", "")

    def _decoded(self, body: bytes) -> bytes:
        """Return the decoded body and remove the encoding from the headers, although no encoding was asked for."""
        try:
            if self._encoding == "gzip":
                body = gzip.decompress(body)
            elif self._encoding == "deflate":
                body = zlib.decompress(body)
            else:
                return body
        except (OSError, EOFError, zlib.error):
            return body
        del self._headers["content-encoding"]
        return body

    def _elapsed(self) -> float:
        now = self._recorder.clock()
        elapsed, self._last = now - self._last, now
        return round(elapsed, DIGITS)


def _is_last(frame: bytes) -> bool:
    """Tell whether a frame is a stream's last one, after which a client may leave."""
    first = frame.split(b"\n", 1)[0]
    return first.removeprefix(b"event: ").removeprefix(b"data: ").strip() in LAST
