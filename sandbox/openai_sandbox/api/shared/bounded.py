"""Stores objects, limited by count, age and size: the oldest are dropped first."""

from collections import OrderedDict
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any, Generic, Protocol, TypeVar

MOST = 10_000
"""How many objects of each kind are kept."""

LONGEST = 30 * 86_400.0
"""How long objects are kept, in seconds: the API keeps responses for 30 days."""

MOST_BYTES = 100_000_000
"""About how many bytes the objects of a kind may take together, and the maximum size of a file."""

AN_OBJECT = 4_000
"""About how many bytes an object takes in addition to what was sent."""

AN_ITEM = 1_000
"""About how many bytes an item takes in addition to what was sent."""


@dataclass(slots=True)
class Ledger:
    """Counts about how many bytes everything charged to it takes.

    `keepers` are the stores that charge to it, and `added` counts what they were given: if it is too much in total, the
    oldest object goes first, whichever store it is in.
    """

    size: int = 0
    added: int = 0
    keepers: "list[Bounded[Any]]" = field(default_factory=list)


class Charge:
    """About how many bytes something takes. It counts in a ledger for as long as anything refers to it."""

    __slots__ = ("_ledger", "_size")

    def __init__(self, ledger: Ledger, size: int) -> None:
        self._ledger, self._size = ledger, size
        ledger.size += size

    @property
    def size(self) -> int:
        """About how many bytes it is."""
        return self._size

    def change(self, size: int) -> None:
        """Charge `size` bytes from now on."""
        self._ledger.size += size - self._size
        self._size = size

    def __del__(self) -> None:
        self._ledger.size -= self._size


class Identified(Protocol):
    """Anything with an id."""

    @property
    def id(self) -> str:
        """The id."""
        ...


Kept = TypeVar("Kept", bound=Identified)


class Bounded(Generic[Kept]):
    """Objects by id. Adding too many or too large ones drops the oldest; one that is too old is not found.

    Args:
        most: how many are kept.
        clock: the time in Unix seconds.
        most_bytes: about how many bytes they may take together. The newest one is kept, whatever its size.
        ledger: the ledger they are charged to. It may be shared.
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
        """Yield what is kept, oldest first."""
        self._forget()
        return iter([kept for _, _, kept in self._kept.values()])

    def __len__(self) -> int:
        """Return how many are kept."""
        self._forget()
        return len(self._kept)

    def add(self, kept: Kept) -> None:
        """Keep an object, and drop the oldest ones if there are too many."""
        self.ledger.added += 1
        self._kept[kept.id] = (self._clock(), self.ledger.added, kept)
        self._forget()

    def get(self, id: str) -> Kept | None:
        """Return the object with that id, if it is kept."""
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
