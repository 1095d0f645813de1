"""The requests of a journal as calls: each a first try and its retries, by the SDK or by a loop around it.

A retry is the same request again after a failure. Where several clients or tasks send the same, it is not always clear
which of them retries. Then the pairs are formed that speak best for the client: the earliest failure with the earliest
retry.
"""

import json
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cached_property
from typing import Literal, NamedTuple

from ..stages.journal import Exchange
from ..wire.trace import Link, Trace

CUTS = ("cut_stream", "end_early", "stream_error", "malformed_json")
"""Faults that break a stream off."""

GARBLED = ("html_page", "error_as_200", "malformed_json")
"""Faults after which status 200 is no success."""

UNFINISHED = ("incomplete", "failed", "cancelled", "length", "content_filter")
"""What an answer says of its end that is not whole."""

MODEL_PATHS = ("/responses", "/chat/completions")

VAIN = (400, 401, 403, 404, 413, 422)
SPENT = ("insufficient_quota", "credit_exhausted")
"""Statuses after which the same request cannot succeed; and faults and codes of 429 after which it cannot, either."""


@dataclass(eq=False)
class Entry:
    """A request of the journal with its number, counted from 1."""

    number: int
    exchange: Exchange

    @property
    def trace(self) -> Trace:
        """Its times and connection."""
        return self.exchange.trace

    @property
    def link(self) -> Link | None:
        """Its connection."""
        return self.exchange.trace.link

    @cached_property
    def identity(self) -> str | None:
        """What makes it the same request as another. None where the journal has not kept that."""
        exchange = self.exchange
        if exchange.body is None and exchange.method != "GET":
            return None
        return f"{exchange.method} {exchange.path} {json.dumps(exchange.body, sort_keys=True)}"

    @property
    def sdk_tries(self) -> int | None:
        """How many tries the SDK made before, as it says itself. None of other clients."""
        said = self.exchange.headers.get("x-stainless-retry-count", "")
        return int(said) if said.isdigit() else None

    @property
    def streamed(self) -> bool:
        """Whether it asks for a stream."""
        return isinstance(self.exchange.body, dict) and self.exchange.body.get("stream") is True

    @property
    def asks_model(self) -> bool:
        """Whether a model answered it."""
        exchange = self.exchange
        return exchange.method == "POST" and exchange.path.endswith(MODEL_PATHS) and exchange.status == 200

    @property
    def failed(self) -> bool:
        """Whether it got an error, or no answer."""
        return self.exchange.status == 0 or self.exchange.status >= 400

    @property
    def cut(self) -> bool:
        """Whether its stream was broken off."""
        return self.asks_model and self.streamed and self.exchange.fault in CUTS

    @cached_property
    def finish(self) -> str | None:
        """How its answer says that it ended."""
        return self.exchange.answer.finish if self.exchange.answer else None

    @property
    def unfinished(self) -> bool:
        """Whether its answer says that it is not whole."""
        return self.asks_model and self.finish in UNFINISHED

    @property
    def bad(self) -> bool:
        """Whether there is reason to send it again."""
        return self.failed or self.cut or self.unfinished or self.exchange.fault in GARBLED

    @property
    def vain(self) -> bool:
        """Whether it cannot succeed, however often it is sent."""
        exchange = self.exchange
        spent = exchange.status == 429 and (exchange.fault in SPENT or exchange.code in SPENT)
        return exchange.method == "POST" and (exchange.status in VAIN or spent)

    @property
    def known(self) -> float | None:
        """When the client could know at the earliest how it went. None where nobody told it."""
        trace = self.trace
        if trace.begun is not None:
            return trace.begun
        return trace.ended if trace.delivery == "broken" and self.exchange.fault == "connection_drop" else None


class Retry(NamedTuple):
    """Two tries of a call, one after the other, and whether the SDK or a loop around it made the second."""

    before: Entry
    after: Entry
    by: Literal["sdk", "program"]

    @property
    def wait(self) -> float | None:
        """The seconds between, as the client may have waited at most. None where it had no answer to wait after."""
        known = self.before.known
        return None if known is None else self.after.trace.arrived - known

    @property
    def starts_anew(self) -> bool:
        """Whether it starts a call anew that the SDK has given up after retries of its own."""
        return self.by == "program" and self.after.sdk_tries == 0 and bool(self.before.sdk_tries)


@dataclass(eq=False)
class Call:
    """A call: its tries, the first one first, and who made each but the first."""

    tries: list[Entry]
    retries: list[Retry] = field(default_factory=list)

    @property
    def last(self) -> Entry:
        """The last try."""
        return self.tries[-1]

    @property
    def multiplied(self) -> bool:
        """Whether a loop around the SDK started it anew."""
        return any(retry.starts_anew for retry in self.retries)

    def add(self, entry: Entry, by: Literal["sdk", "program"]) -> None:
        """Add a try."""
        self.retries.append(Retry(self.last, entry, by))
        self.tries.append(entry)


def entries(exchanges: Iterable[Exchange]) -> list[Entry]:
    """Return the requests of a journal, in the order in which they arrived."""
    numbered = [Entry(number, exchange) for number, exchange in enumerate(exchanges, 1)]
    return sorted(numbered, key=lambda entry: entry.trace.arrived)


def calls_of(requests: list[Entry]) -> list[Call]:
    """Return the calls that requests are tries of, in the order of their first tries.

    The SDK says which of its requests are retries. What it has retried, no loop around it has.
    """
    crowded, new = _crowded(requests), _by_new_links(requests)
    calls: list[Call] = []
    failed: dict[str, list[Call]] = {}
    for chain in _chains(requests):
        first = chain.tries[0]
        waiting = failed.setdefault(first.identity, []) if first.identity else []
        # A client that has a free connection takes it: one that opens another asked before it knew, or is another one.
        opens = first in new and (first.identity in crowded or not _is_alone(first))
        call = next((call for call in waiting if _repeats(call.last, first, opens=opens)), None)
        if call:
            waiting.remove(call)
            call.add(first, "program")
            for entry in chain.tries[1:]:
                call.add(entry, "sdk")
        else:
            call = chain
            calls.append(call)
        if call.last.bad:
            waiting.append(call)
            waiting.sort(key=lambda call: call.last.trace.arrived)
    return calls


def _chains(requests: list[Entry]) -> list[Call]:
    """Return the calls of the SDK, and each request of other clients as one."""
    chains: list[Call] = []
    failed: dict[tuple[str, int], list[Call]] = {}
    for entry in requests:
        tries, identity = entry.sdk_tries, entry.identity
        waiting = failed.get((identity, tries - 1), []) if identity and tries else []
        chain = next((chain for chain in waiting if _is_over(chain.last, entry)), None)
        if chain:
            waiting.remove(chain)
            chain.add(entry, "sdk")
        else:
            chain = Call([entry])
            chains.append(chain)
        if entry.bad and identity and tries is not None:
            failed.setdefault((identity, tries), []).append(chain)
    return chains


def _by_new_links(requests: list[Entry]) -> set[Entry]:
    """Return the requests that opened a connection."""
    links: set[int] = set()
    new = set()
    for entry in requests:
        if entry.link and entry.link.number not in links:
            links.add(entry.link.number)
            new.add(entry)
    return new


def _is_alone(entry: Entry) -> bool:
    """Tell whether a client opens a connection for each request and leaves the one before open for a while."""
    return entry.exchange.headers.get("user-agent", "").startswith("python-requests/")


def _crowded(requests: list[Entry]) -> set[str]:
    """Return what is sent again while the same is under way: by several tasks, then."""
    crowded = set()
    until: dict[str, float] = {}
    for entry in requests:
        if entry.identity is None:
            continue
        if entry.trace.arrived < until.get(entry.identity, 0.0):
            crowded.add(entry.identity)
        known = entry.trace.begun or entry.trace.ended or entry.trace.arrived
        until[entry.identity] = max(until.get(entry.identity, 0.0), known)
    return crowded


def _is_over(before: Entry, after: Entry) -> bool:
    """Tell whether a client could know how a request went when it sent another one."""
    over = before.trace.begun if before.trace.begun is not None else before.trace.ended
    return over is not None and over <= after.trace.arrived


def _repeats(before: Entry, after: Entry, *, opens: bool) -> bool:
    """Tell whether a loop can have sent a request again because another one that is the same went wrong.

    Args:
        before: the other one.
        after: the request.
        opens: whether it opened a connection though it might have used that of the other one, if that was free.
    """
    if not _is_over(before, after):
        return False
    if not opens or before.link is None or before.link is after.link:
        return True
    return before.link.closed is not None and before.link.closed <= after.trace.arrived
