"""Finds what a prompt says, as far as regular expressions can tell: names, places, dates, numbers, labeled values.

It looks for capital letters, prepositions, digits and quotation marks. It understands nothing, is often wrong about
long texts, and finds the same in every run.
"""

import re
from collections.abc import Callable, Iterable, Sequence
from itertools import chain, repeat

from .budget import spend
from .capitalized import Capitalized
from .dates import Dates
from .expressions import (
    DIGITS,
    IPV4,
    NAMES,
    PHONE,
    PLAIN_QUOTES,
    SPACES,
    SYMBOL,
    UUID,
    WORD,
    YEAR,
    ZONE,
)
from .identifiers import Identifiers
from .labels import Labels
from .numbers import Number, numbers, read_number
from .once import once
from .passages import Passages
from .property_names import CAPITALIZED, LANGUAGES, MONEY, STOP, TELLING, counts, describe, split, stem

# For a long prompt, how many characters are read at its beginning and at its end.
WINDOW = 4_000


class Hints:
    """What a prompt says. Everything is computed when it is first needed.

    Long because each kind of thing that is found has its own method.

    Args:
        prompt: its text.
        around: what the whole prompt says, if this is a part of it. It fills in what the part does not say.
        lent: whether that also applies to free texts, which could be anything.
    """

    def __init__(self, prompt: str, around: "Hints | None" = None, *, lent: bool = False) -> None:
        if len(prompt) > 2 * WINDOW:
            prompt = f"{prompt[:WINDOW]}\n{prompt[-WINDOW:]}"
        if not prompt.isascii():
            prompt = prompt.translate(PLAIN_QUOTES)
        if "  " in prompt or "\t" in prompt or "\r" in prompt:
            prompt = SPACES.sub(" ", prompt)
        self.text = prompt.strip()
        self.around = around
        self._lent = lent
        self._labels = Labels(self.text)
        self._strings: dict[str, tuple[str, ...]] = {}

    def strings(self, key: str) -> tuple[str, ...]:
        """Return the texts that a property with that name may have, most likely first."""
        found = self._strings.get(key)
        if found is None:
            name = describe(key)
            source = SOURCES.get(name.kind or "")
            texts = self._labels.values(name) or (source(self) if source and self.text else ())
            if name.kind == "id" and len(name.words) > 1:
                texts = self.identifiers.named(name.words[-2]) or texts
            if name.kind in CAPITALIZED:
                texts = [named[0] if (named := NAMES.match(text)) else text for text in texts]
            found = tuple(dict.fromkeys(texts))
            if not found and self.around and (self._lent or name.kind in TELLING):
                found = self.around.strings(key)
            self._strings[key] = found
        return found

    def formatted(self, name: str) -> tuple[str, ...] | None:
        """Return the texts for a `format` in JSON Schema, or None for formats that are not supported."""
        source = FORMATTED.get(name)
        return None if source is None else tuple(source(self))

    def numbers(self, key: str) -> list[float]:
        """Return the numbers that a property with that name may have: labeled ones, `3 tickets`, `36 years old`,
        `$5`."""
        name = describe(key)
        told = [read_number(found[0]) for found in map(DIGITS.match, self._labels.values(name)) if found]
        if "year" in name.words:
            told += map(int, YEAR.findall(self.text))
        for value, before, after, aged, money in self._numbers:
            near = before in name.stems or after in name.stems
            if near or (aged and "age" in name.words) or (money and not MONEY.isdisjoint(name.words)):
                told.append(value)
        return told if told or self.around is None else self.around.numbers(key)

    def every_number(self, key: str) -> list[float]:
        """Return all numbers, for a list named `numbers` or the like."""
        return [number.value for number in self._numbers] if counts(key) else []

    def listed(self, key: str) -> tuple[str, ...]:
        """Return the members of a list after the property's name: `tags: red, green and blue`."""
        return self._labels.listed(describe(key))

    def flag(self, key: str) -> bool | None:
        """Tell whether the prompt affirms or denies what the name of a yes-or-no property says."""
        words = describe(key).words
        if words[-1:] == ("on",):
            return False if "off" in self.words else True if "on" in self.words else None
        content = [word for word in words if word not in STOP]
        if not content or not all(stem(word) in self._stems for word in content):
            return self.around.flag(key) if self.around else None
        denied = rf"\b(?:not|no|never|without|don't|doesn't|isn't)\b(?: \w+){{0,2}} {re.escape(content[0][:4])}"
        return re.search(denied, self.text, re.IGNORECASE) is None

    def names(self, option: object) -> bool:
        """Tell whether the prompt names a member of an enum."""
        if isinstance(option, bool) or option is None:
            return False
        return self._names(str(option)) or bool(self.around and self.around.names(option))

    def _names(self, text: str) -> bool:
        if len(text) == 1:
            return re.search(rf"(?<!\w){re.escape(text)}(?!\w)", self.text) is not None
        words = WORD.findall(text) if text.isupper() else split(text) or WORD.findall(text)
        if len(words) == 1 and len(words[0]) > 3:
            return stem(words[0]) in self._stems
        spend(len(self.text) / 5_000)
        return bool(words) and f" {' '.join(words).lower()} " in f" {' '.join(self.words)} "

    @once
    def words(self) -> list[str]:
        """The prompt's words in lower case."""
        return WORD.findall(self.text.lower())

    @once
    def capitalized(self) -> Capitalized:
        """Names of people and places."""
        return Capitalized(self.text)

    @once
    def dates(self) -> Dates:
        """Dates and times of day."""
        return Dates(self.text, self.words)

    @once
    def passages(self) -> Passages:
        """Quotations, addresses, arithmetic, what is said or searched for."""
        return Passages(self.text)

    @once
    def identifiers(self) -> Identifiers:
        """Codes and numbers that identify something. Amounts of money and ages do not."""
        return Identifiers(self.text, {number.value for number in self._numbers if number.money or number.aged})

    @once
    def countable(self) -> tuple[float, ...]:
        """All numbers that are not ages."""
        return tuple(number.value for number in self._numbers if not number.aged)

    @once
    def _numbers(self) -> list[Number]:
        return numbers(self.text, self.words, self.dates.matches)

    @once
    def _stems(self) -> frozenset[str]:
        return frozenset(map(stem, self.words))


SOURCES: dict[str, Callable[[Hints], Sequence[str]]] = {
    "city": lambda hints: [place.partition(", ")[0] for place in hints.capitalized.places],
    "country": lambda hints: [place.rpartition(", ")[2] for place in hints.capitalized.places],
    "date": lambda hints: hints.dates.written,
    "email": lambda hints: hints.passages.emails,
    "expression": lambda hints: hints.passages.expressions,
    "first": lambda hints: [name.split()[0] for name in hints.capitalized.people],
    "from": lambda hints: hints.capitalized.after("from") or hints.identifiers.after("from"),
    "id": lambda hints: hints.identifiers.found,
    "language": lambda hints: [word for word in re.findall(r"\w+", hints.text) if word in LANGUAGES],
    "last": lambda hints: [name.split()[-1] for name in hints.capitalized.people if " " in name],
    "person": lambda hints: hints.capitalized.people,
    "phone": lambda hints: PHONE.findall(hints.text),
    "place": lambda hints: hints.capitalized.places,
    "query": lambda hints: hints.passages.queries,
    "recipient": lambda hints: hints.passages.emails or hints.capitalized.people,
    "symbol": lambda hints: SYMBOL.findall(hints.text),
    "text": lambda hints: hints.passages.texts,
    "time": lambda hints: hints.dates.times,
    "timezone": lambda hints: ZONE.findall(hints.text),
    "title": lambda hints: hints.passages.quoted or hints.passages.things or hints.passages.after_colon,
    "to": lambda hints: hints.passages.emails or hints.capitalized.after("to") or hints.identifiers.after("to"),
    "url": lambda hints: hints.passages.urls,
}
"""How texts are found for each kind of property. The kinds are in words.json."""

FORMATTED: dict[str, Callable[[Hints], Iterable[str]]] = {
    "date": lambda hints: hints.dates.full,
    "date-time": lambda hints: [
        f"{day}T{time}Z"
        for day, time in zip(hints.dates.full, chain(hints.dates.clock, repeat("09:00:00")), strict=False)
    ],
    "email": lambda hints: hints.passages.emails,
    "ipv4": lambda hints: IPV4.findall(hints.text),
    "time": lambda hints: [f"{time}Z" for time in hints.dates.clock],
    "uri": lambda hints: hints.passages.urls,
    "uuid": lambda hints: UUID.findall(hints.text),
}
"""How texts are found for each `format` in JSON Schema."""
