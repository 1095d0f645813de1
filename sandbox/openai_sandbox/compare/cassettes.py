"""VCR cassettes in YAML, as VCR.py, Ruby's VCR and their relatives write them. Reading them needs PyYAML."""

import base64
import gzip
import json
import zlib
from collections.abc import Iterator, Mapping
from datetime import date, datetime
from email.utils import parsedate_to_datetime
from typing import Any
from urllib.parse import urlsplit

from .recording import Recording
from .shapes import frames, shape

LISTS = ("interactions", "http_interactions")


class CassetteError(ValueError):
    """A file is no cassette, or cannot be read here. The message says why."""


def exchanges(file: str, text: str) -> Iterator[Recording]:
    """Yield the exchanges of a cassette, the text of a `file`.

    Raises:
        CassetteError: it is none, or PyYAML is not installed.
    """
    try:
        import yaml
    except ImportError:
        raise CassetteError(
            "cassettes need a package that reads YAML: pip install 'openai-sandbox[cassettes]'"
        ) from None
    try:
        loaded = yaml.load(text, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))  # noqa: S506 - safe ones
    except yaml.YAMLError as problem:
        raise CassetteError(f"not YAML: {' '.join(str(problem).split())}") from None
    found = next((loaded[name] for name in LISTS if name in loaded), None) if isinstance(loaded, dict) else None
    if not isinstance(found, list):
        raise CassetteError("not a cassette: expected a list under 'interactions' or 'http_interactions'")
    return (_exchange(f"{file}#{number}", entry) for number, entry in enumerate(found))


def _exchange(id: str, found: Mapping[str, Any]) -> Recording:
    request, response = found["request"], found["response"]
    headers = _headers(response)
    status = response["status"]
    where = urlsplit(str(request.get("uri") or request.get("url")))
    sent = _body(request, _headers(request))
    try:
        parsed = json.loads(sent) if sent else None
    except ValueError:
        parsed = None
    answer_type, answer = headers.get("content-type", "application/json"), _body(response, headers)
    code = int(status["code"] if isinstance(status, dict) else status)
    return Recording(
        id=id,
        recorded=_day(found.get("recorded_at"), headers.get("date")),
        method=str(request["method"]).upper(),
        path=where.path,
        query=where.query,
        body=parsed if isinstance(parsed, dict) else sent or None,
        content_type=_headers(request).get("content-type", "application/json"),
        live=shape(code, answer_type, answer, headers),
        answer=answered(answer_type, answer),
    )


def _headers(message: Mapping[str, Any]) -> dict[str, str]:
    """Return headers by their names in lower case; of several the first."""
    return {
        str(name).lower(): str(value[0] if isinstance(value, list) and value else value)
        for name, value in (message.get("headers") or {}).items()
    }


def _body(message: Mapping[str, Any], headers: Mapping[str, str]) -> bytes:
    """Return the bytes of a body, whichever way they were written down, decompressed."""
    if "parsed_body" in message:
        return json.dumps(message["parsed_body"]).encode()
    body = message.get("body")
    if isinstance(body, dict):
        packed = body.get("base64_string")
        body = base64.b64decode(packed) if packed else body.get("string")
    sent = body if isinstance(body, bytes) else str(body or "").encode("utf-8", "surrogatepass")
    if sent[:2] == b"\x1f\x8b":
        return gzip.decompress(sent)
    if headers.get("content-encoding") == "deflate":
        return zlib.decompress(sent)
    return sent


def _day(recorded: Any, header: str | None) -> date | None:
    """Return the day of an exchange: as the recorder noted it, else as the answer's header has it."""
    if isinstance(recorded, datetime):
        return recorded.date()
    for text, read in ((header, parsedate_to_datetime), (recorded, parsedate_to_datetime)):
        try:
            return read(text).date() if text else None
        except (TypeError, ValueError):
            continue
    try:
        return date.fromisoformat(str(recorded)[:10])
    except ValueError:
        return None


def answered(content_type: str, body: bytes) -> dict[str, Any] | None:
    """Return the object of an answer: the body, or what the last event of a streamed Response carries."""
    try:
        if content_type.startswith("text/event-stream"):
            whole = [event.get("response") for event in frames(body) if isinstance(event, dict)]
            found = next((response for response in reversed(whole) if response), None)
        else:
            found = json.loads(body)
    except ValueError:
        return None
    return found if isinstance(found, dict) else None
