"""What the API keeps between requests."""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from ...values.budget import spend
from .bounded import MOST, MOST_BYTES, Bounded, Charge, Ledger
from .items import Item


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
