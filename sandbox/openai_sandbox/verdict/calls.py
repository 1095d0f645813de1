"""The requests of a journal as calls: each is a first attempt and its retries, made by the SDK or by a loop around it.

A retry is the same request again after a failure. When several clients or tasks send the same request, it is not always
clear which of them is retrying. The pairs are then chosen in the client's favor: the earliest failure with the earliest
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
"""Faults that break off a stream."""

GARBLED = ("html_page", "error_as_200", "malformed_json")
"""Faults that make status 200 a failure."""

UNFINISHED = ("incomplete", "failed", "cancelled", "length", "content_filter")
"""What an incomplete answer says about how it ended."""

MODEL_PATHS = ("/responses", "/chat/completions")

VAIN = (400, 401, 403, 404, 413, 422)
SPENT = ("insufficient_quota", "credit_exhausted")
"""Statuses after which the same request cannot succeed, and the faults and codes of a 429 after which it cannot
either."""
LOCKED = "conversation_locked"
"""The code of a 400 after which the same request may succeed."""


@dataclass(eq=False)
class Entry:
    """A request of the journal with its number, counted from 1."""

    number: int
    exchange: Exchange

    @property
    def trace(self) -> Trace:
        """The request's times and connection."""
        return self.exchange.trace

    @property
    def link(self) -> Link | None:
        """Its connection."""
        return self.exchange.trace.link

    @cached_property
    def identity(self) -> str | None:
        """What identifies it as the same request as another. None if the journal has not kept that."""
        exchange = self.exchange
        if exchange.body is None and exchange.method != "GET":
            return None
        return f"{exchange.method} {exchange.path} {json.dumps(exchange.body, sort_keys=True)}"

    @property
    def sdk_tries(self) -> int | None:
        """How many attempts the SDK says it made before. None for other clients."""
        said = self.exchange.headers.get("x-stainless-retry-count", "")
        return int(said) if said.isdigit() else None

    @property
    def streamed(self) -> bool:
        """Whether it asks for a stream."""
        return isinstance(self.exchange.body, dict) and self.exchange.body.get("stream") is True

    @property
    def asks_model(self) -> bool:
        """Whether it asks a model."""
        exchange = self.exchange
        return exchange.method == "POST" and exchange.path.endswith(MODEL_PATHS) and exchange.status == 200

    @property
    def failed(self) -> bool:
        """Whether it got an error or no answer."""
        return self.exchange.status == 0 or self.exchange.status >= 400

    @property
    def cut(self) -> bool:
        """Whether its stream was broken off."""
        return self.asks_model and self.streamed and self.exchange.fault in CUTS

    @cached_property
    def finish(self) -> str | None:
        """How its answer ended, according to the answer."""
        return self.exchange.answer.finish if self.exchange.answer else None

    @property
    def unfinished(self) -> bool:
        """Whether its answer says that it is incomplete."""
        return self.asks_model and self.finish in UNFINISHED

    @property
    def bad(self) -> bool:
        """Whether there is a reason to send it again."""
        return self.failed or self.cut or self.unfinished or self.exchange.fault in GARBLED

    @property
    def vain(self) -> bool:
        """Whether it cannot succeed, however often it is sent."""
        exchange = self.exchange
        spent = exchange.status == 429 and (exchange.fault in SPENT or exchange.code in SPENT)
        refused = exchange.status in VAIN and exchange.code != LOCKED
        return exchange.method == "POST" and (refused or spent)

    @property
    def known(self) -> float | None:
        """The earliest time at which the client could know the result. None if it was never told."""
        trace = self.trace
        if trace.begun is not None:
            return trace.begun
        return trace.ended if trace.delivery == "broken" and self.exchange.fault == "connection_drop" else None


class Retry(NamedTuple):
    """Two consecutive attempts of a call, and whether the SDK or a loop around it made the second."""

    before: Entry
    after: Entry
    by: Literal["sdk", "program"]

    @property
    def wait(self) -> float | None:
        """The longest that the client may have waited between them, in seconds. None if it had no answer to wait
        after."""
        known = self.before.known
        return None if known is None else self.after.trace.arrived - known

    @property
    def starts_anew(self) -> bool:
        """Whether it restarts a call that the SDK gave up after its own retries."""
        return self.by == "program" and self.after.sdk_tries == 0 and bool(self.before.sdk_tries)


@dataclass(eq=False)
class Call:
    """A call: its attempts in order, and who made each one after the first."""

    tries: list[Entry]
    retries: list[Retry] = field(default_factory=list)

    @property
    def last(self) -> Entry:
        """The last try."""
        return self.tries[-1]

    @property
    def multiplied(self) -> bool:
        """Whether a loop around the SDK restarted it."""
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
    """Group requests into calls, in the order of their first attempts.

    The SDK says which of its requests are retries. What the SDK has retried is not counted as a loop's retry.
    """
    crowded, new = _crowded(requests), _by_new_links(requests)
    calls: list[Call] = []
    failed: dict[str, list[Call]] = {}
    for chain in _chains(requests):
        first = chain.tries[0]
        waiting = failed.setdefault(first.identity, []) if first.identity else []
        # A client with a free connection uses it: one that opens a new connection sent this before it knew, or is a
        # different client.
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
    """Return the SDK's calls, with each request from other clients as its own call."""
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
    """Tell whether a client opens a connection for each request and leaves the previous one open for a while."""
    return entry.exchange.headers.get("user-agent", "").startswith("python-requests/")


def _crowded(requests: list[Entry]) -> set[str]:
    """Return the requests sent again while the same one is in progress, so by several tasks."""
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
    """Tell whether a client could know the result of a request when it sent another one."""
    over = before.trace.begun if before.trace.begun is not None else before.trace.ended
    return over is not None and over <= after.trace.arrived


def _repeats(before: Entry, after: Entry, *, opens: bool) -> bool:
    """Tell whether a loop can have sent a request again because an identical one failed.

    Args:
        before: the earlier, identical request.
        after: the request.
        opens: whether it opened a connection although it could have used the earlier one's, if that was free.
    """
    if not _is_over(before, after):
        return False
    if not opens or before.link is None or before.link is after.link:
        return True
    return before.link.closed is not None and before.link.closed <= after.trace.arrived
