"""Prompt caching: how much of a prompt's beginning was seen a short while ago.

OpenAI's guide: prompts of 1,024 tokens and more are cached, in steps of 128, and the cache is dropped after five to
ten minutes without use. What is cached, and on which machine, the real API does not say: here every beginning that was
read before is found again.
"""

import hashlib
import struct
from collections import OrderedDict
from collections.abc import Sequence
from typing import NamedTuple

SHORTEST, STEP = 1024, 128
SECONDS_KEPT = 600.0
"""How long what was read is kept in memory, without use."""
LONGEST_KEPT = 86_400.0
"""How long at most, where it is kept for 24 hours."""
SECONDS_WRITTEN = 1_800.0
"""How long what was written to the cache is kept, on models that count it: at least, by the SDK's docstring."""
MOST = 20_000


class Cached(NamedTuple):
    """Of a prompt's tokens: how many came from the cache, how many were written to it."""

    read: int = 0
    written: int = 0


class PromptCache:
    """The beginnings of prompts that were read lately, as digests, the longest unused dropped first."""

    def __init__(self) -> None:
        self._seen: OrderedDict[bytes, float] = OrderedDict()

    def use(self, owner: str, prompt: Sequence[int], now: float, kept: float = SECONDS_KEPT) -> Cached:
        """Look a prompt up, and keep it.

        Args:
            owner: what a cache belongs to: model and cache key.
            prompt: its tokens.
            now: Unix seconds.
            kept: for how many seconds its model keeps what it read.
        """
        whole = len(prompt) // STEP * STEP
        if whole < SHORTEST:
            return Cached()
        read = 0
        digest = hashlib.blake2b(owner.encode("utf-8", "surrogatepass"), digest_size=12)
        start = 0
        for end in range(SHORTEST, whole + 1, STEP):
            digest.update(struct.pack(f"<{end - start}I", *prompt[start:end]))
            start = end
            mark = digest.copy().digest()
            if mark in self._seen and now - self._seen[mark] <= kept:
                read = end
            self._seen[mark] = now
            self._seen.move_to_end(mark)
        while len(self._seen) > MOST:
            self._seen.popitem(last=False)
        return Cached(read, whole - read)
