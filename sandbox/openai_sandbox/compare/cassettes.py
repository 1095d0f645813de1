"""Reads cassettes of this package and of VCR as recordings that can be compared."""

import json
from datetime import date
from typing import Any

from ..cassettes import document, messages, vcr
from ..cassettes.messages import Exchange
from .recording import Recording
from .shapes import frames, shape


def is_cassette(text: str) -> bool:
    """Tell whether JSON is a cassette, not a recording in another form."""
    return document.is_cassette(text) or any(f'"{name}"' in text[:4000] for name in vcr.LISTS)


def recordings(file: str, text: str, path: str) -> list[Recording]:
    """Return the exchanges of a cassette. `file` names them in reports, `path` in messages.

    Raises:
        CassetteError: it is not a cassette, or PyYAML is not installed.
    """
    own = document.is_cassette(text)
    exchanges = document.read(text, path)[0] if own else vcr.exchanges(text, path)
    return [_recording(f"{file}#{number}", exchange) for number, exchange in enumerate(exchanges, int(own))]


def _recording(id: str, exchange: Exchange) -> Recording:
    request, response = exchange["request"], exchange["response"]
    parsed = request.get("json")
    headers = response.get("headers", {})
    answer_type, answer = headers.get("content-type", "application/json"), messages.raw_body(response)
    return Recording(
        id=id,
        recorded=_day(exchange.get("recorded")),
        method=request["method"],
        path=request["path"],
        query=request.get("query", ""),
        body=parsed if isinstance(parsed, dict) else messages.raw_body(request) or None,
        content_type=messages.content_type(request),
        live=shape(response["status"], answer_type, answer, headers),
        answer=answered(answer_type, answer),
    )


def _day(recorded: str | None) -> date | None:
    try:
        return date.fromisoformat((recorded or "")[:10])
    except ValueError:
        return None


def answered(content_type: str, body: bytes) -> dict[str, Any] | None:
    """Return the object in an answer: the body, or the object in the last event of a streamed response."""
    try:
        if content_type.startswith("text/event-stream"):
            whole = [event.get("response") for event in frames(body) if isinstance(event, dict)]
            found = next((response for response in reversed(whole) if response), None)
        else:
            found = json.loads(body)
    except ValueError:
        return None
    return found if isinstance(found, dict) else None
