"""The tokens of o200k_base and their ranks, which are the order in which they are merged.

`o200k_base.ranks` holds what tiktoken downloads (github.com/openai/tiktoken, MIT license), in the order of the tokens'
bytes, compressed: how long each is, then the low, middle and high bytes of the ranks, then the tokens themselves. A
test rebuilds OpenAI's own file from it. Tokens are looked up in place, because putting them into a dictionary takes
longer than a first answer may.
"""

import hashlib
import zlib
from bisect import bisect_left
from functools import cache
from importlib.resources import files
from itertools import accumulate

FILE = "o200k_base.ranks"
SHA256 = "31105c0103d2b94c40c8120ba51590cbfacff5d3d177ff90058b3cc7c202c219"
"""The SHA-256 of the unpacked file."""

COUNT = 199_998


class Ranks:
    """The tokens, sorted by their bytes.

    Args:
        unpacked: the unpacked content of the file.
    """

    def __init__(self, unpacked: bytes) -> None:
        self._low, self._middle, self._high = (unpacked[at * COUNT : (at + 1) * COUNT] for at in (1, 2, 3))
        self._text = unpacked[4 * COUNT :]
        self._starts = list(accumulate(unpacked[:COUNT], initial=0))
        self._places: list[int] = []

    def __len__(self) -> int:
        return COUNT

    def __getitem__(self, place: int) -> bytes:
        return self._text[self._starts[place] : self._starts[place + 1]]

    def rank(self, token: bytes) -> int | None:
        """Return the rank of a token, or None if it is not a token."""
        place = bisect_left(self, token)
        return self._rank(place) if place < COUNT and self[place] == token else None

    def token(self, rank: int) -> bytes:
        """Return the token with a rank. The first call takes a few milliseconds.

        Raises:
            KeyError: there is none.
        """
        if not 0 <= rank < COUNT:
            raise KeyError(rank)
        if not self._places:
            places = [0] * COUNT
            for place in range(COUNT):
                places[self._rank(place)] = place
            self._places = places
        return self[self._places[rank]]

    def by_token(self) -> dict[bytes, int]:
        """Return the rank of each token. It takes some ten milliseconds and about 30 MB."""
        return {self[place]: self._rank(place) for place in range(COUNT)}

    def _rank(self, place: int) -> int:
        return self._low[place] | self._middle[place] << 8 | self._high[place] << 16


@cache
def ranks() -> Ranks:
    """Return the ranks. The first call takes a few milliseconds.

    Raises:
        ValueError: the file is damaged.
    """
    packed = files(__package__).joinpath(FILE).read_bytes()
    try:
        unpacked = zlib.decompress(packed)
    except zlib.error:
        unpacked = b""
    if hashlib.sha256(unpacked).hexdigest() != SHA256:
        raise ValueError(f"openai_sandbox/model/{FILE} is damaged: its SHA-256 is not the expected one")
    return Ranks(unpacked)
