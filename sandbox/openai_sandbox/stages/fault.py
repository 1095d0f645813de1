"""Carries out a request's fault: which error it answers, what it answers instead, and how it breaks a reply."""

import hashlib
from collections.abc import Iterator
from dataclasses import replace

from ..api.shared.result import Result
from ..faults import Fault
from ..wire.errors import APIError, error
from ..wire.headers import ORGANIZATION
from ..wire.masking import mask_key
from ..wire.messages import Reply, Request
from .body import Body

# Faults that leave a request to an upstream. For the others, the sandbox answers itself.
PASSED_ON = ("ok", "cut_stream", "end_early")

# What a gateway answers instead of the API.
PAGE = b"<!DOCTYPE html>\n<html><head><title>Sign in</title></head><body><h1>Sign in to continue</h1></body></html>\n"


def is_passed_on(fault: Fault, body: Body) -> bool:
    """Tell whether a fault leaves a request to the upstream."""
    conditional = fault.kind.error_to not in ("all", "plain")
    return fault.kind.name in PASSED_ON or (conditional and fault.error("", body.json) is None)


def refusal(fault: Fault, request: Request, body: Body, key: str) -> APIError | None:
    """Return the error that a fault answers with, or None if it lets the request through."""
    kind = fault.kind
    if kind.routes and (request.method != "POST" or request.path not in kind.routes):
        routes = " and ".join(f"POST {path}" for path in kind.routes)
        return error("fault_unsupported", fault=kind.name, routes=routes, request=f"{request.method} {request.path}")
    id = fault.error(request.path, body.json)
    if id is None:
        return None
    refused = error(
        id,
        key=mask_key(key),
        model=(body.json or {}).get("model", "any model"),
        organization=ORGANIZATION,
        maximum=128_000,
        count=140_004,
        limit=3,
        used=3,
        requested=1,
        wait=f"{fault.retry_after:g}s" if fault.retry_after is not None else "20s",
        status=fault.status,
        param=fault.param,
        index=next((index for index, role in enumerate(_roles(body)) if role == "system"), 0),
        request_id=hashlib.blake2b(request.body, digest_size=16).hexdigest(),
    )
    refused.status = fault.status or refused.status
    return refused


def _roles(body: Body) -> list[object]:
    messages = (body.json or {}).get("messages")
    return [isinstance(each, dict) and each.get("role") for each in messages] if isinstance(messages, list) else []


def replacement(fault: Fault) -> Result | None:
    """Return what a fault answers with status 200 instead of the endpoint, or None if the endpoint answers."""
    if fault.kind.name == "html_page":
        return Result(PAGE, content_type="text/html; charset=utf-8")
    if fault.kind.name == "error_as_200":
        return Result(error("server_error").envelope())
    return None


def broken(reply: Reply, fault: Fault) -> Reply:
    """Return a reply with a fault applied: it ends as the fault says, or its JSON is cut off."""
    if fault.kind.name == "timeout" and fault.hangs is not None:
        return replace(reply, ending="drop", body=b"", delay=fault.hangs)
    if fault.kind.name == "timeout":
        return replace(reply, ending="hang", body=b"")
    if fault.kind.name == "connection_drop":
        return replace(reply, ending="drop", body=b"")
    if fault.kind.name == "cut_stream":
        return _cut(reply, fault.after)
    if fault.kind.name == "malformed_json":
        return replace(reply, body=_malformed(reply.body))
    if fault.kind.name == "html_page":
        return replace(reply, headers={name: reply.headers[name] for name in ("content-type", "date", "x-sandbox")})
    return reply


def _cut(reply: Reply, after: int | None) -> Reply:
    """Return a reply that is cut off: a stream after `after` events or halfway, any other answer halfway."""
    if isinstance(reply.body, bytes):
        headers = reply.headers | {"content-length": str(len(reply.body))}
        return replace(reply, ending="cut", headers=headers, body=reply.body[: len(reply.body) // 2])
    pieces = list(reply.body)
    return replace(reply, ending="cut", body=iter(pieces[: len(pieces) // 2 if after is None else after]))


def _malformed(body: bytes | Iterator[tuple[float, bytes]]) -> bytes | Iterator[tuple[float, bytes]]:
    """Return a body whose JSON is cut in half: the whole body, or the event in the middle of a stream."""
    if isinstance(body, bytes):
        return _half(body)
    pieces = list(body)
    if not pieces:
        return iter(())
    delay, frame = pieces[len(pieces) // 2]
    head, data, json = frame.partition(b"data: ")
    return iter([*pieces[: len(pieces) // 2], (delay, head + data + _half(json) + b"\n\n")])


def _half(text: bytes) -> bytes:
    """Return the first half of a text, cut between two characters."""
    return text[: len(text) // 2].decode("utf-8", "ignore").encode("utf-8")
