"""Reads VCR cassettes as VCR.py, Ruby's VCR and related tools write them, in YAML or JSON. YAML needs PyYAML."""

import base64
import gzip
import json
import zlib
from collections.abc import Mapping
from datetime import UTC, date, datetime
from email.utils import parsedate_to_datetime
from typing import Any
from urllib.parse import urlsplit

from ..wire.events import Events
from ..wire.messages import Request
from . import CassetteError, messages
from .messages import Answer, Exchange

LISTS = ("interactions", "http_interactions")
VERSION, AZURE = "/v1/", "/openai/"


def exchanges(text: str, name: str) -> list[Exchange]:
    """Return the exchanges of a cassette.

    Args:
        text: the document.
        name: what error messages call it.

    Raises:
        CassetteError: it is not a cassette, or PyYAML is not installed.
    """
    loaded = _loaded(text, name)
    found = next((loaded[key] for key in LISTS if key in loaded), None) if isinstance(loaded, dict) else None
    if not isinstance(found, list):
        raise CassetteError(f"{name}: not a cassette: expected a list under 'interactions' or 'http_interactions'")
    made = []
    for number, entry in enumerate(found, 1):
        try:
            made.append(_exchange(entry))
        except (KeyError, TypeError, AttributeError, ValueError, OSError, zlib.error) as problem:
            what = f"{type(problem).__name__}: {problem}"
            raise CassetteError(f"{name}: interaction {number}: not an interaction of VCR: {what}") from None
    return made


def _loaded(text: str, name: str) -> Any:
    if text.lstrip()[:1] == "{":
        try:
            return json.loads(text)
        except ValueError:
            pass  # YAML may also begin like this
    try:
        import yaml
    except ImportError:
        remedy = "pip install 'openai-sandbox[cassettes]'"
        raise CassetteError(f"{name}: cassettes in YAML need a package that reads it: {remedy}") from None
    try:
        return yaml.load(text, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))  # noqa: S506 - safe ones
    except yaml.YAMLError as problem:
        raise CassetteError(f"{name}: not YAML: {' '.join(str(problem).split())}") from None


def _exchange(found: Mapping[str, Any]) -> Exchange:
    request, response = found["request"], found["response"]
    where = urlsplit(str(request.get("uri") or request.get("url")))
    headers, answered = _headers(request), _headers(response)
    raw = _body(request, headers)
    sent = messages.of_request(Request(str(request["method"]).upper(), _path(where.path), headers, raw, where.query))
    status = response["status"]
    answer: Answer = {"status": int(status["code"] if isinstance(status, dict) else status), "after": 0.0}
    content = _body(response, answered)
    # Its length is no longer correct, and neither is its encoding if the body could be decoded.
    left_out = ("content-length", "transfer-encoding", *(("content-encoding",) if _is_text(content) else ()))
    answer["headers"] = {name: value for name, value in answered.items() if name not in left_out}
    media_type = answered.get("content-type", "application/json")
    if media_type.startswith(messages.EVENT_STREAM) and "content-encoding" not in answer["headers"]:
        events = Events()
        frames = events.feed(content)
        answer["events"] = [messages.event(frame, 0.0) for frame in (*frames, events.rest) if frame]
    else:
        answer.update(messages.body(media_type, content))  # type: ignore[typeddict-item]
    exchange: Exchange = {"request": sent, "response": answer}
    if day := _day(found.get("recorded_at"), answered.get("date")):
        exchange["recorded"] = day
    return exchange


def _path(path: str) -> str:
    """Return a path as requests to the sandbox have it: whatever comes before `/v1` belongs to the base URL."""
    at = path.find(VERSION)
    if path.startswith(AZURE):
        return path
    return path[at:] if at >= 0 else f"/v1{path}"


def _headers(message: Mapping[str, Any]) -> dict[str, str]:
    """Return headers by their names in lower case; if one is repeated, the first counts."""
    return {
        str(name).lower(): str(value[0] if isinstance(value, list) and value else value)
        for name, value in (message.get("headers") or {}).items()
    }


def _body(message: Mapping[str, Any], headers: Mapping[str, str]) -> bytes:
    """Return the bytes of a body, decompressed, in whichever way they were written."""
    if "parsed_body" in message:
        return json.dumps(message["parsed_body"]).encode()
    body = message.get("body")
    if isinstance(body, dict):
        packed = body.get("base64_string")
        body = base64.b64decode(packed) if packed else body.get("string")
    sent = body if isinstance(body, bytes) else str(body or "").encode("utf-8", "surrogatepass")
    if sent[:2] == b"\x1f\x8b":
        return gzip.decompress(sent)
    if headers.get("content-encoding") == "deflate" and not _is_text(sent):
        return zlib.decompress(sent)
    return sent


def _is_text(body: bytes) -> bool:
    try:
        body.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


def _day(recorded: Any, header: str | None) -> str | None:
    """Return when an exchange was recorded: from the recorder's note, otherwise from the answer's header."""
    if isinstance(recorded, datetime):
        return _written(recorded)
    for text in (header, recorded):
        try:
            return _written(parsedate_to_datetime(text)) if text else None
        except (TypeError, ValueError):
            continue
    try:
        return date.fromisoformat(str(recorded)[:10]).isoformat()
    except ValueError:
        return None


def _written(moment: datetime) -> str:
    moment = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
