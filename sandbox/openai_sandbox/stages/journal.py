"""The journal: what was asked and how it was answered, oldest first."""

import threading
from collections import deque
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, overload

from ..faults import Fault
from ..wire.masking import mask_keys, masked
from ..wire.messages import Request
from ..wire.trace import Trace
from .answered import Answered
from .body import Body
from .key import key_in

MOST = 10_000
"""How many entries a journal keeps. The oldest are dropped first."""

MOST_BYTES = 100_000_000
"""About how many bytes the entries may take together."""

AN_ENTRY = 2_000


@dataclass(slots=True)
class Exchange:
    """A journal entry: one request and how it was answered.

    `body` is the parsed JSON, or None, also if it is too large to be kept. Keys are masked everywhere. `status` is 0 if
    a fault kept the answer from being sent, and until an upstream has answered. `authored` is False if the model had no
    answer for the prompt and gave its stand-in; None if no model was asked.

    `code` is the error's code, and `retry_after` is how many seconds the reply asked the client to wait. `trace` has
    the times of the request and its connection, and `answer` is what is kept of the model's answer. `key_in` names the
    places other than the proper header where the request has its key: `query`, `body`, or the name of another header.
    """

    method: str
    path: str
    headers: dict[str, str]
    body: Any
    status: int = 0
    fault: str | None = None
    authored: bool | None = None
    code: str | None = field(default=None, compare=False)
    retry_after: float | None = field(default=None, compare=False)
    trace: Trace = field(default_factory=Trace, compare=False, repr=False)
    answer: Answered | None = field(default=None, compare=False, repr=False)
    key_in: tuple[str, ...] = field(default=(), compare=False, repr=False)


class Journal(Sequence[Exchange]):
    """The journal's entries, oldest first. Equal to any sequence of the same entries.

    Entries are complete when they are added, so another thread may read or clear the journal at any time.

    Args:
        most: how many entries are kept. With 0, an entry has neither headers nor body, because nobody would read them.
        most_bytes: about how many bytes they may take together. The newest is kept, whatever its size.
    """

    def __init__(self, most: int = MOST, most_bytes: int = MOST_BYTES) -> None:
        self._most, self._most_bytes = most, most_bytes
        self._entries: deque[Exchange] = deque()
        self._sizes: deque[int] = deque()
        self._size = 0
        # Entries and sizes change together, even if another thread clears the journal.
        self._changing = threading.Lock()

    def record(
        self,
        request: Request,
        body: Body,
        status: int,
        fault: Fault | None = None,
        authored: bool | None = None,
        code: str | None = None,
        retry_after: float | None = None,
        answer: Answered | None = None,
    ) -> Exchange:
        """Append an entry, drop the oldest if there are too many, and return the new one."""
        exchange = Exchange(
            request.method,
            mask_keys(request.path),
            masked(request.headers) if self._most else {},
            body.masked(request.body) if self._most else None,
            status,
            None if fault is None or fault.kind.name == "ok" else fault.kind.name,
            authored,
            code,
            retry_after,
            request.trace or Trace(),
            answer,
            key_in(request) if self._most else (),
        )
        if not self._most:
            return exchange
        size, entries = AN_ENTRY + body.weight, self._entries
        with self._changing:
            entries.append(exchange)
            self._sizes.append(size)
            self._size += size
            while len(entries) > self._most or (self._size > self._most_bytes and len(entries) > 1):
                entries.popleft()
                self._size -= self._sizes.popleft()
        return exchange

    def clear(self) -> None:
        """Forget all entries. Requests that are being answered are added when they are done."""
        with self._changing:
            self._entries.clear()
            self._sizes.clear()
            self._size = 0

    def __len__(self) -> int:
        return len(self._entries)

    @overload
    def __getitem__(self, index: int) -> Exchange: ...
    @overload
    def __getitem__(self, index: slice) -> list[Exchange]: ...
    def __getitem__(self, index: int | slice) -> Exchange | list[Exchange]:
        return list(self._entries)[index] if isinstance(index, slice) else self._entries[index]

    def __iter__(self) -> Iterator[Exchange]:
        return iter(list(self._entries))

    def __eq__(self, other: object) -> bool:
        return list(self) == list(other) if isinstance(other, Sequence) else NotImplemented

    __hash__ = None  # type: ignore[assignment] # mutable, like a list

    def __repr__(self) -> str:
        return f"Journal({list(self._entries)!r})"
