"""What property names tell: their words, and what their values are about. The words are in words.json."""

import json
import re
from functools import lru_cache
from importlib.resources import files
from typing import NamedTuple

WORDS = json.loads(files(__package__).joinpath("words.json").read_text("utf-8"))
MONTHS: tuple[str, ...] = tuple(WORDS["months"])
NUMBER_WORDS: tuple[str, ...] = tuple(WORDS["numbers"])
SPELLED_OUT = frozenset(NUMBER_WORDS)
# Capitalized words that are neither people nor places.
CALENDAR = frozenset(WORDS["months"] + WORDS["weekdays"])
DATE_WORDS = frozenset(("today", "tomorrow", "tonight", *(name.lower() for name in CALENDAR)))
LANGUAGES = frozenset(WORDS["languages"])
# Words without their own content, and other capitalized words that sentences begin with.
STOP = frozenset(WORDS["stop"])
OPENERS = frozenset(WORDS["openers"])
WITHIN = frozenset(WORDS["within"])
TOWARD = frozenset(WORDS["toward"])
# What a property is about, by a word in its name: the last listed word decides.
KIND_OF: dict[str, str] = {word: kind for kind, words in WORDS["kinds"].items() for word in words}
# Kinds recognized by their form or place: finding one says something about the prompt.
TELLING = frozenset(WORDS["telling"])
# Kinds whose labeled values end with the last capitalized word.
CAPITALIZED = frozenset(("city", "country", "first", "last", "person"))
# Properties that count anything, and those that are an amount of money.
COUNTS = frozenset(WORDS["counts"])
MONEY = frozenset(WORDS["money"])
# Plain values for when the prompt says nothing: texts by kind and by format, numbers by a word in the name.
PLAIN_TEXTS: dict[str, list[str]] = WORDS["plain"]
PLAIN_FORMATS: dict[str, list[str]] = WORDS["formats"]
PLAIN_NUMBERS: dict[str, list[float]] = WORDS["plain_numbers"]


# The limit for a name or word that is examined, in characters: longer ones tell nothing.
LONGEST = 200


def stem(word: str) -> str:
    """Return a word without the most common English endings: `cities`, `city`; `booking`, `booked`, `book`."""
    return _stem(word) if len(word) <= LONGEST else word


@lru_cache(maxsize=4096)
def _stem(word: str) -> str:
    word = word.lower()
    if word.endswith("ies") and len(word) > 4:
        word = word[:-3] + "y"
    elif word.endswith(("sses", "xes", "zes", "ches", "shes")):
        word = word[:-2]
    elif word.endswith("s") and not word.endswith(("ss", "us", "is")) and len(word) > 3:
        word = word[:-1]
    for ending in ("ing", "ed"):
        if word.endswith(ending) and len(word) > len(ending) + 2:
            word = word[: -len(ending)]
            if word[-1] == word[-2] and word[-1] not in "lsz":
                word = word[:-1]
            break
    return word[:-1] if word.endswith("e") and len(word) > 3 else word


def singular(word: str) -> str:
    """Return a plural in -s without the s."""
    return word if word.endswith(("ss", "us", "is")) else word.removesuffix("s")


def split(name: str) -> list[str]:
    """Return the words of an identifier in lower case: `orderId`, `order_id` and `order-id` are `order` and `id`."""
    return [word.lower() for word in re.findall(r"[A-Z]+(?![a-z])|[A-Z]?[a-zß-ÿ]+|\d+", name)]


class Name(NamedTuple):
    """The name of a property: its words, their stems, and what its values are about, if that is known."""

    words: tuple[str, ...]
    stems: frozenset[str]
    kind: str | None


def describe(name: str) -> Name:
    """Return what a property's name tells."""
    return _describe(name[:LONGEST])


@lru_cache(maxsize=4096)
def _describe(name: str) -> Name:
    words = tuple(split(name))
    known = [word if word in KIND_OF else singular(word) for word in words]
    if words and words[-1] in ("name", "names", "fullname", "username"):
        about = [word for word in known[:-1] if word not in ("full", "display")]
        kind: str | None = KIND_OF.get(about[-1], "title") if about else "person"
    else:
        kind = next((KIND_OF[word] for word in reversed(known) if word in KIND_OF), None)
    return Name(words, frozenset(map(stem, words)), kind)


def counts(key: str) -> bool:
    """Tell whether a property may count anything: `count`, `top_k`, `a`."""
    return any(word in COUNTS or singular(word) in COUNTS or len(word) == 1 for word in describe(key).words)
