"""Random numbers that are the same for the same text on every machine.

`random.Random` would work, but seeding it takes longer than choosing an answer.
"""

import hashlib
import random

_BITS = 53
_SCALE = 2.0**-_BITS
A_BLOCK = 64


class Draws(random.Random):
    """Random numbers from hashes of a text, which are computed one after the other as needed."""

    def __init__(self) -> None:
        super().__init__(0)
        self.restart(b"")

    def restart(self, text: bytes) -> None:
        """Start again, with the numbers for this text."""
        self._block = hashlib.blake2b(text).digest()
        self._at = 0

    def random(self) -> float:
        """Return a number of at least 0 and less than 1."""
        return (int.from_bytes(self._next(8), "big") >> (64 - _BITS)) * _SCALE

    def getrandbits(self, k: int) -> int:
        """Return a whole number of `k` bits."""
        size = (k + 7) // 8
        return int.from_bytes(self._next(size), "big") >> (8 * size - k)

    def _next(self, size: int) -> bytes:
        start, self._at = self._at, self._at + size
        if self._at <= A_BLOCK:
            return self._block[start : self._at]
        taken = self._block[start:]
        while len(taken) < size:
            self._block = hashlib.blake2b(self._block).digest()
            taken += self._block
        self._at = A_BLOCK - (len(taken) - size)
        return taken[:size]
