"""Ids in the API's forms: a prefix and random characters."""

import random
import string

_HEX = "0123456789abcdef"
_ALPHANUMERIC = string.ascii_letters + string.digits


class Ids:
    """Makes ids from one random source, so that a fixed seed gives the same ids again."""

    def __init__(self, rng: random.Random) -> None:
        self._rng = rng

    def hex(self, prefix: str, length: int = 48) -> str:
        """Return `prefix_` and hexadecimal digits, as in `resp_`, `msg_`, `rs_` and `req_`."""
        return f"{prefix}_{''.join(self._rng.choices(_HEX, k=length))}"

    def alphanumeric(self, prefix: str, length: int = 29) -> str:
        """Return `prefix-` and letters and digits, as in `chatcmpl-`."""
        return f"{prefix}-{''.join(self._rng.choices(_ALPHANUMERIC, k=length))}"

    def obfuscation(self) -> str:
        """Return the padding of a stream event: up to 16 random characters."""
        return "".join(self._rng.choices(_ALPHANUMERIC, k=self._rng.randint(1, 16)))

    def encrypted(self) -> str:
        """Return what stands for a reasoning item's encrypted content. It holds nothing."""
        return "gAAAAA" + "".join(self._rng.choices(_ALPHANUMERIC, k=250))
