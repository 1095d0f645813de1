"""What the API keeps between requests: responses and conversations, bounded by count, the oldest dropped first."""

from collections import Counter, OrderedDict
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any, Generic, NamedTuple, Protocol, TypeVar

from .items import Item

MOST = 10_000
"""How many objects of each kind are kept."""

LONGEST = 30 * 86_400.0
"""How long they are kept, in seconds: the API keeps responses for 30 days."""


MOST_BYTES = 100_000_000
"""How many bytes of files are kept together, and how large one may be."""


@dataclass(frozen=True, slots=True)
class StoredResponse:
    """A response, the input items of its request, and what came before: a response it continued, or a conversation.

    Both are kept as they were: deleting them takes them away from other requests, not from this one. `pending` are the
    statuses that a background response still goes through, one each time it is looked at.
    """

    response: dict[str, Any]
    input_items: list[Item]
    previous: "StoredResponse | None" = None
    conversation_items: tuple[Item, ...] = ()
    pending: list[str] = field(default_factory=list)

    @property
    def id(self) -> str:
        """The response's id."""
        id: str = self.response["id"]
        return id

    def context(self) -> list[Item]:
        """Return the items of the whole chain up to and including this response, oldest first. No instructions."""
        chain: list[StoredResponse] = []
        link: StoredResponse | None = self
        while link:
            chain.append(link)
            link = link.previous
        return [
            item
            for stored in reversed(chain)
            for item in (*stored.conversation_items, *stored.input_items, *stored.response["output"])
        ]


@dataclass(frozen=True, slots=True)
class StoredCompletion:
    """A chat completion and the messages it answered."""

    completion: dict[str, Any]
    messages: list[dict[str, Any]]

    @property
    def id(self) -> str:
        """The completion's id."""
        id: str = self.completion["id"]
        return id


@dataclass(slots=True)
class Conversation:
    """A conversation and its items by id, oldest first. `created_at` is in Unix seconds."""

    id: str
    created_at: int
    metadata: dict[str, str]
    items: dict[str, Item] = field(default_factory=dict)

    def add(self, items: list[Item]) -> None:
        """Append items."""
        self.items.update((item["id"], item) for item in items)


@dataclass(frozen=True, slots=True)
class StoredFile:
    """A file. Times are in Unix seconds; without `expires_at` it stays."""

    id: str
    created_at: int
    filename: str
    purpose: str
    content: bytes
    expires_at: int | None = None


class BatchLine(NamedTuple):
    """A request of a batch."""

    custom_id: str
    body: dict[str, Any]


BatchError = dict[str, Any]
"""What is wrong with a line of a batch, as the batch carries it: code, message, param and line."""


@dataclass(slots=True)
class Batch:
    """A batch and how far it is.

    `times` are in Unix seconds, by the API's names such as `in_progress_at`. `waiting` are the requests still to be
    run, last one first; `answers` and `refusals` the lines of the files to come. `output_lifetime` is in seconds.
    """

    id: str
    endpoint: str
    input_file_id: str
    created_at: int
    metadata: dict[str, str] | None
    output_lifetime: int | None = None
    status: str = "validating"
    model: str | None = None
    total: int = 0
    errors: list[BatchError] = field(default_factory=list)
    waiting: list[BatchLine] = field(default_factory=list)
    answers: list[bytes] = field(default_factory=list)
    refusals: list[bytes] = field(default_factory=list)
    counts: Counter[str] = field(default_factory=Counter)
    usage: Counter[str] = field(default_factory=Counter)
    times: dict[str, int] = field(default_factory=dict)
    output_file_id: str | None = None
    error_file_id: str | None = None


class Identified(Protocol):
    """Anything with an id."""

    @property
    def id(self) -> str:
        """The id."""
        ...


Kept = TypeVar("Kept", bound=Identified)


class Bounded(Generic[Kept]):
    """Objects by id. Adding one too many drops the oldest; one that is too old is not found.

    Args:
        most: how many are kept.
        clock: the time in Unix seconds.
    """

    def __init__(self, most: int = MOST, clock: Callable[[], float] = lambda: 0.0) -> None:
        self._most = most
        self._clock = clock
        self._kept: OrderedDict[str, tuple[float, Kept]] = OrderedDict()

    def __iter__(self) -> Iterator[Kept]:
        """Yield what is kept, the oldest first."""
        self._forget()
        return iter([kept for _, kept in self._kept.values()])

    def __len__(self) -> int:
        """Return how many are kept."""
        self._forget()
        return len(self._kept)

    def add(self, kept: Kept) -> None:
        """Keep an object, dropping the oldest one where there are too many."""
        self._kept[kept.id] = (self._clock(), kept)
        self._forget()

    def get(self, id: str) -> Kept | None:
        """Return the object of that id, if it is kept."""
        self._forget()
        found = self._kept.get(id)
        return found and found[1]

    def delete(self, id: str) -> bool:
        """Forget an object. Returns whether there was one."""
        return self._kept.pop(id, None) is not None

    def _forget(self) -> None:
        """Drop what is too much or too old."""
        while len(self._kept) > self._most:
            self._kept.popitem(last=False)
        while self._kept and next(iter(self._kept.values()))[0] < self._clock() - LONGEST:
            self._kept.popitem(last=False)


class Files(Bounded[StoredFile]):
    """Files by id. Adding one too many, or too many bytes, drops the oldest; the newest one always stays."""

    def __init__(self, most: int = MOST, most_bytes: int = MOST_BYTES) -> None:
        super().__init__(most)
        self.most_bytes = most_bytes
        self.size = 0

    def add(self, kept: StoredFile) -> None:
        """Keep a file, dropping the oldest ones where there are too many."""
        self.size += len(kept.content)
        super().add(kept)

    def delete(self, id: str) -> bool:
        """Forget a file. Returns whether there was one."""
        if file := self.get(id):
            self.size -= len(file.content)
        return super().delete(id)

    def _forget(self) -> None:
        while len(self._kept) > 1 and (len(self._kept) > self._most or self.size > self.most_bytes):
            _, (_, file) = self._kept.popitem(last=False)
            self.size -= len(file.content)


class Store:
    """All that is kept. `clock` gives the time in Unix seconds."""

    def __init__(self, clock: Callable[[], float] = lambda: 0.0, most: int = MOST) -> None:
        self.responses: Bounded[StoredResponse] = Bounded(most, clock)
        self.completions: Bounded[StoredCompletion] = Bounded(most, clock)
        self.conversations: Bounded[Conversation] = Bounded(most, clock)
        # The API deletes none of these by itself.
        self.files = Files(most)
        self.batches: Bounded[Batch] = Bounded(most)
