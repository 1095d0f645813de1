"""Requests that raise an error: functions that send them and return the error, so that a table can hold them."""

import re
from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

import httpx2
import pytest

from openai_sandbox import Sandbox
from openai_sandbox.core import Core
from openai_sandbox.http.access import Access
from openai_sandbox.stages.rate_limit import RateLimit
from openai_sandbox.wire.errors import APIError

from ...good_requests import (
    CHAT,
    COMPLETION,
    EMBEDDINGS,
    FILES,
    KEY,
    RESPONSE,
    RESPONSES,
    SMALL,
    TEXT,
    WITHOUT_REASONING,
    closed,
    form,
)
from ..client import ask, fail, store_of
from ..event_stream import events_of
from .answers import Answer, from_envelope

REQUEST_ID = re.compile(r"[0-9a-f]{32}")
Body = dict[str, Any]
Raising = Callable[[], Answer]


class Step(NamedTuple):
    """A request. `{id}` in its path is the id in the reply to the one before it."""

    method: str
    path: str
    body: Any = None
    headers: Mapping[str, str] = KEY


def get(path: str) -> Raising:
    return steps(Step("GET", path))


def post(path: str, body: Any, **options: Any) -> Raising:
    return steps(Step("POST", path, body), **options)


def upload(content: bytes = b"x", filename: str = "a.txt", field: str = "file", **fields: str) -> Step:
    """Return the upload of a file."""
    given = form(content, filename, field, **fields)
    return Step("POST", FILES, given["content"], given["headers"])


def uploaded(*args: Any, **fields: Any) -> Raising:
    return steps(upload(*args, **fields))


def schema(given: Any) -> Raising:
    return responses(text={"format": {"type": "json_schema", "name": "a", "strict": True, "schema": given}})


def answer(status: int, envelope: dict[str, Any], azure: bool = False) -> Answer:
    """Return the answer that an envelope is. The id of a request in it becomes `c0ffee`."""
    given = from_envelope(status, envelope, azure)
    return given._replace(message=REQUEST_ID.sub("c0ffee", given.message))


def send(core: Core, *steps: Step) -> Answer:
    """Send requests to a sandbox, all of which but the last are answered."""
    *before, last = steps
    id = ""
    for step in before:
        reply = send_one(core, step, id)
        assert reply.status_code == 200, reply.text
        id = reply.json()["id"]
    reply = send_one(core, last, id)
    return answer(reply.status_code, reply.json(), azure=last.path.startswith("/openai/"))


def send_one(core: Core, step: Step, id: str) -> httpx2.Response:
    given = {"file_ids": [id]} if step.body == {"file_ids": ["{id}"]} else step.body
    body: Body = {"content": given} if isinstance(given, bytes) else {"json": given}
    return ask(core, step.method, step.path.replace("{id}", id), headers=step.headers, **body)


def steps(*given: Step, **options: Any) -> Raising:
    return lambda: send(Core(**{"seed": 7, "now": 0} | options), *given)


def unrecorded() -> Answer:
    """Ask a sandbox that answers from cassettes, and has none."""
    return send(Core(replay=[]), Step("POST", RESPONSES, RESPONSE))


def responses(**change: Any) -> Raising:
    return post(RESPONSES, changed(RESPONSE, change))


def chat(**change: Any) -> Raising:
    return post(CHAT, changed(COMPLETION, change))


def changed(body: Body, change: Body) -> Body:
    """Return a body with a change. What is changed to `...` is left out."""
    return {name: value for name, value in (body | change).items() if value is not ...}


def embeddings(**change: Any) -> Raising:
    return post(EMBEDDINGS, SMALL | {"input": "Hi"} | change)


def fault(name: str) -> Raising:
    return post(RESPONSES, RESPONSE, faults=name)


def in_stream(path: str, body: Body) -> Raising:
    """Read a stream up to the error in it."""

    def run() -> Answer:
        reply = ask(Core("stream_error", seed=7), "POST", path, json=body | {"stream": True})
        assert reply.status_code == 200
        return answer(200, next(event for event in events_of(reply.text) if "error" in event))

    return run


def limited(*caps: int, requests: int = 500) -> Raising:
    bodies = [WITHOUT_REASONING | {"input": "Hi", "max_output_tokens": cap} for cap in caps]
    return steps(*[Step("POST", RESPONSES, body) for body in bodies], tier=RateLimit(requests, 30_000))


def nested(levels: int) -> Body:
    return closed({"a": nested(levels - 1)}) if levels else closed({"a": TEXT})


def turned_away(method: str = "POST", **headers: str) -> Raising:
    """Ask the server's door keeper, before a body is read."""

    def run() -> Answer:
        with pytest.raises(APIError) as caught:
            Access().check(method, {name.replace("_", "-"): value for name, value in headers.items()})
        return answer(caught.value.status, caught.value.envelope())

    return run


def broken() -> Answer:
    """Ask a sandbox with a bug."""
    with pytest.MonkeyPatch.context() as patch:
        fail(patch, ZeroDivisionError("division by zero"))
        return responses()()


def scripted() -> Answer:
    """Ask a sandbox whose script calls a tool that the request does not offer."""
    core = Core()
    core.script.when().call("get_weather")
    return send(core, Step("POST", RESPONSES, RESPONSE))


def full() -> Answer:
    """Upload to a sandbox that keeps less than that."""
    core = Core()
    store_of(core).files.most_bytes = 3
    return send(core, upload(b"four", purpose="user_data"))


def unreachable() -> Answer:
    """Ask a sandbox whose upstream is not there."""
    with Sandbox(upstream="http://127.0.0.1:9/v1") as api:
        reply = ask(api, "POST", RESPONSES, json={})
    return answer(reply.status_code, reply.json())
