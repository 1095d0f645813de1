"""Reads recordings of the live API: JSON lines, cassettes, and VCR cassettes."""

import json
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from ..cassettes import CassetteError
from . import RecordingError, cassettes
from .recording import Recording
from .shapes import ANY, Shape, shape

AROUND = {f"response.{name}" for name in ("created", "queued", "in_progress", "completed", "incomplete", "failed")}
# How events reveal the kind of an item.
SIGNS = {
    "function_call_arguments": "function_call",
    "content_part": "message",
    "web_search": "web_search_call",
    "_call": "other",
}

SUFFIXES = (".json", ".jsonl", ".yaml", ".yml")


def read_all(paths: Iterable[Path]) -> Iterator[list[Recording]]:
    """Yield the exchanges in each file. For a folder, read all files below it whose suffix is that of a recording.

    Raises:
        RecordingError: a file is not a recording, or a folder has none.
    """
    for path in paths:
        if not path.is_dir():
            yield read(path)
            continue
        found = sorted(file for file in path.rglob("*") if file.suffix in SUFFIXES)
        if not found:
            raise RecordingError(f"{path}: no recordings: expected files that end in {', '.join(SUFFIXES)}")
        yield from map(read, found)


def read(path: Path) -> list[Recording]:
    """Return the exchanges in a file, in its order.

    `.json` can be a cassette, and `.yaml` and `.yml` are VCR cassettes: see `openai_sandbox.cassettes`. `.jsonl`, and
    any other `.json`, has JSON lines or one JSON document: objects with `path`, `request`, `recorded` and `live`; see
    `of_line`.

    Raises:
        RecordingError: the file cannot be read, or is neither.
    """
    if path.suffix not in SUFFIXES:
        raise RecordingError(f"{path}: expected a file that ends in {', '.join(SUFFIXES)}, or a folder of such files")
    try:
        text = path.read_text("utf-8")
    except (OSError, UnicodeDecodeError) as problem:
        raise RecordingError(f"{path}: cannot be read: {problem}") from None
    try:
        if path.suffix in (".yaml", ".yml") or (path.suffix == ".json" and cassettes.is_cassette(text)):
            return cassettes.recordings(path.name, text, str(path))
        return [of_line(f"{path.name}#{number}", line) for number, line in enumerate(_lines(path, text))]
    except CassetteError as problem:
        raise RecordingError(str(problem)) from None
    except (KeyError, TypeError, AttributeError, ValueError) as problem:
        if isinstance(problem, RecordingError):
            raise
        raise RecordingError(f"{path}: not a recording: {type(problem).__name__}: {problem}") from None


def _lines(path: Path, text: str) -> Iterator[dict[str, Any]]:
    lines = text.splitlines() if path.suffix == ".jsonl" else [text]
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        try:
            parsed = json.loads(line)
        except ValueError as problem:
            raise RecordingError(f"{path}:{number}: not JSON: {problem}") from None
        if not isinstance(parsed, dict) or not {"path", "live"} <= parsed.keys():
            raise RecordingError(f"{path}:{number}: expected an object with 'path', 'request' and 'live'")
        yield parsed


def of_line(id: str, line: dict[str, Any]) -> Recording:
    """Return the exchange of one JSON object.

    `path`, `request` (a JSON object or null), and optionally `method`, `recorded` (a day, YYYY-MM-DD) and `id` say what
    was sent. `live` says what was answered: `status`, `content_type`, and either the `body` (a JSON value or the text
    of a stream) or its structure: `members`; `events`, `head`, `tail` and `items`; `chunks` and `sequence`; `keys`,
    without types, and `events`; or the `error`. With a `body`, `headers` may name its headers.
    """
    live = line["live"]
    request = line.get("request")
    where = urlsplit(line["path"])
    answer = None
    if "body" in live:
        said = live["body"]
        sent = said if isinstance(said, str) else json.dumps(said)
        content_type = live.get("content_type") or (
            "text/event-stream" if isinstance(said, str) else "application/json"
        )
        found = shape(live["status"], content_type, sent.encode(), live.get("headers", ()))
        answer = cassettes.answered(content_type, sent.encode())
    else:
        found = _of_structure(live)
    return Recording(
        id=line.get("id", id),
        recorded=_day(line.get("recorded")),
        method=line.get("method") or ("GET" if request is None else "POST"),
        path=where.path,
        query=where.query,
        body=request,
        content_type="application/json",
        live=found,
        answer=answer,
    )


def _of_structure(live: dict[str, Any]) -> Shape:
    """Return a structure that was recorded as such. It leaves out the `type` of events, which is their name."""
    parts, order, items = live.get("members"), live.get("sequence"), live.get("items", {})
    if "keys" in live:
        parts = live["keys"]
        order, items = _split(live.get("events", ()))
    elif parts is None:
        parts = live.get("events") or live.get("chunks") or {}
    by_name = parts if any(isinstance(part, dict | list) for part in _values(parts)) else {"": parts} if parts else {}
    return Shape(
        live["status"],
        live.get("content_type"),
        live.get("error"),
        {name: part if isinstance(part, dict) else dict.fromkeys(part, ANY) for name, part in by_name.items()},
        tuple(order or [*live.get("head", ()), *live.get("tail", ())]),
        {kind: set(sequences) for kind, sequences in items.items()},
        live.get("values", {}),
    )


def _values(parts: Any) -> Iterable[Any]:
    return parts.values() if isinstance(parts, dict) else ()


def _split(events: Sequence[str]) -> tuple[list[str], dict[str, list[str]]]:
    """Return the events around the items of a stream, and the order of each item by its apparent kind."""
    around: list[str] = []
    items: dict[str, list[str]] = {}
    item: list[str] = []
    for name in events:
        if not name.startswith("response.") or name in AROUND:
            around.append(name)
            continue
        item.append(name)
        if name == "response.output_item.done":
            text = " > ".join(item)
            kind = next((kind for sign, kind in SIGNS.items() if sign in text), "reasoning")
            items.setdefault(kind, []).append(text)
            item = []
    return around, items


def _day(text: Any) -> date | None:
    try:
        return date.fromisoformat(str(text)[:10])
    except ValueError:
        return None
