"""What the API keeps between requests: responses and conversations, bounded by count, the oldest dropped first."""

from collections import OrderedDict
from dataclasses import dataclass, field
from typing import Any, Generic, Protocol, TypeVar

from .wire.items import Item

MOST = 10_000
"""How many responses, and how many conversations, are kept."""


@dataclass(frozen=True, slots=True)
class StoredResponse:
    """A response, the input items of its request, and what came before: a response it continued, or a conversation.

    Both are kept as they were: deleting them takes them away from other requests, not from this one.
    """

    response: dict[str, Any]
    input_items: list[Item]
    previous: "StoredResponse | None" = None
    conversation_items: tuple[Item, ...] = ()

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


class Identified(Protocol):
    """Anything with an id."""

    @property
    def id(self) -> str:
        """The id."""
        ...


Kept = TypeVar("Kept", bound=Identified)


class Bounded(Generic[Kept]):
    """Objects by id. Adding one too many drops the oldest."""

    def __init__(self, most: int = MOST) -> None:
        self._most = most
        self._kept: OrderedDict[str, Kept] = OrderedDict()

    def add(self, kept: Kept) -> None:
        """Keep an object, dropping the oldest one where there are too many."""
        self._kept[kept.id] = kept
        while len(self._kept) > self._most:
            self._kept.popitem(last=False)

    def get(self, id: str) -> Kept | None:
        """Return the object of that id, if it is kept."""
        return self._kept.get(id)

    def delete(self, id: str) -> bool:
        """Forget an object. Returns whether there was one."""
        return self._kept.pop(id, None) is not None


class Store:
    """The responses and conversations that are kept."""

    def __init__(self, most: int = MOST) -> None:
        self.responses: Bounded[StoredResponse] = Bounded(most)
        self.conversations: Bounded[Conversation] = Bounded(most)
