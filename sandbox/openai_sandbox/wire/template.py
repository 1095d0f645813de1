"""JSON that is written once and filled in repeatedly.

What differs between answers (ids, times, counts) is left open. The code that makes an answer need not know about this:
it is run once with stand-ins, and its output, cut at the stand-ins, is the template.
"""

import os
import re
from collections.abc import Callable, Sequence
from operator import itemgetter, methodcaller
from typing import Any

from .ids import Ids

# No request can contain them: each process makes new ones.
_TEXT = os.urandom(12).hex()
_NUMBER = str(10**20 + int.from_bytes(os.urandom(8), "big"))
_MARK = re.compile(rb"(?:%b|%b)(\d{5})" % (_TEXT.encode(), _NUMBER.encode()))


class Template:
    """Bytes with holes.

    Args:
        written: the bytes, with stand-ins in place of the holes.
    """

    __slots__ = ("_form", "_order", "size")

    def __init__(self, written: bytes) -> None:
        pieces = _MARK.split(written)
        self.size = len(written)
        self._form = b"%b".join(piece.replace(b"%", b"%%") for piece in pieces[::2])
        order = [int(number) for number in pieces[1::2]]
        self._order: Callable[[Sequence[bytes]], Any] = itemgetter(*order) if order else lambda _: ()

    def fill(self, values: Sequence[bytes]) -> bytes:
        """Return the bytes with the values filled into the holes by number."""
        filled: bytes = self._form % self._order(values)
        return filled


class StandIns:
    """Makes numbered stand-ins for ids and numbers while a template is written."""

    def __init__(self) -> None:
        self.count = 0

    def text(self) -> str:
        """Return a text that stands in for another."""
        self.count += 1
        return f"{_TEXT}{self.count - 1:05d}"

    def number(self) -> int:
        """Return a number that stands in for another."""
        self.count += 1
        return int(f"{_NUMBER}{self.count - 1:05d}")


class IdStandIns(Ids):
    """Makes stand-ins instead of ids. `draws` make the ids, in the order in which they were asked for."""

    def __init__(self, stand_ins: StandIns) -> None:
        self._stand_ins = stand_ins
        self.draws: list[Callable[[Ids], str]] = []

    def hex(self, prefix: str, length: int = 50) -> str:  # noqa: D102
        return self._later(methodcaller("hex", prefix, length))

    def alphanumeric(self, prefix: str, length: int = 29, joint: str = "-") -> str:  # noqa: D102
        return self._later(methodcaller("alphanumeric", prefix, length, joint))

    def encrypted(self) -> str:  # noqa: D102
        return self._later(methodcaller("encrypted"))

    def _later(self, draw: Callable[[Ids], str]) -> str:
        self.draws.append(draw)
        return self._stand_ins.text()
