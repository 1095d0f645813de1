"""Reads streams of server-sent events, strictly: what is not written as the API writes it fails the test."""

import json
import re
from typing import Any, NamedTuple

from openai.types.responses import ResponseStreamEvent
from pydantic import TypeAdapter

FRAME = re.compile(r"(?:event: (?P<name>[\w.]+)\n)?data: (?P<data>.+)")
DONE = "[DONE]"

EVENT: TypeAdapter[ResponseStreamEvent] = TypeAdapter(ResponseStreamEvent)
"""An event of a streamed response, as the SDK types it."""


class Frame(NamedTuple):
    """One event. `name` is its `event:` line, absent in Chat Completions; `data` is JSON, or `[DONE]`."""

    name: str | None
    data: str


def frames_of(stream: str) -> list[Frame]:
    """Return the events of a stream, its `[DONE]` included. Each has to end in an empty line."""
    *parts, rest = stream.split("\n\n")
    assert not rest, f"the stream ends within an event: {rest[:200]}"
    matches = [(FRAME.fullmatch(part), part) for part in parts]
    assert all(match for match, _ in matches), [part[:200] for match, part in matches if not match]
    return [Frame(match["name"], match["data"]) for match, _ in matches if match]


def events_of(stream: str) -> list[dict[str, Any]]:
    """Return the parsed data of the events of a stream, `[DONE]` left out. An event has the name of its type."""
    found = frames_of(stream)
    parsed: list[dict[str, Any]] = [json.loads(frame.data) for frame in found if frame.data != DONE]
    for frame, event in zip(found, parsed, strict=False):
        assert frame.name == event.get("type"), frame
    return parsed


def is_done(stream: str) -> bool:
    """Tell whether a stream ends in `[DONE]`, as a whole one of Chat Completions does."""
    return frames_of(stream)[-1].data == DONE
