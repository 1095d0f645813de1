"""Findings about how the client is set up: its timeout, how many clients there are, and where the key goes."""

import re
from collections import Counter
from collections.abc import Iterator
from itertools import pairwise
from time import perf_counter

from .calls import Call, Entry
from .findings import Seen, seen
from .outcome import Outcome
from .waits import text

PATIENCE = 20.0
"""After this many seconds, a client that still waits for an answer may have no limit."""

INTERRUPTED = 10.0
"""The same in seconds, if somebody then ended the program."""

LONGEST_TIMEOUT = 3600.0
FIRST_TOLD = (1, 109)
"""The first version of the SDK that is known to send its timeout."""

FEWEST_OPENED = 2
KEPT_ALIVE = 4.0
"""For this many seconds every client keeps a free connection; httpx keeps it for five."""

REAL_KEY = re.compile(r"Bearer (sk-(?!sandb).{5}\*\*\*.{4})")


def no_timeout(requests: list[Entry], outcome: Outcome) -> Iterator[Seen]:
    """Yield the requests whose client waits without a limit."""
    for entry in requests:
        headers, number = entry.exchange.headers, entry.number
        if _tells_timeout(headers):
            said = headers.get("x-stainless-read-timeout")
            seconds = _number(said)
            if said is None:
                yield seen("no_timeout", "unset", number, number=number)
            elif seconds is not None and seconds > LONGEST_TIMEOUT:
                yield seen("no_timeout", "long", number, number=number, seconds=f"{seconds:g}")
        elif entry.exchange.fault == "timeout" and "x-stainless-lang" not in headers:
            trace = entry.trace
            waited = (trace.ended or perf_counter()) - trace.arrived
            gave_up = trace.delivery == "left" and not outcome.interrupted
            patience = INTERRUPTED if outcome.interrupted else min(PATIENCE, outcome.within or PATIENCE) - 0.2
            if not gave_up and waited >= patience:
                yield seen("no_timeout", "waited", number, number=number, waited=text(waited))


def _tells_timeout(headers: dict[str, str]) -> bool:
    version = headers.get("x-stainless-package-version", "").split(".")
    if headers.get("x-stainless-lang") != "python" or "x-stainless-retry-count" not in headers:
        return False
    return all(part.isdigit() for part in version[:2]) and tuple(map(int, version[:2])) >= FIRST_TOLD


def _number(said: str | None) -> float | None:
    try:
        return None if said is None else float(said)
    except ValueError:
        return None


def client_per_call(calls: list[Call]) -> Iterator[Seen]:
    """Yield the calls that opened a connection, if all of them did without needing to."""
    first = [call.tries[0] for call in calls]
    served = Counter(entry.link.number for entry in first if entry.link)
    if not served or max(served.values()) > 1:
        return
    opened = [
        later.tries[0]
        for earlier, later in pairwise(calls)
        if _could_use(earlier.last, later.tries[0]) and not _overlaps(later.tries[0], calls)
    ]
    if len(opened) >= FEWEST_OPENED:
        numbers = [entry.number for entry in opened]
        yield seen("client_per_call", "opened", *numbers, numbers=", ".join(map(str, numbers)))


def _could_use(before: Entry, after: Entry) -> bool:
    """Tell whether a request could have been sent on the previous request's connection."""
    if before.link is None or after.link is None or before.trace.ended is None:
        return False
    names = ("user-agent", "authorization", "x-stainless-async")
    same = all(before.exchange.headers.get(name) == after.exchange.headers.get(name) for name in names)
    kept = before.trace.delivery == "sent" and not before.streamed and _keeps(before) and _keeps(after)
    return same and kept and 0 <= after.link.opened - before.trace.ended < KEPT_ALIVE


def _keeps(entry: Entry) -> bool:
    return "close" not in entry.exchange.headers.get("connection", "").lower()


def _overlaps(entry: Entry, calls: list[Call]) -> bool:
    """Tell whether another request was in progress when this one's connection was opened."""
    opened = entry.link.opened if entry.link else entry.trace.arrived
    others = (other.trace for call in calls for other in call.tries if other is not entry)
    return any(other.arrived < entry.trace.arrived and (other.ended or opened) >= opened for other in others)


def key_elsewhere(requests: list[Entry]) -> Iterator[Seen]:
    """Yield the requests that have a key where no key belongs, or one that the sandbox did not issue."""
    for entry in requests:
        exchange, number = entry.exchange, entry.number
        if exchange.key_in:
            names = {"query": "its URL", "body": "its body"}
            places = " and ".join(names.get(place, f"the header {place}") for place in exchange.key_in)
            yield seen("key_elsewhere", "place", number, number=number, places=places)
        key = REAL_KEY.fullmatch(exchange.headers.get("authorization", ""))
        if key and exchange.status == 401 and exchange.fault is None:
            yield seen("key_elsewhere", "foreign", number, number=number, key=key[1])
