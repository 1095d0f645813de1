"""What the model answered, kept so that the verdict can tell whether a client handled it correctly.

For most answers only the end is kept. For one with a fault, or one that a cap on its length may cut off, everything
that was sent is kept.
"""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from ..api.shared.prepared import Prepared, PreparedStream
from ..api.shared.result import Result
from ..faults import Fault
from ..wire.events import Event
from ..wire.messages import Reply
from .body import Body

CAPS = ("max_output_tokens", "max_completion_tokens", "max_tokens")

Piece = tuple[float, bytes]


@dataclass(slots=True)
class Answered:
    """An answer of the model, as far as it was sent.

    Args:
        body: the whole of an incomplete answer that is not a stream; the usage of a complete one.
        last: the last event of a stream that the model ended.
        frames: the events of a stream that were sent, if they are kept.
        prepared: a complete answer, or its stream, that was prepared.
    """

    body: Mapping[str, Any] | None = None
    last: Event | None = None
    frames: list[bytes] | None = None
    prepared: Prepared | PreparedStream | None = None

    def note(self, last: Event) -> None:
        """Take the last event of a stream."""
        self.last = last

    @property
    def finish(self) -> str | None:
        """How the answer says it ended: `status` in Responses, `finish_reason` in Chat Completions."""
        if (body := self._body()) is not None:
            return _finish(body)
        return next((said for data in reversed(self._events()) if (said := _finish(_whole(data)))), None)

    @property
    def text(self) -> str:
        """The text, if it is kept."""
        if (body := self._body()) is not None:
            return _text(body)
        deltas = [_delta(data) for data in self._events()]
        return "".join(deltas)

    @property
    def tokens(self) -> int | None:
        """How many tokens in all the answer says it took. None if it does not say."""
        body = self._body()
        told = [body] if body is not None else [_whole(data) for data in self._events()]
        usages = [usage for data in told if isinstance(usage := data.get("usage"), dict)]
        return usages[-1].get("total_tokens") if usages else None

    @property
    def id(self) -> str | None:
        """The id of the response or chat completion."""
        if (body := self._body()) is not None:
            return body.get("id")
        return next((id for data in self._events() if (id := _whole(data).get("id"))), None)

    def _body(self) -> Mapping[str, Any] | None:
        """Return what is kept of an answer that is not a stream."""
        if isinstance(self.prepared, Prepared):
            return {"usage": self.prepared.json().get("usage")}
        return self.body

    def _events(self) -> list[dict[str, Any]]:
        """Return the events that were sent or, if they are not kept, the last one."""
        if isinstance(self.prepared, PreparedStream):
            return [self.prepared.last()]
        if self.frames is not None:
            return [data for frame in self.frames if (data := _data(frame))]
        return [self.last.data] if self.last else []


def answered(result: Result, fault: Fault | None) -> Answered | None:
    """Return what to keep of the model's answer, or None for anything that does not come from the model."""
    if result.authored is None:
        return None
    body = result.body
    if isinstance(body, Prepared | PreparedStream):
        return Answered(prepared=body)
    if not isinstance(body, dict):
        return Answered()
    whole = not _meets(fault) and (body.get("status") or _finish(body)) in ("completed", "stop", "tool_calls")
    return Answered({"usage": body.get("usage")} if whole else body)


def keep(answer: Answered, reply: Reply, fault: Fault | None, body: Body) -> None:
    """Keep what is sent of a stream that may be incomplete."""
    if isinstance(reply.body, bytes) or not (_meets(fault) or any(cap in (body.json or {}) for cap in CAPS)):
        return
    answer.frames = []
    reply.body = _kept(answer.frames, reply.body)


def _meets(fault: Fault | None) -> bool:
    return fault is not None and fault.kind.name != "ok"


def _kept(frames: list[bytes], pieces: Iterator[Piece]) -> Iterator[Piece]:
    for delay, piece in pieces:
        yield delay, piece
        frames.append(piece)


def _data(frame: bytes) -> dict[str, Any] | None:
    _, found, text = frame.partition(b"data: ")
    try:
        data = json.loads(text) if found else None
    except ValueError:  # it ends with [DONE], or a fault has cut the event
        return None
    return data if isinstance(data, dict) else None


def _whole(data: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return the response that a Responses event carries; for other events, the event itself."""
    response = data.get("response")
    return response if isinstance(response, dict) else data


def _finish(data: Mapping[str, Any]) -> str | None:
    for choice in data.get("choices") or ():
        if choice.get("finish_reason") not in (None, "stop", "tool_calls"):
            return str(choice["finish_reason"])
    if data.get("object") == "response":
        return data["status"] if data["status"] not in ("in_progress", "queued") else None
    return next((choice["finish_reason"] for choice in data.get("choices") or () if choice.get("finish_reason")), None)


def _text(data: Mapping[str, Any]) -> str:
    if "choices" in data:
        messages = [choice.get("message") or {} for choice in data["choices"][:1]]
        return "".join(message.get("content") or "" for message in messages)
    parts = [part for item in data.get("output") or () for part in item.get("content") or ()]
    return "".join(part.get("text") or "" for part in parts if part.get("type") == "output_text")


def _delta(data: Mapping[str, Any]) -> str:
    if data.get("type") == "response.output_text.delta":
        return str(data["delta"])
    choices = data.get("choices") or [{}]
    return (choices[0].get("delta") or {}).get("content") or ""
