"""Findings about usage: streams that were left before their last event, or whose request did not ask for usage."""

import re
from collections.abc import Iterator

from .calls import Entry
from .findings import Seen, Unknown, seen
from .outcome import Outcome

KIND = "usage_lost"
NOTHING = r"0(?:\.0+)?|None|null|N/A"
SAID = re.compile(
    rf"(?<!cached )(?<!reasoning )(?<!audio )\b(?:(?:total|prompt|completion|input|output)[_ ])?(?:tokens?|usage)\b"
    rf"[^\d\n]{{0,20}}?(?<![\d.])(?P<after>{NOTHING}|[\d,]+)(?![\d.]*\d|%)|"
    rf"(?<![\d.,])(?P<before>{NOTHING}|[\d,]+) (?:(?:total|prompt|completion|input|output) )?tokens?\b",
    re.IGNORECASE,
)
"""A program's words about tokens, with the number before or after them."""


def found(requests: list[Entry], outcome: Outcome) -> Iterator[Seen | Unknown]:
    """Yield the requests whose usage the program does not have, and those where that is not known."""
    answered = [entry for entry in requests if entry.asks_model and not entry.unfinished]
    left = [] if outcome.interrupted else [entry for entry in answered if _left(entry)]
    for entry in left:
        if _asks(entry):
            yield seen(KIND, "left", entry.number, number=entry.number)
        elif _is_response(entry):
            yield Unknown(
                KIND, (entry.number,), "the client left the stream before the event with its usage, maybe on purpose"
            )
    chats = [entry for entry in answered if entry.streamed and not _is_response(entry)]
    asking = [entry for entry in chats if _asks(entry)]
    silent = [entry for entry in chats if not _asks(entry)]
    if asking and silent:
        for entry in silent:
            yield seen(KIND, "uneven", entry.number, asked=asking[0].number, number=entry.number)
    elif not any(map(_asks, left)) and (streamed := next((entry for entry in answered if entry.streamed), None)):
        yield from _printed(answered, silent[0] if silent else streamed, bool(silent), outcome)


def _left(entry: Entry) -> bool:
    """Tell whether the client closed the connection of a stream before its last event."""
    link, trace = entry.link, entry.trace
    if not (entry.streamed and entry.exchange.fault is None and link and link.closed and trace.ended):
        return False
    return trace.delivery in ("left", "sent") and link.closed < trace.ended


def _is_response(entry: Entry) -> bool:
    return entry.exchange.path.endswith("/responses")


def _asks(entry: Entry) -> bool:
    options = entry.exchange.body.get("stream_options")
    return isinstance(options, dict) and options.get("include_usage") is True


def _printed(answered: list[Entry], entry: Entry, untold: bool, outcome: Outcome) -> Iterator[Seen]:
    """Yield a request whose tokens are missing from the usage that the program printed."""
    told = [tokens for each in answered if each.exchange.answer and (tokens := each.exchange.answer.tokens)]
    for match in SAID.finditer(outcome.printed):
        number = (match["after"] or match["before"]).replace(",", "")
        nothing = re.fullmatch(NOTHING, number, re.IGNORECASE)
        if nothing or (untold and told and number == str(sum(told))):
            yield seen(KIND, "printed", entry.number, number=entry.number, printed=" ".join(match[0].split()))
            return
