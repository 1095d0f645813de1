"""Tokenizes short texts without tiktoken, which takes a third of a second to load; most prompts are short.

The text is split with tiktoken's own expression; each piece is a token or is merged from its bytes by rank. The module
`regex` has a different version of Unicode from tiktoken, so only texts with letters in both are accepted.
"""

import re
from collections.abc import Callable
from functools import cached_property, lru_cache
from itertools import pairwise
from typing import Any

from .ranks import ranks

LONGEST = 2_000
"""The limit for a text, in characters."""

LONGEST_PIECE = 100
"""The limit for a piece without its own token, in bytes: merging many takes a long time."""

_KNOWN = re.compile(r"[\x00-\x7f\xa0-\u017f\u2010-\u2027\u2030-\u205e]*+")


class ShortTexts:
    """A tokenizer of short texts in Latin letters. It knows the bytes of all tokens."""

    def __init__(self) -> None:
        self._ids = lru_cache(maxsize=10_000)(self._ids_of)
        self._bytes: dict[int, bytes] = {}

    def encode(self, text: str) -> list[int] | None:
        """Return the token ids of a text, or None if it is not suitable."""
        if len(text) > LONGEST or not _KNOWN.fullmatch(text):
            return None
        ids: list[int] = []
        for piece in self._split(text):
            found = self._ids(piece)
            if not found:
                return None
            ids += found
        return ids

    def decode_single_token_bytes(self, token: int) -> bytes:
        """Return the bytes of one token.

        Raises:
            KeyError: there is no such token.
        """
        known = self._bytes.get(token)
        return ranks().token(token) if known is None else known

    @cached_property
    def _split(self) -> Callable[[str], list[str]]:
        import regex
        from tiktoken_ext import openai_public

        split: Callable[[str], list[str]] = regex.compile(definition(openai_public, {})["pat_str"]).findall
        return split

    def _ids_of(self, piece: str) -> tuple[int, ...]:
        """Return the token ids of a piece, or none if it would take too long."""
        raw = piece.encode()
        rank = ranks().rank(raw)
        if rank is not None:
            self._bytes[rank] = raw
            return (rank,)
        if len(raw) > LONGEST_PIECE:
            return ()
        merged = _merged(raw, lru_cache(ranks().rank))
        self._bytes.update(merged)
        return tuple(rank for rank, _ in merged)


def _merged(raw: bytes, rank_of: Callable[[bytes], int | None]) -> list[tuple[int, bytes]]:
    """Merge the two neighbors with the lowest rank, leftmost first, until none can be merged."""
    parts = [raw[at : at + 1] for at in range(len(raw))]
    while len(parts) > 1:
        pairs = [rank_of(a + b) for a, b in pairwise(parts)]
        least = min((rank for rank in pairs if rank is not None), default=None)
        if least is None:
            break
        at = pairs.index(least)
        parts[at : at + 2] = [parts[at] + parts[at + 1]]
    return [(rank, part) for part in parts if (rank := rank_of(part)) is not None]


def definition(module: Any, mergeable: dict[bytes, int]) -> dict[str, Any]:
    """Return tiktoken's definition of o200k_base with these ranks, which it would otherwise download."""
    download = module.load_tiktoken_bpe
    module.load_tiktoken_bpe = lambda *args, **kwargs: mergeable
    try:
        defined: dict[str, Any] = module.o200k_base()
    finally:
        module.load_tiktoken_bpe = download
    return defined
