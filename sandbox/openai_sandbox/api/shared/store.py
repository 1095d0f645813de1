"""What the API stores between requests."""

from collections import Counter, OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from ...values.budget import spend
from .bounded import MOST, MOST_BYTES, Bounded, Charge, Ledger
from .items import Item, user_message
from .prepared import Prepared

A_DAY = 86_400


@dataclass(slots=True)
class StoredResponse:
    """A response, the input items of its request, and what came before: a response it continued, or a conversation.

    `made` is the response, perhaps only prepared; `response` is its content. `given` has its input items, or the id and
    text of the only one.

    Both are kept as they were: deleting them removes them for other requests, not for this one. `pending` has the
    statuses that a background response still goes through, one each time it is retrieved. `charges` are its own and
    those of the conversation's items. `partial_images` says how many partial pictures its stream has.
    """

    made: dict[str, Any] | Prepared
    given: list[Item] | tuple[str, str]
    previous: "StoredResponse | None" = None
    conversation_items: tuple[Item, ...] = ()
    pending: list[str] = field(default_factory=list)
    charges: tuple[Charge, ...] = ()
    partial_images: int = 0

    @property
    def id(self) -> str:
        """The response's id."""
        id: str = self.made.id if isinstance(self.made, Prepared) else self.made["id"]
        return id

    @property
    def response(self) -> dict[str, Any]:
        """The response."""
        if isinstance(self.made, Prepared):
            self.made = self.made.json()
        return self.made

    @property
    def input_items(self) -> list[Item]:
        """The input items of the request."""
        return [user_message(*self.given)] if isinstance(self.given, tuple) else self.given

    def context(self) -> list[Item]:
        """Return the items of the whole chain up to and including this response, oldest first, without instructions."""
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
    """A conversation and its items by id, oldest first. `created_at` is in Unix seconds.

    `locked` is set while one of its responses is generated, which may wait for another server.
    """

    id: str
    created_at: int
    metadata: dict[str, str]
    items: dict[str, Item] = field(default_factory=dict)
    charges: list[Charge] = field(default_factory=list)
    locked: bool = False

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


@dataclass(slots=True)
class StoredUpload:
    """A file that comes in parts, kept by their ids until it is complete. Times are in Unix seconds.

    `size` is how many bytes it should have, and `lifetime` is how many seconds its file should be kept.
    """

    id: str
    created_at: int
    expires_at: int
    filename: str
    purpose: str
    size: int
    lifetime: int | None
    charge: Charge
    parts: dict[str, bytes] = field(default_factory=dict)
    status: str = "pending"
    file: StoredFile | None = None


BatchError = dict[str, Any]
"""What is wrong with a line of a batch, in the batch's form: code, message, param and line."""


@dataclass(slots=True)
class Reading:
    """How far the input file of a batch was checked: the position and number of the next line.

    `requests` counts them, `taken` has digests of their ids, and `model` is the model name in the first one.
    """

    at: int = 0
    line: int = 1
    requests: int = 0
    taken: set[bytes] = field(default_factory=set)
    model: str | None = None


@dataclass(slots=True)
class Batch:
    """A batch and how far it is.

    `times` are in Unix seconds, by the API's names such as `in_progress_at`. `content` is its input file, `reading` is
    how far that was checked, and `at` is the position of the next request in it; none of them is kept longer than
    needed. `answers` and `refusals` are the lines of the future files, and `written` is how many bytes they have.
    `output_lifetime` is in seconds. `moving` is set during a step, which may wait for another server.
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
    moving: bool = False
    written: int = 0

    def write(self, lines: list[bytes], line: bytes) -> None:
        """Add a line to the answers or to the refusals."""
        lines.append(line)
        self.written += len(line)


class Chunk(NamedTuple):
    """A part of a file, and its vector as `model.embeddings` writes it."""

    text: str
    vector: bytes


@dataclass(slots=True)
class IndexedFile:
    """A file in a vector store. `text` is its text, or None if it is not text, and `at` is how many characters are
    chunked.

    `chunking` says how it is chunked, in the API's form. `error` says why it failed: code and message.
    """

    id: str
    filename: str
    created_at: int
    attributes: dict[str, Any]
    chunking: dict[str, Any]
    text: str | None
    status: str = "in_progress"
    error: dict[str, str] | None = None
    chunks: list[Chunk] = field(default_factory=list)
    at: int = 0

    @property
    def usage_bytes(self) -> int:
        """How many bytes its chunks take. How the API counts them is not known."""
        return sum(len(chunk.text.encode("utf-8", "surrogatepass")) + len(chunk.vector) for chunk in self.chunks)


@dataclass(slots=True)
class FileBatch:
    """Files that were added to a store together. A cancelled one adds no more of them."""

    id: str
    created_at: int
    files: list[IndexedFile]
    cancelled: bool = False


@dataclass(slots=True)
class VectorStore:
    """A vector store, its files by id, oldest first, and its batches. Times are in Unix seconds."""

    id: str
    created_at: int
    name: str | None
    description: str | None
    metadata: dict[str, str]
    expires_after: dict[str, Any] | None
    last_active_at: int
    charge: Charge
    files: dict[str, IndexedFile] = field(default_factory=dict)
    batches: dict[str, FileBatch] = field(default_factory=dict)

    @property
    def expires_at(self) -> int | None:
        """When it expires, if it does."""
        return self.last_active_at + A_DAY * int(self.expires_after["days"]) if self.expires_after else None


class Store:
    """Everything that is kept. `clock` returns the time in Unix seconds."""

    def __init__(self, clock: Callable[[], float] = lambda: 0.0, most: int = MOST) -> None:
        # Responses keep items of deleted conversations.
        shared = Ledger()
        self.responses: Bounded[StoredResponse] = Bounded(most, clock, ledger=shared)
        self._reasoned: OrderedDict[str, tuple[str, str]] = OrderedDict()
        self.conversations: Bounded[Conversation] = Bounded(most, clock, ledger=shared)
        self.completions: Bounded[StoredCompletion] = Bounded(most, clock)
        # The API does not delete these on its own.
        self.files: Bounded[StoredFile] = Bounded(most)
        self.batches: Bounded[Batch] = Bounded(most, most_bytes=3 * MOST_BYTES)
        self.uploads: Bounded[StoredUpload] = Bounded(most)
        self.vector_stores: Bounded[VectorStore] = Bounded(most)

    def note_reasoning(self, response: str, reasoning: str, item: str) -> None:
        """Remember that an item of a stored response directly followed reasoning. All three are ids."""
        self._reasoned[item] = (response, reasoning)
        if len(self._reasoned) > MOST:
            self._reasoned.popitem(last=False)

    def reasoning_before(self, item: str) -> str | None:
        """Return the id of the reasoning that an item directly followed, as long as its response is stored."""
        response, reasoning = self._reasoned.get(item, ("", ""))
        return reasoning if response and self.responses.get(response) else None
