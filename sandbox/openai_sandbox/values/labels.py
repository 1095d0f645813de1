"""Finds labeled values in a prompt: `name: Ada`, `the name is Ada`, `tags: red, green and blue`."""

import re
from itertools import zip_longest
from typing import NamedTuple

from .expressions import CLAUSE, LABEL, LABELED
from .once import once
from .property_names import STOP, Name, split, stem


class _Label(NamedTuple):
    """A name followed by a sign: the word before it, and where its value begins and ends at the latest."""

    before: str
    start: int
    end: int


class Labels:
    """The labels of a text, and what follows them."""

    def __init__(self, text: str) -> None:
        self._text = text

    def values(self, name: Name) -> tuple[str, ...]:
        """Return what follows a property's name: `name: Ada`, `the name is Ada`."""
        labels = self._labels.get(stem(name.words[-1])) if name.words else None
        if not labels:
            return ()
        exact = [label for label in labels if name.words[-2:-1] == (label.before,)]
        if name.kind not in ("first", "last"):
            exact = exact or labels
        return tuple(value for value in map(self._value, exact) if value)

    def listed(self, name: Name) -> tuple[str, ...]:
        """Return the members of a list after a property's name: `tags: red, green and blue`."""
        if not name.words or not self._labels or stem(name.words[-1]) not in self._labels:
            return ()
        found = re.search(rf"\b{re.escape(name.words[-1])}\w* ?(?::|=|are) ?([^\n.;]+)", self._text, re.IGNORECASE)
        return tuple(part.strip("\"' ") for part in re.split(r",? and |, ?", found[1]) if part.strip()) if found else ()

    def _value(self, label: _Label) -> str:
        """Return what follows a label: a quotation, or the text up to the end of the clause or the next label."""
        found = LABELED.match(self._text, label.start)
        if not found:
            return ""
        return found[1] or CLAUSE.split(found[2][: label.end - label.start], maxsplit=1)[0].strip(" '\"?.!")

    @once
    def _labels(self) -> dict[str, list[_Label]]:
        """Labels by the stem of their last word."""
        labels: dict[str, list[_Label]] = {}
        signs = list(LABEL.finditer(self._text))
        for sign, following in zip_longest(signs, signs[1:]):
            line = self._text[max(0, sign.start() - 40) : sign.start()].rpartition("\n")[2]
            words = [word for part in line.split()[-2:] for word in split(part)]
            if words and words[-1] not in STOP:
                # The name of the next label precedes its sign.
                end = self._text.rfind(" ", sign.end(), following.start()) if following else len(self._text)
                before = words[-2] if len(words) > 1 else ""
                labels.setdefault(stem(words[-1]), []).append(_Label(before, sign.end(), max(end, sign.end())))
        return labels
