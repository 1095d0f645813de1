"""Finds the numbers in a prompt, and what they count."""

import re
from collections.abc import Iterable
from typing import NamedTuple

from .expressions import CURRENCIES, DIGITS, EMAIL, PUNCTUATION, SPELLED, URL, last_word
from .property_names import NUMBER_WORDS, SPELLED_OUT, STOP, stem


class Number(NamedTuple):
    """A number, the stems of the words around it, and whether it is an age or an amount of money."""

    value: float
    before: str
    after: str
    aged: bool
    money: bool


def numbers(text: str, words: Iterable[str], dates: Iterable[re.Match[str]]) -> list[Number]:
    """Return the numbers in a text, in digits or in words. Those in `dates` and addresses do not count.

    Args:
        text: the prompt.
        words: its words in lower case.
        dates: where dates and times are.
    """
    other = [*dates]
    if "@" in text or "://" in text:
        other += (*URL.finditer(text), *EMAIL.finditer(text))
    found = []
    spelled = SPELLED.finditer(text.lower()) if not SPELLED_OUT.isdisjoint(words) else ()
    for written in sorted((*DIGITS.finditer(text), *spelled), key=lambda match: match.start()):
        if any(match.start() <= written.start() < match.end() for match in other):
            continue
        before = last_word(text[max(0, written.start() - 40) : written.start()])
        rest = text[written.end() : written.end() + 20].lstrip(" ").lower()
        after = rest.partition(" ")[0].strip(PUNCTUATION)
        aged = rest.startswith(("year old", "years old", "-year")) or before == "aged"
        aged = aged or (before == "is" and (not after or after in STOP))
        money = before[-1:] in CURRENCIES or after in CURRENCIES
        found.append(Number(read_number(written[0]), stem(before), stem(after), aged, money))
    return found


def read_number(written: str) -> float:
    """Return the number that digits or a word mean: `1,200.50`, `twelve`."""
    if written in SPELLED_OUT:
        return NUMBER_WORDS.index(written)
    digits = written.replace(",", "")
    return float(digits) if "." in digits else int(digits)
