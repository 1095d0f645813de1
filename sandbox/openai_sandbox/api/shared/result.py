"""What an endpoint returns."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from ...wire.events import Event
from .prepared import Prepared, PreparedStream


@dataclass(slots=True)
class Result:
    """A JSON object, the bytes of a file or a stream of events, and what it cost the model. Some are only prepared.

    `tokens` counts generated tokens. `authored` is False if the model gave its stand-in answer, and None if no model
    was asked. `terminator` follows the last event. `content_type` is only set if the body does not imply it. `pace` is
    how many seconds a script waits before each piece of a stream.
    """

    body: dict[str, Any] | bytes | Iterator[Event] | Prepared | PreparedStream
    tokens: int = 0
    authored: bool | None = None
    terminator: bytes = b""
    content_type: str | None = None
    pace: float | None = None
