"""Answers from cassettes: each recording is used once, and equal requests are answered in recorded order."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from ..faults import Fault
from ..stages.fault import broken
from ..stages.latency import Latency
from ..wire.errors import APIError, error
from ..wire.messages import Reply, Request
from . import matching, messages
from .file import read
from .messages import Answer, Exchange
from .scrubbing import Scrubber

MOST_DIFFERENCES = 4
CODE = "recording_missing"
MARK = {"x-sandbox": "replay"}


@dataclass(slots=True)
class Recording:
    """An exchange in a cassette. `name` says where it is."""

    name: str
    exchange: Exchange
    key: str
    used: bool = False

    @property
    def request(self) -> str:
        """What was asked, in short."""
        sent = self.exchange["request"]
        return f"{sent['method']} {sent['path']}"


@dataclass(slots=True)
class _Equal:
    """The recordings of equal requests, and how many of them have been used."""

    recordings: list[Recording] = field(default_factory=list)
    used: int = 0


class Player:
    """Answers requests from cassettes. It is not thread-safe: a core has a lock for that.

    Args:
        cassettes: pairs of what messages call the file, and its exchanges.
        scrubber: what the cassettes were scrubbed with.
    """

    def __init__(self, cassettes: Iterable[tuple[str, Sequence[Exchange]]], scrubber: Scrubber) -> None:
        self._scrubber = scrubber
        self._names: list[str] = []
        self._recordings: list[Recording] = []
        self._equal: dict[str, _Equal] = {}
        for name, exchanges in cassettes:
            self._names.append(name)
            for number, exchange in enumerate(exchanges, 1):
                sent = scrubber.request(exchange["request"], exchange["request"].get("headers", {}))
                recording = Recording(f"{name}#{number}", {**exchange, "request": sent}, matching.key(sent))
                self._recordings.append(recording)
                self._equal.setdefault(recording.key, _Equal()).recordings.append(recording)

    @classmethod
    def of_files(cls, paths: Iterable[Path], scrubber: Scrubber) -> "Player":
        """Return a player for these files.

        Raises:
            CassetteError: one of them is not a cassette.
        """
        return cls([(path.name, read(path)) for path in paths], scrubber)

    @property
    def described(self) -> str:
        """How many recordings it has, and from which files."""
        count = len(self._recordings)
        return f"{count} recording{'' if count == 1 else 's'} from {', '.join(self._names)}"

    @property
    def unused(self) -> list[Recording]:
        """The recordings that have answered nothing yet."""
        return [recording for recording in self._recordings if not recording.used]

    def find(self, request: Request) -> Answer | None:
        """Return the next recorded answer to a request, or None. It will not be returned again."""
        equal = self._equal.get(matching.key(self._sent(request)))
        if equal is None or equal.used == len(equal.recordings):
            return None
        recording = equal.recordings[equal.used]
        equal.used += 1
        recording.used = True
        return recording.exchange["response"]

    def miss(self, request: Request) -> APIError:
        """Return the error for a request that has no recording, or none left."""
        names = ", ".join(self._names) or "no cassette"
        return error(CODE, names=names, request=f"{request.method} {request.path}", reason=self._reason(request))

    def _sent(self, request: Request) -> messages.Sent:
        return self._scrubber.request(messages.of_request(request), request.headers)

    def _reason(self, request: Request) -> str:
        sent = self._sent(request)
        if equal := self._equal.get(matching.key(sent)):
            used = ", ".join(recording.name for recording in equal.recordings)
            return f"Each recording answers once, and those for this request have been used: {used}."
        there = [one for one in self._recordings if _asks_the_same(one.exchange["request"], sent)]
        if not there:
            asked = Counter(recording.request for recording in self._recordings)
            listed = ", ".join(f"{request} ({count})" for request, count in asked.most_common(5))
            return f"No recording is like it: {listed or 'nothing at all'}."
        found = [(matching.differences(one.exchange["request"], sent), one) for one in there]
        differing, nearest = min(found, key=lambda pair: (len(pair[0]), pair[1].used))
        shown = [str(difference) for difference in differing[:MOST_DIFFERENCES]]
        more = [f"and {len(differing) - len(shown)} more"] if len(differing) > len(shown) else []
        return f"The nearest recording, {nearest.name}, differs. {'; '.join([*shown, *more])}."


def _asks_the_same(recorded: messages.Sent, sent: messages.Sent) -> bool:
    """Tell whether two requests go to the same endpoint, whatever ids are in their paths."""
    return recorded["method"] == sent["method"] and _places(recorded["path"]) == _places(sent["path"])


def _places(path: str) -> list[str]:
    return ["" if any(letter.isdigit() for letter in part) and part != "v1" else part for part in path.split("/")]


def recorded_reply(player: Player, request: Request, fault: Fault | None, latency: Latency) -> Reply | None:
    """Return the recorded reply to a request, cut short if a fault says so, or None.

    A latency that takes time for each token means the recorded times.
    """
    answer = player.find(request)
    if answer is None:
        return None
    as_recorded = latency.per_token > 0
    delay = answer["after"] if as_recorded else latency.first
    headers = answer.get("headers", {}) | MARK
    body: bytes | Iterator[tuple[float, bytes]] = messages.raw_body(answer)
    if "events" in answer:
        body = _pieces(answer["events"], as_recorded)
    cut = answer.get("ending") == "cut"
    if cut and isinstance(body, bytes):
        headers["content-length"] = str(len(body) + 1)  # so that clients notice
    reply = Reply(answer["status"], headers, body, delay, "cut" if cut else "complete")
    if fault is None:
        return reply
    if fault.latency is not None:
        reply.delay = fault.latency
    if fault.kind.name == "end_early" and not isinstance(reply.body, bytes):
        pieces = list(reply.body)[:-1]
        return replace(reply, body=iter(pieces[: len(pieces) // 2 if fault.after is None else fault.after]))
    return broken(reply, fault)


def _pieces(events: Iterable[messages.Event], as_recorded: bool) -> Iterator[tuple[float, bytes]]:
    for event in events:
        yield event["after"] if as_recorded else 0.0, messages.frame(event)
