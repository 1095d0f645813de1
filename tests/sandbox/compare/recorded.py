"""Recordings made up for tests: what a sandbox answers stands for the live API."""

import json
from collections.abc import Mapping
from datetime import date
from typing import Any

import yaml

from openai_sandbox.compare.recording import Recording
from openai_sandbox.compare.recordings import of_line
from openai_sandbox.core import Core
from openai_sandbox.wire.messages import Request

from ...good_requests import CHAT, KEY

DAY = date(2026, 8, 1)
ASKED: dict[str, Any] = {"model": "gpt-4o", "messages": [{"role": "user", "content": "Say hello"}]}


def answered(path: str, body: Any, day: date = DAY, core: Core | None = None) -> tuple[int, str, bytes]:
    """Return status, content type and body of what the API says on a day."""
    core = core or Core(seed=99, now=0, today=day)
    reply, _ = core.handle(Request("POST", path, KEY, json.dumps(body).encode()))
    sent = reply.body if isinstance(reply.body, bytes) else b"".join(piece for _, piece in reply.body)
    return reply.status, reply.headers["content-type"], sent


def recording(path: str = CHAT, body: Any = ASKED, day: date = DAY, **change: Any) -> Recording:
    """Return a recording of a request, with some members of the answer changed; `...` takes one away."""
    status, content_type, sent = answered(path, body, day)
    said: Any = sent.decode()
    if content_type.startswith("application/json"):
        parsed = json.loads(sent) | change
        said = {name: value for name, value in parsed.items() if value is not ...}
    live = {"status": status, "content_type": content_type, "body": said}
    return of_line("a", {"path": path, "request": body, "recorded": day.isoformat(), "live": live})


def cassette(
    *exchanges: tuple[Any, bytes], name: str = "interactions", headers: Mapping[str, list[str]] | None = None
) -> str:
    """Return a VCR cassette of POSTs to Chat Completions: what was sent, and what was answered."""
    listed = [
        {
            "request": {
                "method": "POST",
                "uri": f"https://api.openai.com{CHAT}",
                "headers": {"Content-Type": ["application/json"]},
                "body": json.dumps(sent),
            },
            "response": {
                "status": {"code": 200, "message": "OK"},
                "headers": {"Content-Type": ["application/json"], "Date": ["Sat, 01 Aug 2026 10:00:00 GMT"]}
                | dict(headers or {}),
                "body": {"string": answer},
            },
        }
        for sent, answer in exchanges
    ]
    return yaml.safe_dump({name: listed, "version": 1})
