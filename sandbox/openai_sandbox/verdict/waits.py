"""Findings about waits: too short, always the same, or all at the same time."""

from collections.abc import Iterable, Iterator
from itertools import pairwise, takewhile

from .calls import Call, Retry
from .findings import Seen, seen

SHORTEST_PAUSE = 0.02
"""The shortest requested pause, in seconds, that can be told apart from none."""

NO_WAIT = 0.05
"""A wait shorter than this, in seconds, counts as none."""

FEWEST_TOGETHER = 3


def found(calls: list[Call]) -> Iterator[Seen]:
    """Yield what is wrong with the waits of calls."""
    for call in calls:
        yield from _too_early(call)
    steady = [call for call in calls if any(_no_backoff(call))]
    # Among many calls with random waits, some have the same wait twice. A loop without backoff has it every time.
    if 2 * len(steady) > sum(len(_free(call)) > 1 for call in calls):
        for call in steady:
            yield from _no_backoff(call)
    else:
        steady = []
    yield from _no_jitter([call for call in calls if call not in steady])


def text(seconds: float) -> str:
    """Write a wait: `3 ms`, `1.2 s`."""
    return f"{seconds * 1000:.0f} ms" if seconds < 0.995 else f"{seconds:.1f} s"


def _too_early(call: Call) -> Iterator[Seen]:
    for retry in call.retries:
        before, wait = retry.before, retry.wait
        asked = before.exchange.retry_after
        if asked is None or asked < SHORTEST_PAUSE or wait is None or before.vain or retry.starts_anew:
            continue
        # Timers may be a little early, and pauses rounded.
        if wait < 0.9 * asked - 0.01:
            yield seen(
                "retry_after_ignored",
                "early",
                retry.after.number,
                number=retry.after.number,
                wait=text(wait),
                status=before.exchange.status,
                asked=text(asked),
            )


def _free(call: Call) -> list[Retry]:
    """Return the first retries of a call for which the program's own loop had to choose the wait."""
    return [] if call.multiplied else list(takewhile(_is_free, call.retries))


def _is_free(retry: Retry) -> bool:
    status = retry.before.exchange.status
    unnamed = retry.before.exchange.retry_after is None and not retry.before.vain
    return retry.by == "program" and unnamed and retry.wait is not None and (status in (0, 429) or status >= 500)


def _no_backoff(call: Call) -> Iterator[Seen]:
    retries = _free(call)
    waits = [retry.wait or 0.0 for retry in retries]
    if len(waits) < 2:
        return
    numbers = [retry.after.number for retry in retries]
    listed = ", ".join(map(str, numbers))
    if all(wait < NO_WAIT for wait in waits) and not _grow(waits):
        shown = ", ".join(text(wait) for wait in waits[:5])
        yield seen("no_backoff", "none", *numbers, numbers=listed, waits=shown)
    elif waits[0] >= NO_WAIT and _are_alike(waits):
        yield seen("no_backoff", "constant", *numbers, numbers=listed, wait=text(min(waits)))


def _grow(waits: list[float]) -> bool:
    return all(later > 1.4 * earlier for earlier, later in pairwise(waits)) and waits[0] > 0.005


def _are_alike(waits: list[float]) -> bool:
    """Tell whether waits are the same. Two can be by chance, so they have to match almost to the millisecond.

    A wait before the last one may be longer: a busy computer, or a sandbox that is still starting, notices late.
    """
    if len(waits) > 2 and max(waits) > waits[-1]:
        rest = sorted(waits)[:-1]
        if _within(rest):
            return True
    return _within(waits)


def _within(waits: list[float]) -> bool:
    margin = max(0.015, 0.05 * waits[0]) if len(waits) > 2 else 0.003 + 0.01 * waits[0]
    return max(waits) - min(waits) <= margin


def _no_jitter(calls: Iterable[Call]) -> Iterator[Seen]:
    first = [retries[0] for call in calls if (retries := _free(call)) and (retries[0].wait or 0.0) >= NO_WAIT]
    first.sort(key=lambda retry: retry.wait or 0.0)
    # A busy computer delays some of them, so most of them is enough.
    count = max(FEWEST_TOGETHER, -(-2 * len(first) // 3))
    for start in range(len(first) - count + 1):
        together = first[start : start + count]
        waits = [retry.wait or 0.0 for retry in together]
        failed = [retry.before.known or 0.0 for retry in together]
        # A program sends its requests one by one, so each may add a little.
        margin = min(0.01 * waits[0] + 0.0015 * count, 0.05 * waits[0])
        if waits[-1] - waits[0] <= margin and max(failed) - min(failed) < waits[0] / 2:
            numbers = sorted(retry.after.number for retry in together)
            yield seen("no_jitter", "together", *numbers, count=count, wait=text(waits[0]))
            return
