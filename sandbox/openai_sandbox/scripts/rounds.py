"""The answers of a rule: the list for each round, and which is next."""

import threading
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any, NamedTuple

from ..faults import Fault
from ..model.scripted import Scripted


class Entry(NamedTuple):
    """One answer of a rule: what it says, or how it fails."""

    scripted: Scripted | None = None
    fault: Fault | None = None


@dataclass(frozen=True, slots=True)
class Decision:
    """What a script says about one request. `undo` takes it back if the request was refused for another reason."""

    scripted: Scripted | None
    fault: Fault | None
    undo: Callable[[], None]


class Rounds:
    """The answers of a rule: each round has a list, and each request gets the next answer in it.

    The last answer of a round is repeated, unless it is a failure.

    Args:
        name: what error messages call the rule.
        lock: held while the answers change.
    """

    def __init__(self, name: str, lock: "threading.RLock") -> None:
        self.used = 0
        self.lock = lock
        self._name = name
        self._rounds: list[list[Entry]] = [[]]
        self._given: list[int] = [0]

    def __len__(self) -> int:
        """Return how many rounds there are."""
        return len(self._rounds)

    def begin(self) -> None:
        """Begin the next round.

        Raises:
            ValueError: the previous round has no answer.
        """
        if not self._rounds[-1]:
            raise ValueError(f"{self._name}.then(): first add the answer that comes before it")
        with self.lock:
            self._rounds.append([])
            self._given.append(0)

    def add(self, *entries: Entry) -> None:
        """Append answers to the last round. The use of a built-in tool is followed by the next answer."""
        with self.lock:
            kept = self._rounds[-1]
            last = kept[-1].scripted if kept else None
            if last and last.uses and not (last.text or last.calls) and (scripted := entries[0].scripted):
                kept[-1] = Entry(replace(scripted, uses=(*last.uses, *scripted.uses)))
            else:
                kept += entries

    def last(self) -> Scripted:
        """Return the answer that was added last.

        Raises:
            ValueError: there is none.
        """
        entries = self._rounds[-1]
        if not entries or entries[-1].scripted is None:
            raise ValueError(f"{self._name}: there is no answer yet for this to change")
        return entries[-1].scripted

    def change(self, **changes: Any) -> None:
        """Change the answer that was added last.

        Raises:
            ValueError: there is none.
        """
        with self.lock:
            self._rounds[-1][-1] = Entry(replace(self.last(), **changes))

    def next(self, at: int | None) -> Entry | None:
        """Return the next answer of a round, or None."""
        if at is None or at >= len(self._rounds):
            return None
        entries, given = self._rounds[at], self._given[at]
        if given < len(entries):
            return entries[given]
        return entries[-1] if entries and entries[-1].scripted else None

    def take(self, at: int) -> Decision:
        """Take the next answer of a round. There must be one."""
        entry = self.next(at) or Entry()
        self._given[at] += 1
        self.used += 1

        def undo() -> None:
            with self.lock:
                self._given[at] -= 1
                self.used -= 1

        scripted = entry.scripted and replace(entry.scripted, place=self._name)
        return Decision(scripted, entry.fault, undo)
