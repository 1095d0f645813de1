"""The structure of an answer: status, members with their JSON types, order of events, and error, but no texts."""

import contextlib
import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import groupby
from typing import Any

Members = dict[str, str]
"""JSON types by path: `choices[]/message/content`. In a list, objects with a `type` are named by it:
`output[message]/id`."""

TYPES: dict[type, str] = {
    bool: "bool",
    dict: "obj",
    float: "num",
    int: "num",
    list: "list",
    str: "str",
    type(None): "null",
}
FREE = frozenset(
    (
        *("json_schema", "metadata", "output_schema", "parameters", "input_schema", "schema"),
        *("categories", "category_applied_input_types", "category_scores", "embedding"),
    )
)
"""What is not examined: objects whose keys come from the caller, objects of categories, and vectors."""

TOLD = (
    *("background", "error", "frequency_penalty", "max_output_tokens", "max_tool_calls", "object"),
    *("parallel_tool_calls", "presence_penalty", "prompt_cache_key", "prompt_cache_retention", "reasoning/context"),
    *("reasoning/effort", "reasoning/mode", "reasoning/summary", "safety_identifier", "service_tier", "store"),
    *("temperature", "text/format/description", "text/format/name", "text/format/strict", "text/format/type"),
    *("text/verbosity", "tool_choice", "top_logprobs", "top_p", "truncation"),
)
"""Members whose value follows from request, model and date, so it can be compared."""

DONE = "[DONE]"
ANY = "?"
"""The type of a member if a recording does not say it."""


@dataclass(slots=True)
class Shape:
    """The structure of an answer.

    `parts` has its members: for a JSON object under an empty name, for a stream by event name or kind of chunk. `order`
    is the order of a stream without repetitions, and `items` is the order of each output item of a response, by the
    item's type. `values` has the values that follow from the request. `headers` has names in lower case.
    """

    status: int
    media_type: str | None = None
    error: Mapping[str, Any] | None = None
    parts: dict[str, Members] = field(default_factory=dict)
    order: tuple[str, ...] = ()
    items: dict[str, set[str]] = field(default_factory=dict)
    values: dict[str, Any] = field(default_factory=dict)
    headers: frozenset[str] = frozenset()


HEADERS = re.compile(r"x-request-id|openai-.+|x-ratelimit-.+")
"""The names of headers that are compared: the API's own headers that clients read."""


def shape(status: int, content_type: str | None, body: bytes, headers: Iterable[str] = ()) -> Shape:
    """Return the structure of an answer as it was sent, and which of its headers are compared."""
    found = _shape(status, content_type, body)
    found.headers = frozenset(name for name in map(str.lower, headers) if HEADERS.fullmatch(name))
    return found


def _shape(status: int, content_type: str | None, body: bytes) -> Shape:
    media_type = (content_type or "").partition(";")[0].strip().lower() or None
    if media_type == "text/event-stream":
        return _of_stream(status, list(frames(body)))
    try:
        parsed = json.loads(body or b"null")
    except ValueError:
        return Shape(status, media_type)
    if status >= 400 and isinstance(parsed, dict) and isinstance(parsed.get("error"), dict):
        return Shape(status, media_type, error=parsed["error"])
    return Shape(status, media_type, parts={"": members(parsed)}, values=values(parsed))


def frames(body: bytes) -> Iterator[Any]:
    """Yield the parsed data of a stream's frames, including `[DONE]`. A frame that is cut off is left out."""
    for line in body.decode("utf-8", "replace").split("\n"):
        name, _, said = line.partition(":")
        said = said.strip()
        if name == "data" and said == DONE:
            yield DONE
        elif name == "data":
            with contextlib.suppress(ValueError):
                yield json.loads(said)


def members(value: Any) -> Members:
    """Return the JSON types of all members of a value by path. Several types are joined by a slash."""
    found: dict[str, set[str]] = {}
    _walk(value, "", found)
    found.pop("", None)
    return {path: "/".join(sorted(types)) for path, types in found.items()}


def _walk(value: Any, path: str, found: dict[str, set[str]]) -> None:
    found.setdefault(path, set()).add(TYPES[type(value)])
    if path.rpartition("/")[2] in FREE:
        return
    if isinstance(value, dict):
        for key, inner in value.items():
            _walk(inner, f"{path}/{key}" if path else key, found)
    elif isinstance(value, list):
        for inner in value:
            kind = inner.get("type") if isinstance(inner, dict) else ""
            _walk(inner, f"{path}[{kind if isinstance(kind, str) else ''}]", found)


def values(value: Any) -> dict[str, Any]:
    """Return the values of an object that follow from the request."""
    found = {}
    for path in TOLD:
        inner = value
        for key in path.split("/"):
            inner = inner.get(key, ...) if isinstance(inner, dict) else ...
        if inner is not ... and not isinstance(inner, dict | list):
            found[path] = inner
    return found


def _of_stream(status: int, events: list[Any]) -> Shape:
    named = any(isinstance(event, dict) and str(event.get("type", "")).startswith("response.") for event in events)
    return _of_events(status, events) if named else _of_chunks(status, events)


def _of_events(status: int, events: Iterable[Any]) -> Shape:
    """Return the structure of a stream of the Responses API."""
    around: list[str] = []
    parts: dict[str, list[dict[str, Any]]] = {}
    of_items: dict[int, list[str]] = {}
    types: dict[int, str] = {}
    told: dict[str, Any] = {}
    for event in events:
        if not isinstance(event, dict):
            continue
        name = str(event.get("type", ""))
        parts.setdefault(name, []).append(event)
        if "output_index" in event:
            of_items.setdefault(event["output_index"], []).append(name)
            if isinstance(event.get("item"), dict):
                types[event["output_index"]] = event["item"].get("type", "")
        else:
            around.append(name)
        if isinstance(event.get("response"), dict):
            told = values(event["response"])
    items: dict[str, set[str]] = {}
    for index, sequence in of_items.items():
        items.setdefault(types.get(index, ""), set()).add(" > ".join(_once(sequence)))
    joined = {name: joined_members([members(event) for event in same]) for name, same in parts.items()}
    return Shape(status, "text/event-stream", parts=joined, order=tuple(_once(around)), items=items, values=told)


def _of_chunks(status: int, chunks: Iterable[Any]) -> Shape:
    """Return the structure of a stream of Chat Completions."""
    labels: list[str] = []
    parts: dict[str, list[Members]] = {}
    for chunk in chunks:
        labels.append(label(chunk))
        if isinstance(chunk, dict):
            parts.setdefault(labels[-1], []).append(members(chunk))
    joined = {name: joined_members(same) for name, same in parts.items()}
    return Shape(status, "text/event-stream", parts=joined, order=tuple(_once(labels)))


def label(chunk: Any) -> str:
    """Return what a chunk of a chat completion contains."""
    if not isinstance(chunk, dict):
        return str(chunk)
    if not chunk.get("choices"):
        return "usage" if chunk.get("usage") else "nochoices"
    (choice, *_) = chunk["choices"]
    delta = choice.get("delta") or {"content": choice.get("text", "")}
    calls = delta.get("tool_calls")
    if choice.get("finish_reason"):
        return "finish"
    if delta.get("role"):
        return "role+tool" if calls else "role"
    if calls:
        return "tool-first" if calls[0].get("id") else "tool"
    return "content" if "content" in delta or "refusal" in delta else "other"


def joined_members(several: Iterable[Members]) -> Members:
    """Return the members that any of these has, with all of their types."""
    joined: dict[str, set[str]] = {}
    for one in several:
        for path, types in one.items():
            joined.setdefault(path, set()).update(types.split("/"))
    return {path: "/".join(sorted(types)) for path, types in joined.items()}


def _once(names: Iterable[str]) -> list[str]:
    """Return names without repetitions: one of several equal names in a row, and one round of a cycle."""
    single = [name for name, _ in groupby(names)]
    seen = len(single)
    for length in range(2, len(single) // 2 + 1):
        at = 0
        while at + 2 * length <= len(single):
            if single[at : at + length] == single[at + length : at + 2 * length]:
                del single[at : at + length]
            else:
                at += 1
    return single if len(single) == seen else _once(single)
