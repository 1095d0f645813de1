"""Judges a journal."""

from collections.abc import Iterable

from ..stages.journal import Exchange
from . import answers, clients, repeats, usage, waits
from .calls import calls_of, entries
from .findings import Seen, Unknown, Verdict, gathered, seen
from .outcome import Outcome


def judge(exchanges: Iterable[Exchange], outcome: Outcome | None = None) -> Verdict:
    """Return the verdict: what a client did wrong.

    Args:
        exchanges: the client's requests, from a journal.
        outcome: what it did with the answers. Without this, some things cannot be known.
    """
    outcome = outcome or Outcome()
    requests = entries(exchanges)
    calls = calls_of(requests)
    places: list[Seen | Unknown] = [
        *waits.found(calls),
        *repeats.found(calls),
        *clients.no_timeout(requests, outcome),
        *clients.client_per_call(calls),
        *clients.key_elsewhere(requests),
        *answers.found(requests, outcome),
        *usage.found(requests, outcome),
    ]
    if outcome.late and outcome.within is not None:
        places.append(seen("over_deadline", "late", seconds=waits.text(outcome.within)))
    findings = gathered([place for place in places if isinstance(place, Seen)])
    unknown = tuple(place for place in places if isinstance(place, Unknown))
    return Verdict(findings, unknown, len(requests))
