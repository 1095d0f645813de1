"""What a cassette keeps of a message: its body as JSON, text or base64, as the parts of a form, or as timed events.

A body is a member of the message, named after its kind. A message without a body has no such member.
"""

import base64
import hashlib
import json
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Literal, NotRequired, Required, TypedDict

from ..wire import form as forms
from ..wire.errors import APIError
from ..wire.messages import Request

Ending = Literal["cut"]


class Part(TypedDict, total=False):
    """A field or a file of a form. For large content, only the length and hash are kept."""

    name: Required[str]
    filename: str
    content_type: str
    text: str
    base64: str
    bytes: int
    sha256: str


class Event(TypedDict, total=False):
    """One frame of a stream, with `after` in seconds: its JSON or other data, or its raw text."""

    after: Required[float]
    event: str
    json: Any
    data: str
    raw: str


class Sent(TypedDict, total=False):
    """A request, with the headers that say something about it."""

    method: Required[str]
    path: Required[str]
    query: str
    headers: dict[str, str]
    json: Any
    text: str
    base64: str
    form: list[Part]


class Answer(TypedDict, total=False):
    """An answer. `after` is the time until its headers came, in seconds. `ending` says that it was cut off."""

    status: Required[int]
    after: Required[float]
    headers: dict[str, str]
    json: Any
    text: str
    base64: str
    events: list[Event]
    ending: Ending


class Exchange(TypedDict):
    """A request and its answer. `recorded` is an ISO date and time, in UTC."""

    recorded: NotRequired[str]
    request: Sent
    response: Answer


BODIES = ("json", "text", "base64", "form", "events")
"""The member names for a body. A message has at most one of them."""

KEPT_HEADERS = ("content-type", "openai-beta")
"""The request headers that are kept: the others belong to the client or name an account."""

MOST_KEPT = 1_000_000
"""Uploaded files are kept up to this size, in bytes."""

BOUNDARY = "openai-sandbox-cassette"
EVENT_STREAM = "text/event-stream"
FRAME = re.compile(r"(?:event: (?P<event>[^\r\n]+)\n)?data: (?P<data>[^\r\n]*)\n\n")


def of_request(request: Request) -> Sent:
    """Return what a cassette keeps of a request, before it is scrubbed."""
    content_type = request.headers.get("content-type", "")
    sent: Sent = {"method": request.method, "path": request.path}
    if request.query:
        sent["query"] = request.query
    if kept := {name: request.headers[name] for name in KEPT_HEADERS if name in request.headers}:
        sent["headers"] = kept
    sent.update(body(content_type, request.body, is_request=True))  # type: ignore[typeddict-item]
    return sent


def body(content_type: str, raw: bytes, *, is_request: bool = False) -> dict[str, Any]:
    """Return the member that holds a body. A request may be JSON, whatever its content type says."""
    if not raw:
        return {}
    if is_request and (parts := _form(content_type, raw)) is not None:
        return {"form": parts}
    media_type = content_type.partition(";")[0].strip().lower()
    if is_request or media_type == "application/json" or media_type.endswith("+json"):
        try:
            return {"json": parsed(raw)}
        except ValueError:
            pass
    return _text_or_base64(raw)


def parsed(text: bytes | str) -> Any:
    """Parse JSON text.

    Raises:
        ValueError: it is not JSON, or holds a number that JSON does not have.
    """
    try:
        return json.loads(text, parse_constant=_refused)
    except RecursionError:
        raise ValueError("too deep") from None


def _refused(name: str) -> None:
    raise ValueError(f"{name} is not JSON")


def _form(content_type: str, raw: bytes) -> list[Part] | None:
    try:
        parts = forms.parts(content_type, raw)
    except APIError:
        return None
    return None if parts is None else [_part(part) for part in parts]


def _part(part: forms.Part) -> Part:
    found: Part = {"name": part.name}
    if part.filename is not None:
        found["filename"] = part.filename
    if part.content_type:
        found["content_type"] = part.content_type
    found.update(_text_or_base64(part.content))  # type: ignore[typeddict-item]
    return found


def _text_or_base64(raw: bytes) -> dict[str, Any]:
    try:
        return {"text": raw.decode("utf-8")}
    except UnicodeDecodeError:
        return {"base64": base64.b64encode(raw).decode("ascii")}


def shortened(sent: Sent) -> Sent:
    """Return a request without the content of large files."""
    if "form" not in sent:
        return sent
    return sent | {"form": [_shortened(part) for part in sent["form"]]}


def _shortened(part: Part) -> Part:
    content = part_content(part)
    if content is None or len(content) <= MOST_KEPT:
        return part
    short = {name: value for name, value in part.items() if name not in ("text", "base64")}
    return short | {"bytes": len(content), "sha256": hashlib.sha256(content).hexdigest()}  # type: ignore[return-value]


def part_content(part: Part) -> bytes | None:
    """Return the content of a part of a form, or None if only its hash was kept."""
    if "sha256" in part:
        return None
    return base64.b64decode(part["base64"]) if "base64" in part else part.get("text", "").encode("utf-8")


def event(frame: bytes, after: float) -> Event:
    """Return a frame of a stream, in a form from which it can be rebuilt."""
    text = frame.decode("utf-8", "replace")
    found = FRAME.fullmatch(text)
    if not found:
        return {"after": after, "raw": text}
    event: Event = {"after": after}
    if found["event"]:
        event["event"] = found["event"]
    try:
        event["json"] = parsed(found["data"])
    except ValueError:
        event["data"] = found["data"]
    return event


def frame(event: Event) -> bytes:
    """Return the bytes of an event."""
    if "raw" in event:
        return event["raw"].encode("utf-8")
    name = b"event: %b\n" % event["event"].encode() if "event" in event else b""
    data = encoded(event["json"]) if "json" in event else event.get("data", "").encode("utf-8")
    return b"%bdata: %b\n\n" % (name, data)


def encoded(value: Any) -> bytes:
    """Return the bytes of JSON as it is sent."""
    try:
        return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode("utf-8")
    except UnicodeEncodeError:  # an unpaired surrogate
        return json.dumps(value, separators=(",", ":")).encode("ascii")


def raw_body(message: Mapping[str, Any]) -> bytes:
    """Return the bytes of a message's body."""
    if "json" in message:
        return encoded(message["json"])
    if "text" in message:
        return str(message["text"]).encode("utf-8", "surrogatepass")
    if "base64" in message:
        return base64.b64decode(message["base64"])
    if "events" in message:
        return b"".join(map(frame, message["events"]))
    return _raw_form(message["form"]) if "form" in message else b""


def content_type(message: Mapping[str, Any]) -> str:
    """Return the content type of a message, with the boundary that `raw_body` puts between the parts of a form."""
    if "form" in message:
        return f"{forms.MULTIPART}; boundary={BOUNDARY}"
    return str((message.get("headers") or {}).get("content-type", "application/json"))


def _raw_form(parts: Sequence[Part]) -> bytes:
    return b"".join(_raw_part(part) for part in parts) + f"--{BOUNDARY}--\r\n".encode()


def _raw_part(part: Part) -> bytes:
    content = part_content(part)
    lines = "".join(f"{line}\r\n" for line in _head(part))
    return f"--{BOUNDARY}\r\n{lines}\r\n".encode() + (bytes(part["bytes"]) if content is None else content) + b"\r\n"


def _head(part: Part) -> Iterator[str]:
    filename = f'; filename="{part["filename"]}"' if "filename" in part else ""
    yield f'Content-Disposition: form-data; name="{part["name"]}"{filename}'
    if "content_type" in part:
        yield f"Content-Type: {part['content_type']}"
