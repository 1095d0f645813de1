"""The client of these tests: a core and a running sandbox answer it alike."""

from typing import Any

import pytest

from openai_sandbox import Sandbox
from openai_sandbox.core import Core

from ..good_requests import CHAT, COMPLETION, MODELS, RESPONSE, RESPONSES
from .client import ask
from .event_stream import events_of


@pytest.mark.parametrize(
    ("method", "path", "body"),
    [
        ("GET", MODELS, None),
        ("POST", RESPONSES, RESPONSE),
        ("POST", RESPONSES, RESPONSE | {"stream": True}),
        ("POST", CHAT, COMPLETION | {"stream": True}),
        ("GET", f"{CHAT}?limit=0", None),
    ],
)
def test_a_core_and_a_running_sandbox_are_asked_the_same_way(method: str, path: str, body: Any) -> None:
    given: dict[str, Any] = {"seed": 7, "now": 1_800_000_000}
    with Sandbox(**given) as api:
        running, by_url = ask(api, method, path, json=body), ask(api.base_url, method, "/v1/nothing")
    core = ask(Core(**given), method, path, json=body)
    assert (core.status_code, core.content) == (running.status_code, running.content)
    assert core.headers["content-type"] == running.headers["content-type"]
    assert by_url.status_code == 404
    if body and body.get("stream"):
        assert events_of(core.text)
