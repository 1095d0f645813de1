"""What the API keeps between requests, bounded by count and by size, the oldest dropped first."""

from collections import Counter, OrderedDict
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any, Generic, Protocol, TypeVar

from ...values.budget import spend
from .items import Item

MOST = 10_000
"""How many objects of each kind are kept."""

LONGEST = 30 * 86_400.0
"""How long they are kept, in seconds: the API keeps responses for 30 days."""

MOST_BYTES = 100_000_000
"""About how many bytes the objects of a kind may take together, and how large a file may be."""

AN_OBJECT = 4_000
"""About how many bytes one takes besides what was sent."""

AN_ITEM = 1_000
"""About how many bytes an item takes besides what was sent."""


@dataclass(slots=True)
class Ledger:
    """About how many bytes all that is charged to it takes.

    `keepers` are the stores that charge to it, and `added` counts what they were given: where it is too much together,
    the oldest of all goes first, whichever store it is in.
    """

    size: int = 0
    added: int = 0
    keepers: "list[Bounded[Any]]" = field(default_factory=list)


class Charge:
    """About how many bytes something takes, in a ledger for as long as anything refers to this."""

    __slots__ = ("_ledger", "_size")

    def __init__(self, ledger: Ledger, size: int) -> None:
        self._ledger, self._size = ledger, size
        ledger.size += size

    def change(self, size: int) -> None:
        """Charge so many bytes from now on."""
        self._ledger.size += size - self._size
        self._size = size

    def __del__(self) -> None:
        self._ledger.size -= self._size


@dataclass(frozen=True, slots=True)
class StoredResponse:
    """A response, the input items of its request, and what came before: a response it continued, or a conversation.

    Both are kept as they were: deleting them takes them away from other requests, not from this one. `pending` are the
    statuses that a background response still goes through, one each time it is looked at. `charges` are its own and
    those of the conversation's items.
    """

    response: dict[str, Any]
    input_items: list[Item]
    previous: "StoredResponse | None" = None
    conversation_items: tuple[Item, ...] = ()
    pending: list[str] = field(default_factory=list)
    charges: tuple[Charge, ...] = ()

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
            spend()
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
    charge: Charge | None = None

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
    charges: list[Charge] = field(default_factory=list)

    def add(self, items: list[Item], charge: Charge) -> None:
        """Append items."""
        self.charges.append(charge)
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
    charge: Charge | None = None


BatchError = dict[str, Any]
"""What is wrong with a line of a batch, as the batch carries it: code, message, param and line."""


@dataclass(slots=True)
class Reading:
    """How far the input file of a batch was checked: the place and number of the next line.

    `requests` counts them, `taken` are digests of their ids, and `model` is how the first one names its model.
    """

    at: int = 0
    line: int = 1
    requests: int = 0
    taken: set[bytes] = field(default_factory=set)
    model: str | None = None


@dataclass(slots=True)
class Batch:
    """A batch and how far it is.

    `times` are in Unix seconds, by the API's names such as `in_progress_at`. `content` is its input file, `reading` how
    far that was checked and `at` the place of the next request in it; none of them is kept longer than needed.
    `answers` and `refusals` are the lines of the files to come. `output_lifetime` is in seconds.
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
    content: bytes = b""
    reading: Reading = field(default_factory=Reading)
    at: int = 0
    answers: list[bytes] = field(default_factory=list)
    refusals: list[bytes] = field(default_factory=list)
    counts: Counter[str] = field(default_factory=Counter)
    usage: Counter[str] = field(default_factory=Counter)
    times: dict[str, int] = field(default_factory=dict)
    output_file_id: str | None = None
    error_file_id: str | None = None
    charge: Charge | None = None


class Identified(Protocol):
    """Anything with an id."""

    @property
    def id(self) -> str:
        """The id."""
        ...


Kept = TypeVar("Kept", bound=Identified)


class Bounded(Generic[Kept]):
    """Objects by id. Adding one too many, or too large a one, drops the oldest; one that is too old is not found.

    Args:
        most: how many are kept.
        clock: the time in Unix seconds.
        most_bytes: about how many bytes they may take together. The newest one is kept, whatever it takes.
        ledger: what they are charged to. It may be shared.
    """

    def __init__(
        self,
        most: int = MOST,
        clock: Callable[[], float] = lambda: 0.0,
        most_bytes: int = MOST_BYTES,
        ledger: Ledger | None = None,
    ) -> None:
        self.most_bytes = most_bytes
        self.ledger = ledger or Ledger()
        self.ledger.keepers.append(self)
        self._most = most
        self._clock = clock
        self._kept: OrderedDict[str, tuple[float, int, Kept]] = OrderedDict()

    def __iter__(self) -> Iterator[Kept]:
        """Yield what is kept, the oldest first."""
        self._forget()
        return iter([kept for _, _, kept in self._kept.values()])

    def __len__(self) -> int:
        """Return how many are kept."""
        self._forget()
        return len(self._kept)

    def add(self, kept: Kept) -> None:
        """Keep an object, dropping the oldest ones where there are too many."""
        self.ledger.added += 1
        self._kept[kept.id] = (self._clock(), self.ledger.added, kept)
        self._forget()

    def get(self, id: str) -> Kept | None:
        """Return the object of that id, if it is kept."""
        self._forget()
        found = self._kept.get(id)
        return found and found[2]

    def delete(self, id: str) -> bool:
        """Forget an object. Returns whether there was one."""
        return self._kept.pop(id, None) is not None

    def _forget(self) -> None:
        """Drop what is too much or too old."""
        kept, ledger = self._kept, self.ledger
        while kept and (len(kept) > self._most or next(iter(kept.values()))[0] < self._clock() - LONGEST):
            kept.popitem(last=False)
        while ledger.size > self.most_bytes:
            others = [keeper for keeper in ledger.keepers if len(keeper._kept) > 1]
            if not others:
                return
            min(others, key=Bounded._oldest)._kept.popitem(last=False)

    def _oldest(self) -> int:
        return next(iter(self._kept.values()))[1]


class Store:
    """All that is kept. `clock` gives the time in Unix seconds."""

    def __init__(self, clock: Callable[[], float] = lambda: 0.0, most: int = MOST) -> None:
        # Responses keep items of conversations that are gone.
        shared = Ledger()
        self.responses: Bounded[StoredResponse] = Bounded(most, clock, ledger=shared)
        self.conversations: Bounded[Conversation] = Bounded(most, clock, ledger=shared)
        self.completions: Bounded[StoredCompletion] = Bounded(most, clock)
        # The API deletes none of these by itself.
        self.files: Bounded[StoredFile] = Bounded(most)
        self.batches: Bounded[Batch] = Bounded(most, most_bytes=3 * MOST_BYTES)
