"""Ids in the API's forms: a prefix and random characters."""

import hashlib
import random
import string

_ALPHANUMERIC = string.ascii_letters + string.digits
_CHARACTERS = bytes(ord(_ALPHANUMERIC[byte % len(_ALPHANUMERIC)]) for byte in range(256))
_MULTIPLIER = 0x2360ED051FC65DA44385DF649FCCF645  # of PCG, a generator of 128 bits


class Ids:
    """Makes ids from one random source, so that a fixed seed gives the same ids again."""

    def __init__(self, rng: random.Random) -> None:
        self._rng = rng

    def hex(self, prefix: str, length: int = 50) -> str:
        """Return `prefix_` and an even number of hexadecimal digits, as in `resp_`, `msg_`, `rs_` and `req_`."""
        return f"{prefix}_{self._rng.getrandbits(4 * length).to_bytes(length // 2, 'big').hex()}"

    def alphanumeric(self, prefix: str, length: int = 29, joint: str = "-") -> str:
        """Return `prefix-` and letters and digits, as in `chatcmpl-`, or `prefix_`, as in `call_`."""
        return f"{prefix}{joint}{self._characters(length)}"

    def encrypted(self) -> str:
        """Return what stands for a reasoning item's encrypted content. It holds nothing."""
        return "gAAAAA" + self._characters(250)

    def _characters(self, length: int) -> str:
        return self._rng.randbytes(length).translate(_CHARACTERS).decode("ascii")


class Padding:
    """Makes the padding of a stream's events: up to 16 characters each, the same ones again for the same id."""

    def __init__(self, id: str) -> None:
        self._state = int.from_bytes(hashlib.blake2b(id.encode("utf-8"), digest_size=16).digest(), "little")

    def next(self) -> str:
        """Return the padding of the next event."""
        self._state = (self._state * _MULTIPLIER + 1) % (1 << 128)
        return self._state.to_bytes(16, "little")[self._state >> 124 :].translate(_CHARACTERS).decode("ascii")
