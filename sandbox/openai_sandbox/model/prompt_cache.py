"""Prompt caching: how much of a prompt's beginning was seen recently.

OpenAI's guide says that prompts of 1,024 tokens and more are cached, in steps of 128, and that the cache is dropped
after five to ten minutes without use. The real API does not say what is cached, and on which machine: here, every
beginning that was read before is found again.
"""

import hashlib
import struct
from collections import OrderedDict
from collections.abc import Sequence
from typing import NamedTuple

SHORTEST, STEP = 1024, 128
SECONDS_KEPT = 600.0
"""How long a cached prompt is kept in memory without use, in seconds."""
LONGEST_KEPT = 86_400.0
"""How long at most with 24-hour retention, in seconds."""
SECONDS_WRITTEN = 1_800.0
"""The minimum time that cache writes are kept on models that count them, by the SDK's docstring."""
MOST = 20_000


class Cached(NamedTuple):
    """How many of a prompt's tokens came from the cache, and how many were written to it."""

    read: int = 0
    written: int = 0


class PromptCache:
    """The beginnings of recently read prompts, as digests. The least recently used are dropped first."""

    def __init__(self) -> None:
        self._seen: OrderedDict[bytes, float] = OrderedDict()

    def use(self, owner: str, prompt: Sequence[int], now: float, kept: float = SECONDS_KEPT) -> Cached:
        """Look up a prompt, and keep it.

        Args:
            owner: what a cache belongs to: model and cache key.
            prompt: its tokens.
            now: Unix seconds.
            kept: how long its model keeps what it read, in seconds.
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
