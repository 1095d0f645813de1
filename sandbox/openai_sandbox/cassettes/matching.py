"""Which parts of a request decide which recording answers it, and how two requests differ in them."""

import hashlib
import json
from collections.abc import Iterator
from typing import Any, NamedTuple
from urllib.parse import parse_qsl

from .messages import Part, Sent, part_content

VOLATILE = ("metadata", "prompt_cache_key", "prompt_cache_retention", "safety_identifier", "user")
"""Members of a request to a model that do not change its answer. They often hold ids that vary with each run."""

LONGEST_VALUE = 60
ABSENT = object()


class Difference(NamedTuple):
    """A member that differs: where it is, and how it was recorded and sent, shortened."""

    place: str
    recorded: str
    sent: str

    def __str__(self) -> str:
        """Return it in words."""
        return f"{self.place}: {self.recorded} in the recording, {self.sent} in the request"


def compared(sent: Sent) -> dict[str, Any]:
    """Return the parts of a scrubbed request that are compared.

    Headers are not compared, and neither is the boundary of a form: its fields and the content of its files count, but
    not the names of the files. In JSON, null means the same as an absent member, and so does `"stream": false`.
    """
    found: dict[str, Any] = {"method": sent["method"], "path": sent["path"]}
    if query := sorted(parse_qsl(sent.get("query", ""), keep_blank_values=True)):
        found["query"] = [list(pair) for pair in query]
    if "json" in sent:
        found["body"] = _json(sent["json"])
    elif "form" in sent:
        found["body"] = sorted((_part(part) for part in sent["form"]), key=lambda part: sorted(part.items()))
    elif "text" in sent or "base64" in sent:
        found["body"] = sent.get("text", sent.get("base64"))
    return found


def key(sent: Sent) -> str:
    """Return a text that is the same for requests that the same recordings answer."""
    return json.dumps(compared(sent), sort_keys=True)


def _json(body: Any) -> Any:
    if not isinstance(body, dict):
        return _plain(body)
    kept = {name: value for name, value in body.items() if value is not None}
    if kept.get("stream") is False:
        del kept["stream"]
    if "model" in kept:
        kept = {name: value for name, value in kept.items() if name not in VOLATILE}
    if isinstance(kept.get("stream_options"), dict):
        # It pads the events of a stream with random text.
        options = {name: value for name, value in kept["stream_options"].items() if name != "include_obfuscation"}
        kept |= {"stream_options": options}
        if not options:
            del kept["stream_options"]
    return _plain(kept)


def _plain(value: Any) -> Any:
    """Return JSON in which equal numbers are written the same way."""
    if isinstance(value, dict):
        return {name: _plain(inner) for name, inner in value.items()}
    if isinstance(value, list):
        return [_plain(inner) for inner in value]
    return int(value) if isinstance(value, float) and value.is_integer() else value


def _part(part: Part) -> dict[str, str]:
    if "filename" not in part and "text" in part:
        return {"name": part["name"], "value": part["text"]}
    content = part_content(part)
    found = part["sha256"] if content is None else hashlib.sha256(content).hexdigest()
    return {"name": part["name"], "sha256": found}


def differences(recorded: Sent, sent: Sent) -> list[Difference]:
    """Return what differs, in the order of the recording's members."""
    of_recording, of_request = (dict(_leaves(compared(one), "")) for one in (recorded, sent))
    return [
        Difference(place, *_described(of_recording.get(place, ABSENT), of_request.get(place, ABSENT)))
        for place in of_recording | of_request
        if of_recording.get(place, ABSENT) != of_request.get(place, ABSENT)
    ]


def _leaves(value: Any, place: str) -> Iterator[tuple[str, Any]]:
    """Yield every value that is not an object or list, with its path. Members of the body are named without it."""
    if isinstance(value, dict) and value:
        for name, inner in value.items():
            yield from _leaves(inner, "" if (place, name) == ("", "body") else f"{place}.{name}" if place else name)
    elif isinstance(value, list) and value:
        for index, inner in enumerate(value):
            yield from _leaves(inner, f"{place}[{index}]")
    else:
        yield place or "body", value


def _described(recorded: Any, sent: Any) -> tuple[str, str]:
    start = 0
    if isinstance(recorded, str) and isinstance(sent, str):
        while start < min(len(recorded), len(sent)) and recorded[start] == sent[start]:
            start += 1
    # For long texts, show what is around the first difference.
    start = max(0, start - LONGEST_VALUE // 3)
    return _short(recorded, start), _short(sent, start)


def _short(value: Any, start: int) -> str:
    if value is ABSENT:
        return "absent"
    if not isinstance(value, str):
        return json.dumps(value)
    if len(value) <= LONGEST_VALUE:
        return repr(value)
    begins, ends = "..." if start else "", "..." if start + LONGEST_VALUE < len(value) else ""
    return repr(f"{begins}{value[start : start + LONGEST_VALUE]}{ends}")
