"""What a prompt says, as far as regular expressions can tell: names, places, dates, numbers, labeled values.

This looks for capital letters, prepositions, digits and quotation marks. It understands nothing, is often wrong about
long texts, and finds the same in every run. Long because what is found builds on what else was found: numbers on dates
and times, places on names.
"""

import re
from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from datetime import date
from itertools import chain, repeat, zip_longest
from typing import Any, Generic, NamedTuple, TypeVar

from .expressions import (
    AFTER_NAME,
    CLAUSE,
    CURRENCIES,
    DATE,
    DIGITS,
    EMAIL,
    EXPRESSION,
    HALF_DAY,
    IDENTIFIER,
    IPV4,
    JOINED,
    LABEL,
    LABELED,
    LOWER_PLACE,
    NAMES,
    PHONE,
    PLAIN_QUOTES,
    PUNCTUATION,
    QUOTATION_MARKS,
    QUOTED,
    SAYING,
    SOUGHT,
    SPACES,
    SPELLED,
    SYMBOL,
    THING,
    TIME,
    URL,
    UUID,
    WORD,
    YEAR,
    ZONE,
)
from .property_names import (
    CALENDAR,
    CAPITALIZED,
    DATE_WORDS,
    LANGUAGES,
    MONEY,
    MONTHS,
    NUMBER_WORDS,
    OPENERS,
    SPELLED_OUT,
    STOP,
    TOWARD,
    WITHIN,
    Name,
    counts,
    describe,
    split,
    stem,
)

T = TypeVar("T")

# Of a long prompt its beginning and its end are read.
WINDOW = 4_000
# Where what is said or looked for stands.
SENTENCE = 500


class _Label(NamedTuple):
    """A name with a sign behind it: the word before it, and where its value begins and ends at the latest."""

    before: str
    start: int
    end: int


class _Run(NamedTuple):
    """Capitalized names in a row, the word before them, and whether only commas part them."""

    before: str
    names: tuple[str, ...]
    commas: bool


class _Number(NamedTuple):
    value: float
    before: str
    after: str
    aged: bool
    money: bool


class once(Generic[T]):  # noqa: N801 - a decorator
    """A property worked out when first asked for, without the lock that `cached_property` of Python 3.11 takes."""

    def __init__(self, find: Callable[[Any], T]) -> None:
        self._find = find

    def __get__(self, owner: Any, _: type | None = None) -> T:
        """Return the value, and leave it where Python looks first."""
        found: T = self._find(owner)
        owner.__dict__[self._find.__name__] = found
        return found


class Hints:
    """What a prompt says. Everything is found when first asked for.

    Long because each thing that can be found is a property.
    """

    def __init__(self, prompt: str) -> None:
        if len(prompt) > 2 * WINDOW:
            prompt = f"{prompt[:WINDOW]}\n{prompt[-WINDOW:]}"
        if not prompt.isascii():
            prompt = prompt.translate(PLAIN_QUOTES)
        if "  " in prompt or "\t" in prompt or "\r" in prompt:
            prompt = SPACES.sub(" ", prompt)
        self.text = prompt.strip()
        self._strings: dict[str, tuple[str, ...]] = {}

    def strings(self, key: str) -> tuple[str, ...]:
        """Return the texts a property of that name may have, the likeliest first."""
        found = self._strings.get(key)
        if found is None:
            name = describe(key)
            source = SOURCES.get(name.kind or "")
            texts = self.labeled(name) or (source(self) if source and self.text else ())
            if name.kind in CAPITALIZED:
                texts = [named[0] if (named := NAMES.match(text)) else text for text in texts]
            found = self._strings[key] = tuple(dict.fromkeys(texts))
        return found

    def formatted(self, name: str) -> tuple[str, ...] | None:
        """Return the texts of a `format` of JSON Schema; None for formats that are not looked for."""
        source = FORMATTED.get(name)
        return None if source is None else tuple(source(self))

    def numbers(self, key: str) -> list[float]:
        """Return the numbers a property of that name may have: labeled ones, `3 tickets`, `36 years old`, `$5`."""
        name = describe(key)
        told = [_number(found[0]) for found in map(DIGITS.match, self.labeled(name)) if found]
        if "year" in name.words:
            told += map(int, YEAR.findall(self.text))
        for number in self._numbers:
            near = number.before in name.stems or number.after in name.stems
            fits = (number.aged and "age" in name.words) or (number.money and not MONEY.isdisjoint(name.words))
            if near or fits:
                told.append(number.value)
        return told

    def every_number(self, key: str) -> list[float]:
        """Return all numbers, for a list named `numbers` or alike."""
        return [number.value for number in self._numbers] if counts(key) else []

    def flag(self, key: str) -> bool | None:
        """Tell whether the prompt affirms or denies what a yes-or-no property is named after."""
        words = describe(key).words
        if words[-1:] == ("on",):
            return False if "off" in self.words else True if "on" in self.words else None
        content = [word for word in words if word not in STOP]
        if not content or not all(stem(word) in self.stems for word in content):
            return None
        denied = rf"\b(?:not|no|never|without|don't|doesn't|isn't)\b(?: \w+){{0,2}} {re.escape(content[0][:4])}"
        return re.search(denied, self.text, re.IGNORECASE) is None

    def names(self, option: object) -> bool:
        """Tell whether the prompt names a member of an enum."""
        if isinstance(option, bool) or option is None:
            return False
        text = str(option)
        if len(text) == 1:
            return re.search(rf"(?<!\w){re.escape(text)}(?!\w)", self.text) is not None
        words = WORD.findall(text) if text.isupper() else split(text) or WORD.findall(text)
        if len(words) == 1 and len(words[0]) > 3:
            return stem(words[0]) in self.stems
        return bool(words) and f" {' '.join(words).lower()} " in f" {' '.join(self.words)} "

    def labeled(self, name: Name) -> tuple[str, ...]:
        """Return what follows the property's name in the prompt: `name: Ada`, `the name is Ada`."""
        labels = self._labels.get(stem(name.words[-1])) if name.words else None
        if not labels:
            return ()
        exact = [label for label in labels if name.words[-2:-1] == (label.before,)]
        if name.kind not in ("first", "last"):
            exact = exact or labels
        return tuple(value for value in map(self._value, exact) if value)

    def _value(self, label: _Label) -> str:
        """Return what follows a label: a quotation, or the text up to the end of the clause or the next label."""
        found = LABELED.match(self.text, label.start)
        if not found:
            return ""
        return found[1] or CLAUSE.split(found[2][: label.end - label.start], maxsplit=1)[0].strip(" '\"?.!")

    def listed(self, key: str) -> tuple[str, ...]:
        """Return the members of a list after the property's name: `tags: red, green and blue`."""
        name = describe(key)
        if not name.words or not self._labels or stem(name.words[-1]) not in self._labels:
            return ()
        found = re.search(rf"\b{re.escape(name.words[-1])}\w* ?(?::|=|are) ?([^\n.;]+)", self.text, re.IGNORECASE)
        return tuple(part.strip("\"' ") for part in re.split(r",? and |, ?", found[1]) if part.strip()) if found else ()

    @once
    def stems(self) -> frozenset[str]:
        """The stems of the prompt's words."""
        return frozenset(map(stem, self.words))

    @once
    def words(self) -> list[str]:
        """The prompt's words in lower case."""
        return WORD.findall(self.text.lower())

    @once
    def _labels(self) -> dict[str, list[_Label]]:
        """Labels by the stem of their last word."""
        labels: dict[str, list[_Label]] = {}
        signs = list(LABEL.finditer(self.text))
        for sign, following in zip_longest(signs, signs[1:]):
            line = self.text[max(0, sign.start() - 40) : sign.start()].rpartition("\n")[2]
            words = [word for part in line.split()[-2:] for word in split(part)]
            if words and words[-1] not in STOP:
                # What precedes the sign of the next label is its name.
                end = self.text.rfind(" ", sign.end(), following.start()) if following else len(self.text)
                before = words[-2] if len(words) > 1 else ""
                labels.setdefault(stem(words[-1]), []).append(_Label(before, sign.end(), max(end, sign.end())))
        return labels

    @once
    def _runs(self) -> list[_Run]:
        runs: list[_Run] = []
        last = None
        for found in NAMES.finditer(self.text):
            words = found[0].replace("'s", "").split()
            before = self.text[max(0, found.start() - 40) : found.start()].rstrip(" ")
            begins = not before or before[-1] in '.!?:\n"'
            shortened = False
            while words and (words[0].lower() in STOP or words[0].lower() in OPENERS) and (begins or words[0] == "I"):
                words.pop(0)
                shortened = True
            while words and words[0] in CALENDAR:
                words.pop(0)
            if not words or (
                begins and not shortened and len(words) == 1 and not AFTER_NAME.match(self.text, found.end())
            ):
                continue
            name = " ".join(words).strip("'-")
            gap = self.text[last : found.start()] if last is not None else ""
            last = found.end()
            if not shortened and JOINED.fullmatch(gap):
                run = runs.pop()
                runs.append(_Run(run.before, (*run.names, name), run.commas and gap == ", "))
            else:
                runs.append(_Run("" if shortened else _last_word(before), (name,), commas=True))
        return runs

    def _after(self, *words: str) -> tuple[str, ...]:
        return tuple(
            place
            for run in self._runs
            if run.before in words
            for place in ((", ".join(run.names),) if run.commas else run.names)
            if place not in LANGUAGES
        )

    @once
    def countable(self) -> tuple[float, ...]:
        """All numbers that are nobody's age."""
        return tuple(number.value for number in self._numbers if not number.aged)

    @once
    def capitalized(self) -> tuple[str, ...]:
        """All names, whatever of."""
        return tuple(name for run in self._runs for name in run.names)

    @once
    def places(self) -> tuple[str, ...]:
        """Places: after `in` or `at`, else after `to` or `for`, else any name. `Paris, France` is one place."""
        found = self._after(*WITHIN) or self._lower_places or self._after(*TOWARD)
        return found or tuple(name for run in self._runs for name in run.names if name not in LANGUAGES)

    @once
    def _lower_places(self) -> tuple[str, ...]:
        words = [word for found in LOWER_PLACE.finditer(self.text) for word in found.groups() if word]
        return tuple(word.capitalize() for word in words if word not in STOP and word not in OPENERS)

    @once
    def people(self) -> tuple[str, ...]:
        """Names that do not follow `in` or `at`, nor `from` or `to` if there are others."""
        runs = [run for run in self._runs if run.before not in WITHIN]
        runs = [run for run in runs if run.before not in ("from", "to")] or runs
        names = [name for run in runs for name in run.names]
        return tuple(name for name in names if name not in LANGUAGES and not (name.isupper() and len(name) > 1))

    @once
    def emails(self) -> tuple[str, ...]:
        """Email addresses."""
        return tuple(EMAIL.findall(self.text)) if "@" in self.text else ()

    @once
    def urls(self) -> tuple[str, ...]:
        """Web addresses."""
        return tuple(URL.findall(self.text)) if "://" in self.text else ()

    @once
    def _dates(self) -> list[re.Match[str]]:
        # The expression is slow, and most prompts have no date.
        possible = "-" in self.text or not DATE_WORDS.isdisjoint(self.words)
        return list(DATE.finditer(self.text)) if possible else []

    @once
    def _times(self) -> list[re.Match[str]]:
        return list(TIME.finditer(self.text)) if ":" in self.text or HALF_DAY.search(self.text) else []

    @once
    def dates(self) -> tuple[str, ...]:
        """Dates as they are written."""
        return tuple(found[0] for found in self._dates)

    @once
    def full_dates(self) -> tuple[str, ...]:
        """Dates with day, month and year, as `2027-03-01`."""
        found = []
        for match in self._dates:
            numeric, long, british = match.group(1, 2, 3), match.group(6, 4, 5), match.group(9, 8, 7)
            for year, month, day in (numeric, long, british):
                if year and month and day:
                    number = int(month) if month.isdigit() else MONTHS.index(month) + 1
                    with suppress(ValueError):  # there is no February 30
                        found.append(date(int(year), number, int(day)).isoformat())
        return tuple(found)

    @once
    def times(self) -> tuple[str, ...]:
        """Times of day as they are written."""
        return tuple(found[0] for found in self._times)

    @once
    def clock(self) -> tuple[str, ...]:
        """Times of day as `15:00:00`."""
        found = []
        for match in self._times:
            hour, half = int(match[1] or match[4]), (match[3] or match[5] or "").lower()
            if half and hour <= 12:
                hour = hour % 12 + (12 if half == "p" else 0)
            found.append(f"{hour:02}:{match[2] or '00'}:00")
        return tuple(found)

    @once
    def quoted(self) -> tuple[str, ...]:
        """What stands in quotation marks."""
        if QUOTATION_MARKS.isdisjoint(self.text):
            return ()
        return tuple(next(group for group in found.groups() if group) for found in QUOTED.finditer(self.text))

    @once
    def texts(self) -> tuple[str, ...]:
        """What is to be said, written or translated."""
        said = SAYING.search(self.text[-SENTENCE:])
        rest = self.text.partition(": ")[2]
        return self.quoted or ((said[1],) if said else ()) or ((rest,) if rest else ())

    @once
    def queries(self) -> tuple[str, ...]:
        """What is looked for: a quotation, what follows `for` or `about`, else the prompt itself."""
        sought = SOUGHT.search(self.text[-SENTENCE:])
        return self.quoted[:1] or ((sought[1],) if sought else ()) or (self.text[:200],)

    @once
    def things(self) -> tuple[str, ...]:
        """What follows `a` or `an`, except what messages are called."""
        return tuple(thing for thing in THING.findall(self.text) if thing not in ("email", "message", "text"))

    @once
    def expressions(self) -> tuple[str, ...]:
        """Arithmetic and equations."""
        found = [match[0].rstrip("= ") for match in EXPRESSION.finditer(self.text)]
        return tuple(text for text in found if re.search(r"\d", text) and re.search(r"[-+*/^=\u00d7\u00f7%]", text[1:]))

    @once
    def _numbers(self) -> list[_Number]:
        other = [*self._dates, *self._times]
        if "@" in self.text or "://" in self.text:
            other += (*URL.finditer(self.text), *EMAIL.finditer(self.text))
        numbers = []
        words = SPELLED.finditer(self.text.lower()) if not SPELLED_OUT.isdisjoint(self.words) else ()
        for found in sorted((*DIGITS.finditer(self.text), *words), key=lambda match: match.start()):
            if any(match.start() <= found.start() < match.end() for match in other):
                continue
            before = _last_word(self.text[max(0, found.start() - 40) : found.start()])
            rest = self.text[found.end() : found.end() + 20].lstrip(" ").lower()
            after = rest.partition(" ")[0].strip(PUNCTUATION)
            aged = rest.startswith(("year old", "years old", "-year")) or before == "aged"
            aged = aged or (before == "is" and (not after or after in STOP))
            money = before[-1:] in CURRENCIES or after in CURRENCIES
            numbers.append(_Number(_number(found[0]), stem(before), stem(after), aged, money))
        return numbers


def _last_word(text: str) -> str:
    """Return the last word of a text in lower case, without punctuation around it."""
    return text.rstrip(" _-").rpartition(" ")[2].strip(PUNCTUATION).lower()


def _number(written: str) -> float:
    if written in SPELLED_OUT:
        return NUMBER_WORDS.index(written)
    digits = written.replace(",", "")
    return float(digits) if "." in digits else int(digits)


# Where the texts of a kind are found.
SOURCES: dict[str, Callable[[Hints], Sequence[str]]] = {
    "city": lambda hints: [place.partition(", ")[0] for place in hints.places],
    "country": lambda hints: [place.rpartition(", ")[2] for place in hints.places],
    "date": lambda hints: hints.dates,
    "email": lambda hints: hints.emails,
    "expression": lambda hints: hints.expressions,
    "first": lambda hints: [name.split()[0] for name in hints.people],
    "from": lambda hints: hints._after("from"),
    "id": lambda hints: IDENTIFIER.findall(hints.text),
    "language": lambda hints: [word for word in re.findall(r"\w+", hints.text) if word in LANGUAGES],
    "last": lambda hints: [name.split()[-1] for name in hints.people if " " in name],
    "person": lambda hints: hints.people,
    "phone": lambda hints: PHONE.findall(hints.text),
    "place": lambda hints: hints.places,
    "query": lambda hints: hints.queries,
    "recipient": lambda hints: hints.emails or hints.people,
    "symbol": lambda hints: SYMBOL.findall(hints.text),
    "text": lambda hints: hints.texts,
    "time": lambda hints: hints.times,
    "timezone": lambda hints: ZONE.findall(hints.text),
    "title": lambda hints: hints.quoted or hints.things,
    "to": lambda hints: hints.emails or hints._after("to"),
    "url": lambda hints: hints.urls,
}
# Where the texts of a format of JSON Schema are found.
FORMATTED: dict[str, Callable[[Hints], Iterable[str]]] = {
    "date": lambda hints: hints.full_dates,
    "date-time": lambda hints: [
        f"{day}T{time}Z" for day, time in zip(hints.full_dates, chain(hints.clock, repeat("09:00:00")), strict=False)
    ],
    "email": lambda hints: hints.emails,
    "ipv4": lambda hints: IPV4.findall(hints.text),
    "time": lambda hints: [f"{time}Z" for time in hints.clock],
    "uri": lambda hints: hints.urls,
    "uuid": lambda hints: UUID.findall(hints.text),
}
