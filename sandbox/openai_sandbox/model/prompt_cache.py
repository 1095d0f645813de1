"""Prompt caching: how much of a prompt's beginning was seen recently.

OpenAI's guide says that prompts of 1,024 tokens and more are cached. On models before GPT-5.6 that happens in steps of
128, and the cache is dropped after five to ten minutes without use. The real API does not say what is cached, and on
which machine: here, every beginning that was read before is found again.

GPT-5.6 and later models match at breakpoints only, which are not rounded: the API places one on the latest message, and
a request can add its own. What the prompts of two requests have in common is not found if it ends at no breakpoint.
"""

import hashlib
import struct
from collections import OrderedDict
from collections.abc import Callable, Sequence
from typing import NamedTuple

SHORTEST, STEP = 1024, 128
SECONDS_KEPT = 600.0
"""How long a cached prompt is kept in memory without use, in seconds."""
LONGEST_KEPT = 86_400.0
"""How long at most with 24-hour retention, in seconds."""
SECONDS_WRITTEN = {"30m": 1_800.0, "12h": 43_200.0}
"""The minimum time that cache writes are kept on models that count them, by the SDK's docstring. The first is the
default."""
MOST = 20_000
MOST_WRITTEN, MOST_MATCHED = 4, 80
"""How many breakpoints a request writes at most, and how many of the latest ones are looked up, by the SDK's
docstring."""


class Cached(NamedTuple):
    """How many of a prompt's tokens came from the cache, and how many were written to it."""

    read: int = 0
    written: int = 0


class Breakpoint(NamedTuple):
    """Where a beginning of a prompt ends that can be in the cache.

    Args:
        end: after how many characters of the prompt.
        kept: how long it is kept once it is written, in seconds. None if this request does not write it.
    """

    end: int
    kept: float | None = None


class _Written(NamedTuple):
    until: float
    kept: float
    tokens: int


class PromptCache:
    """The beginnings of recently read prompts, as digests. The least recently used are dropped first."""

    def __init__(self) -> None:
        self._seen: OrderedDict[bytes, float] = OrderedDict()
        self._written: OrderedDict[bytes, _Written] = OrderedDict()

    def at_breakpoints(
        self, owner: str, prompt: str, breakpoints: Sequence[Breakpoint], count: Callable[[str], int], now: float
    ) -> Cached:
        """Look up a prompt at its breakpoints, and write those that are to be written.

        Args:
            owner: what a cache belongs to: model and cache key.
            prompt: its text.
            breakpoints: those to look up, in the order of the prompt.
            count: counts the tokens of a text.
            now: Unix seconds.
        """
        digest = hashlib.blake2b(owner.encode("utf-8", "surrogatepass"), digest_size=12)
        counted = start = read = written = 0
        for end, kept in breakpoints:
            digest.update(prompt[start:end].encode("utf-8", "surrogatepass"))
            counted += count(prompt[start:end])
            start = end
            mark = digest.copy().digest()
            known = self._written.get(mark)
            if known and known.until >= now:
                read = known.tokens
                longest = max(known.kept, kept or 0)
            elif kept is not None and counted >= SHORTEST:
                written = counted
                longest = kept
            else:
                continue
            self._written[mark] = _Written(now + longest, longest, counted)
            self._written.move_to_end(mark)
        while len(self._written) > MOST:
            self._written.popitem(last=False)
        return Cached(read, max(written - read, 0))

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
