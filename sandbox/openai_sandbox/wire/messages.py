"""HTTP messages as values: a request that arrived, and a reply with how and when to send it."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Literal, NamedTuple

from .trace import Trace

Ending = Literal["complete", "cut", "drop", "hang"]
"""How a reply ends: complete; cut off after its last byte; dropped before its first; or never begun."""


class Request(NamedTuple):
    """An HTTP request. Header names are in lower case, and `path` has no query. A server fills in `trace`."""

    method: str
    path: str
    headers: Mapping[str, str] = MappingProxyType({})
    body: bytes = b""
    query: str = ""
    trace: Trace | None = None


@dataclass(slots=True)
class Reply:
    """An HTTP response and when to send it.

    `delay` is in seconds, before the status line. `body` is the whole body, or (seconds to wait, bytes) pieces.
    """

    status: int
    headers: dict[str, str]
    body: bytes | Iterator[tuple[float, bytes]]
    delay: float = 0.0
    ending: Ending = "complete"
