"""The headers of every reply."""

import re
from typing import Any

import pytest

from openai_sandbox.core import Core

from ...good_requests import MODELS, RESPONSE, RESPONSES
from ..client import ask


@pytest.mark.parametrize(
    ("method", "path", "json", "content_type"),
    [
        ("GET", MODELS, None, "application/json"),
        ("POST", RESPONSES, RESPONSE | {"stream": True}, "text/event-stream; charset=utf-8"),
        ("GET", "/v1/nothing", None, "application/json"),
    ],
)
def test_every_reply_has_these_headers(method: str, path: str, json: Any, content_type: str) -> None:
    headers = dict(ask(Core(now=1_790_000_000), method, path, json=json).headers)
    assert re.fullmatch(r"req_[0-9a-f]{32}", headers.pop("x-request-id"))
    assert int(headers.pop("openai-processing-ms")) > 0
    headers.pop("content-length", None)
    assert headers == {
        "content-type": content_type,
        "date": "Mon, 21 Sep 2026 14:13:20 GMT",
        "openai-organization": "org-sandbox",
        "openai-project": "proj_sandbox",
        "openai-version": "2020-10-01",
        "x-sandbox": "1",
    }
