"""Builds the reply: what was answered, as status, headers, bytes and waiting time."""

import logging
import time
import traceback
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from typing import Any

from pydantic_core import to_json

from ..api.shared.prepared import Prepared, PreparedStream
from ..api.shared.result import Result
from ..faults import Fault
from ..wire.errors import error
from ..wire.events import Event, beginning, failed
from ..wire.headers import response_headers
from ..wire.masking import mask_keys
from ..wire.messages import Reply
from .fault import broken
from .latency import Latency

logger = logging.getLogger(__name__)

JSON = "application/json"
CONTENT_TYPES: dict[type, str] = {dict: JSON, Prepared: JSON, bytes: "application/octet-stream"}
EVENT_STREAM = "text/event-stream; charset=utf-8"


def build(
    result: Result,
    status: int,
    *,
    request_id: str,
    started: float,
    now: float,
    latency: Latency,
    fault: Fault | None = None,
    headers: Mapping[str, str] | None = None,
    note: Callable[[Event], None] | None = None,
) -> Reply:
    """Return the reply to a request.

    Args:
        result: what was answered.
        status: the HTTP status.
        request_id: the id that the reply gives the request.
        started: the performance counter when the request arrived.
        now: the time in Unix seconds.
        latency: the simulated latency. A fault's own latency replaces its first part.
        fault: the request's fault. It may add headers and break the reply.
        headers: other headers, such as those of rate limits. A fault does not change them.
        note: called with the last event of a stream.
    """
    if fault and fault.latency is not None:
        latency = replace(latency, first=fault.latency)
    if result.pace is not None:
        latency = replace(latency, per_token=result.pace)
    processing = max(1, round((time.perf_counter() - started + latency.first) * 1000))
    content_type = result.content_type or CONTENT_TYPES.get(type(result.body), EVENT_STREAM)
    standard = response_headers(request_id, now, processing, content_type)
    if fault and status >= 400:
        standard |= fault.headers()
    delay = latency.first
    body: bytes | Iterator[tuple[float, bytes]]
    if isinstance(result.body, dict | bytes | Prepared):
        body = _encoded(result.body)
        delay += latency.per_token * result.tokens
    elif isinstance(result.body, PreparedStream):
        body = _prepared_frames(result.body, result.terminator, latency)
    elif fault and fault.kind.name == "end_early":
        body = _frames(iter(beginning(result.body, fault.after)), b"", latency)
    else:
        body = _frames(result.body, result.terminator, latency, 1 if result.pace is not None else None, note)
    reply = Reply(status, standard, body, delay)
    if fault:
        reply = broken(reply, fault)
    if headers:
        reply.headers |= headers
    return reply


def _encoded(body: dict[str, Any] | bytes | Prepared) -> bytes:
    if isinstance(body, Prepared):
        return body.encode()
    return body if isinstance(body, bytes) else to_json(body)


def _prepared_frames(stream: PreparedStream, terminator: bytes, latency: Latency) -> Iterator[tuple[float, bytes]]:
    """Yield the frames of a prepared stream and the seconds to wait before each; several at once if there is no
    wait."""
    if latency.per_token or latency.lull:
        for (tokens, is_end), frame in stream.frames():
            yield tokens * latency.per_token + latency.lull * is_end, frame
    else:
        for burst in stream.bursts():
            yield 0.0, burst
    if terminator:
        yield 0.0, terminator


def _frames(
    events: Iterator[Event],
    terminator: bytes,
    latency: Latency,
    most: int | None = None,
    note: Callable[[Event], None] | None = None,
) -> Iterator[tuple[float, bytes]]:
    """Yield the frames of a stream and the seconds to wait before each. If the stream fails, the last is an error.

    `most` is the number of tokens in one event that are waited for.
    """
    sent = None
    try:
        for event in events:
            waited = event.tokens if most is None else min(event.tokens, most)
            pause = latency.lull if latency.lull and event.is_end else 0.0
            yield waited * latency.per_token + pause, event.encode()
            sent = event
    except Exception as bug:
        logger.error("the sandbox failed in a stream\n%s", mask_keys(traceback.format_exc()))
        failure = error("sandbox_failed", problem=f"{type(bug).__name__}: {bug}")
        yield 0.0, failed(sent, failure.envelope()).encode()
        return
    if note and sent:
        note(sent)
    if terminator:
        yield 0.0, terminator
