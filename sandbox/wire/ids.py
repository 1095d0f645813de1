"""Ids in the API's forms: a prefix and random characters."""

import random
import string

_ALPHANUMERIC = string.ascii_letters + string.digits
_PADDING = bytes(ord(_ALPHANUMERIC[byte % len(_ALPHANUMERIC)]) for byte in range(256))


class Ids:
    """Makes ids from one random source, so that a fixed seed gives the same ids again."""

    def __init__(self, rng: random.Random) -> None:
        self._rng = rng

    def hex(self, prefix: str, length: int = 48) -> str:
        """Return `prefix_` and hexadecimal digits, as in `resp_`, `msg_`, `rs_` and `req_`."""
        return f"{prefix}_{self._rng.getrandbits(4 * length):0{length}x}"

    def alphanumeric(self, prefix: str, length: int = 29, joint: str = "-") -> str:
        """Return `prefix-` and letters and digits, as in `chatcmpl-`, or `prefix_`, as in `call_`."""
        return f"{prefix}{joint}{''.join(self._rng.choices(_ALPHANUMERIC, k=length))}"

    def obfuscation(self) -> str:
        """Return the padding of a stream event: up to 16 random characters."""
        return self._rng.randbytes(1 + self._rng.getrandbits(4)).translate(_PADDING).decode("ascii")

    def encrypted(self) -> str:
        """Return what stands for a reasoning item's encrypted content. It holds nothing."""
        return "gAAAAA" + self._rng.randbytes(250).translate(_PADDING).decode("ascii")
