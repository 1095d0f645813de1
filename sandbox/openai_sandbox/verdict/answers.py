"""Findings about incomplete answers: streams that broke off, and answers that say they are incomplete."""

from collections.abc import Iterator, Mapping
from typing import Any

from ..scripts.seen import api_of, seen_alone
from .calls import Entry
from .findings import Seen, Unknown, seen
from .outcome import Outcome

TINY = 10
"""A cap this low, in tokens, is meant to be reached: for a single word or a number."""

MOST_SHOWN = 40


def found(requests: list[Entry], outcome: Outcome) -> Iterator[Seen | Unknown]:
    """Yield the answers that were treated as complete, and those where that is not known."""
    for index, entry in enumerate(requests):
        kind = "cut_stream_accepted" if entry.cut else "status_ignored" if entry.unfinished else None
        if kind is None or _is_meant(entry) or _is_followed(entry, requests[index + 1 :]):
            continue
        answer = entry.exchange.answer
        text = answer.text if answer else ""
        reaction = outcome.reaction(text, _prompt(entry))
        if reaction == "unknown":
            what = "its stream broke off" if entry.cut else f"its answer ended as {entry.finish}"
            yield Unknown(kind, (entry.number,), f"{what}; whether the program noticed cannot be seen from here")
        elif reaction != "noticed":
            shown = f" after {text[-MOST_SHOWN:]!r}" if text else ""
            end = "the program went on and said nothing about it"
            values = {"number": entry.number, "text": shown, "finish": entry.finish, "end": end}
            yield seen(kind, reaction, entry.number, **values)


def _is_meant(entry: Entry) -> bool:
    """Tell whether the answer was cut off by a cap so low that it was meant to be."""
    if entry.exchange.fault or entry.finish not in ("length", "incomplete"):
        return False
    body = entry.exchange.body
    caps = [body.get(name) for name in ("max_output_tokens", "max_completion_tokens", "max_tokens")]
    return any(isinstance(cap, int) and cap <= TINY for cap in caps)


def _is_followed(entry: Entry, later: list[Entry]) -> bool:
    """Tell whether the program followed up: it asked again in some way, or retrieved the response."""
    asked, id = _prompt(entry), entry.exchange.answer and entry.exchange.answer.id
    for other in later:
        if asked and _prompt(other) == asked:
            return True
        body: Mapping[str, Any] = other.exchange.body if isinstance(other.exchange.body, dict) else {}
        if id and (id in other.exchange.path or body.get("previous_response_id") == id):
            return True
    return False


def _prompt(entry: Entry) -> str:
    """Return the user's last message, or an empty string if no model was asked."""
    exchange = entry.exchange
    api = api_of(exchange.method, exchange.path)
    return seen_alone(api, exchange.body).text if api and isinstance(exchange.body, dict) else ""
