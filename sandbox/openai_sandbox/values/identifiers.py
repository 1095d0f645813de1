"""Finds codes and numbers in a prompt that identify something: `order A17`, `#4711`."""

import re
from collections.abc import Collection

from .expressions import CODES, IDENTIFIER, last_word
from .once import once


class Identifiers:
    """The codes and numbers of a text.

    Args:
        text: the prompt.
        amounts: numbers that are amounts or ages and identify nothing.
    """

    def __init__(self, text: str, amounts: Collection[float]) -> None:
        self._text = text
        self._amounts = amounts

    @once
    def found(self) -> tuple[str, ...]:
        """All of them. If there are codes with letters, a number only counts after the same word as the codes."""
        matches = [match for match in IDENTIFIER.finditer(self._text) if self._is_one(match[1])]
        before = {self._word_before(match) for match in matches if not match[1].isdigit()}
        return tuple(
            match[1] for match in matches if not before or not match[1].isdigit() or self._word_before(match) in before
        )

    def named(self, noun: str) -> list[str]:
        """Return those after a noun: `order 17`, `orders A17, A18 and A19`."""
        found = re.findall(rf"\b{re.escape(noun)}s?(?: number| no\.?| id)?:? {CODES}", self._text, re.IGNORECASE)
        return [code for listed in found for code in IDENTIFIER.findall(listed) if self._is_one(code)]

    def after(self, word: str) -> tuple[str, ...]:
        """Return those after a preposition, with at most one word between: `from account 111`."""
        found = re.findall(rf"\b{word} (?:\w+ )?#?([\w-]*\d[\w-]*)", self._text, re.IGNORECASE)
        return tuple(code for code in found if code in self.found)

    def _is_one(self, written: str) -> bool:
        return not (written.isdigit() and len(written) < 16 and float(written) in self._amounts)

    def _word_before(self, match: re.Match[str]) -> str:
        return last_word(self._text[max(0, match.start() - 40) : match.start()])
