"""Stored responses: kept by id, bounded by count, the oldest dropped first."""

from collections import OrderedDict
from dataclasses import dataclass
from typing import Any

MOST_RESPONSES = 10_000


@dataclass(frozen=True, slots=True)
class StoredResponse:
    """A response, the input items of its request, and the response it continued.

    The earlier response is kept by reference: deleting it takes it away from other requests, not from this chain.
    """

    response: dict[str, Any]
    input_items: list[dict[str, Any]]
    previous: "StoredResponse | None" = None

    def context(self) -> list[dict[str, Any]]:
        """Return the items of the whole chain up to and including this response, oldest first. No instructions."""
        chain: list[StoredResponse] = []
        link: StoredResponse | None = self
        while link:
            chain.append(link)
            link = link.previous
        return [item for stored in reversed(chain) for item in (*stored.input_items, *stored.response["output"])]


class Store:
    """What the API keeps between requests."""

    def __init__(self, most_responses: int = MOST_RESPONSES) -> None:
        self._most = most_responses
        self._responses: OrderedDict[str, StoredResponse] = OrderedDict()

    def add(self, stored: StoredResponse) -> None:
        """Keep a response, dropping the oldest one where there are too many."""
        self._responses[stored.response["id"]] = stored
        while len(self._responses) > self._most:
            self._responses.popitem(last=False)

    def get(self, id: str) -> StoredResponse | None:
        """Return the response of that id, if it is kept."""
        return self._responses.get(id)

    def delete(self, id: str) -> bool:
        """Forget a response. Returns whether there was one."""
        return self._responses.pop(id, None) is not None
