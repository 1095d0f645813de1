"""Server-sent events: what a stream is made of."""

import re
from collections.abc import Iterable
from typing import Any, NamedTuple

from pydantic_core import to_json

DONE = b"data: [DONE]\n\n"
END = b"\n\n"
"""The end of a frame. No JSON written here contains it."""

ENDS = ("response.completed", "response.failed", "response.incomplete")
END_OF_EVENT = re.compile(rb"\n\r?\n|\r\r")


class Event(NamedTuple):
    """One frame of a stream.

    `name` is the `event:` line, which Chat Completions does not have. `tokens` counts the tokens that the model
    generated for it, which simulated latency is based on.
    """

    data: dict[str, Any]
    name: str | None = None
    tokens: int = 0

    @property
    def is_end(self) -> bool:
        """Whether it says that the answer has ended; for a chat completion, whether it has the usage."""
        return self.name in ENDS or (self.name is None and not self.data.get("choices"))

    def encode(self) -> bytes:
        """Return the frame's bytes."""
        data = to_json(self.data)
        return b"event: %b\ndata: %b\n\n" % (self.name.encode(), data) if self.name else b"data: %b\n\n" % data


def failed(last: Event | None, envelope: dict[str, Any]) -> Event:
    """Return the event with which a stream fails: in Responses, one with its own type, otherwise the envelope."""
    if last is None or last.name is None:
        return Event(envelope)
    return Event({"type": "error", "sequence_number": last.data["sequence_number"] + 1, **envelope}, "error")


def beginning(events: Iterable[Event], after: int | None = None) -> list[Event]:
    """Return the first `after` events, but never the last one; by default those up to the middle of the text."""
    every = list(events)[:-1]
    if after is None:
        pieces = [index for index, event in enumerate(every) if event.tokens == 1]
        after = pieces[(len(pieces) - 1) // 2] + 1 if pieces else len(every) // 2
    return every[:after]


class Events:
    """Cuts bytes into server-sent events, each with the empty line that ends it."""

    def __init__(self) -> None:
        self._rest = b""

    def feed(self, data: bytes) -> list[bytes]:
        """Return the events that are complete with this data."""
        self._rest += data
        events, start = [], 0
        for match in END_OF_EVENT.finditer(self._rest):
            events.append(self._rest[start : match.end()])
            start = match.end()
        self._rest = self._rest[start:]
        return events

    @property
    def rest(self) -> bytes:
        """The part of an incomplete event that has arrived."""
        return self._rest
