"""Sends requests to a sandbox, in this process or running, and returns the replies.

Tests that need the inside of a core, its store say, get it here too, so that a change of the core changes one file.
"""

import subprocess
from collections.abc import Callable, Mapping
from typing import Any, Never

import httpx2
import pytest
from pydantic_core import to_json

from openai_sandbox import Sandbox
from openai_sandbox.api.routes import ENDPOINTS
from openai_sandbox.api.shared.store import Store
from openai_sandbox.core import Core
from openai_sandbox.model.families import Model, available
from openai_sandbox.stages.journal import Exchange
from openai_sandbox.wire.messages import Reply, Request

from ..good_requests import KEY

Ask = Callable[..., httpx2.Response]
"""`ask` below, without its first argument."""
MakeSandbox = Callable[..., Sandbox]
"""The fixture `sandbox`."""
Served = Callable[..., tuple[str, subprocess.Popen[str]]]
"""The fixture `served`."""

ROUTES: list[tuple[str, str]] = list(ENDPOINTS)
"""Method and path of every endpoint, with the names of ids in braces."""


def ask(
    api: Core | Sandbox | str,
    method: str,
    path: str,
    *,
    json: Any = None,
    content: Any = None,
    headers: Mapping[str, str] = KEY,
    **options: Any,
) -> httpx2.Response:
    """Send a request and return the reply, all of it: to a core in this process, or to a running sandbox.

    A running one is given as such or by its base URL. `path` starts at the root of the server and may have a query.
    `json` is sent as JSON, `content` as it is. With a running one, `options` may be what else httpx2 takes: `files`.
    """
    if isinstance(api, Core):
        raw = content if content is not None else b"" if json is None else to_json(json)
        address, _, query = path.partition("?")
        return whole(reply_of(api, Request(method, address, headers, raw, query)))
    base_url = api if isinstance(api, str) else api.base_url
    with httpx2.Client(trust_env=False, timeout=30, headers=headers) as client:
        return client.request(method, base_url.removesuffix("/v1") + path, json=json, content=content, **options)


def reply_of(core: Core, request: Request) -> Reply:
    """Return the reply of a core as it is, with its delay, and a stream in pieces that are made when they are read."""
    return core.handle(request)[0]


def whole(reply: Reply) -> httpx2.Response:
    """Return a reply with its body read to the end."""
    body = reply.body if isinstance(reply.body, bytes) else b"".join(piece for _, piece in reply.body)
    return httpx2.Response(reply.status, headers=reply.headers, content=body)


def store_of(api: Core | Sandbox) -> Store:
    """Return what a sandbox keeps: responses, conversations, files, batches."""
    return (api if isinstance(api, Core) else api.core).state.store


def available_models() -> list[Model]:
    """Return the models that answer on the day that a sandbox takes for today."""
    return available(Core().state.today)


def fail(patch: pytest.MonkeyPatch, problem: Exception) -> None:
    """Put a bug into every endpoint of every sandbox: it raises `problem`."""

    def bug(*_: object) -> Never:
        raise problem

    for route in ROUTES:
        patch.setitem(ENDPOINTS, route, bug)


def watch(api: Sandbox, patch: pytest.MonkeyPatch, change: Callable[[Reply], None] | None = None) -> list[Request]:
    """Return the list of the requests that reach a sandbox, as they were sent. `change` may touch up its replies."""
    seen: list[Request] = []
    handle = api.core.handle

    def watched(request: Request) -> tuple[Reply, Exchange]:
        seen.append(request)
        reply, exchange = handle(request)
        if change:
            change(reply)
        return reply, exchange

    patch.setattr(api.core, "handle", watched)
    return seen
