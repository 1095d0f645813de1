"""Ids in the API's forms: a prefix and random characters."""

import hashlib
import random
import string
import zlib

_ALPHANUMERIC = string.ascii_letters + string.digits
_CHARACTERS = bytes(ord(_ALPHANUMERIC[byte % len(_ALPHANUMERIC)]) for byte in range(256))
_PADDING_BYTES = hashlib.shake_128(b"padding").digest(4096 + 16).translate(_CHARACTERS)
_PADDING = _PADDING_BYTES.decode("ascii")


class Ids:
    """Makes ids from one random source, so that a fixed seed always gives the same ids."""

    def __init__(self, rng: random.Random) -> None:
        self._rng = rng

    def hex(self, prefix: str, length: int = 50) -> str:
        """Return `prefix_` and an even number of hexadecimal digits, as in `resp_`, `msg_`, `rs_` and `req_`."""
        return f"{prefix}_{self._rng.getrandbits(4 * length).to_bytes(length // 2, 'big').hex()}"

    def alphanumeric(self, prefix: str, length: int = 29, joint: str = "-") -> str:
        """Return `prefix-` and letters and digits, as in `chatcmpl-`, or `prefix_`, as in `call_`."""
        return f"{prefix}{joint}{self._characters(length)}"

    def encrypted(self) -> str:
        """Return a placeholder for a reasoning item's encrypted content. It contains nothing."""
        return "gAAAAA" + self._characters(250)

    def _characters(self, length: int) -> str:
        return self._rng.randbytes(length).translate(_CHARACTERS).decode("ascii")


class Padding:
    """Makes the padding of a stream's events: up to 16 characters each, and the same for the same id."""

    def __init__(self, id: str) -> None:
        self._state = zlib.crc32(id.encode("utf-8")) & 0xFFFF

    def next(self) -> str:
        """Return the padding of the next event."""
        # A linear congruential generator with 16 bits: twelve say where the padding begins, the others how long it is.
        self._state = state = (self._state * 25_173 + 13_849) & 0xFFFF
        start = state & 0xFFF
        return _PADDING[start : start + 1 + (state >> 12)]

    def several(self, number: int) -> list[bytes]:
        """Return the padding of the next `number` events."""
        state, made = self._state, []
        for _ in range(number):
            state = (state * 25_173 + 13_849) & 0xFFFF
            start = state & 0xFFF
            made.append(_PADDING_BYTES[start : start + 1 + (state >> 12)])
        self._state = state
        return made
