"""A server in place of the API that replies whatever a test needs, without a socket: what does the SDK make of it?"""

from collections.abc import Callable, Mapping
from typing import Any

import httpx2
from openai import OpenAI

from openai_sandbox.wire.events import Event

Answer = Callable[[httpx2.Request], httpx2.Response]


def client_of(
    *answers: Answer, http: Mapping[str, Any] | None = None, **options: Any
) -> tuple[OpenAI, list[httpx2.Request]]:
    """Return a client whose server gives these answers in turn, and the list of the requests that the server gets.

    The last answer is also that to all further requests. `http` are options of the HTTP client.
    """
    transport, sent = transport_of(*answers)
    return OpenAI(http_client=httpx2.Client(transport=transport, **http or {}), **options), sent


def transport_of(*answers: Answer) -> tuple[httpx2.MockTransport, list[httpx2.Request]]:
    """Return the same as a transport, for clients of another class."""
    sent: list[httpx2.Request] = []

    def answer(request: httpx2.Request) -> httpx2.Response:
        sent.append(request)
        return answers[min(len(sent), len(answers)) - 1](request)

    return httpx2.MockTransport(answer), sent


def always(status: int = 200, **parts: Any) -> Answer:
    """Answer with this status and what else `httpx2.Response` takes."""
    return lambda _: httpx2.Response(status, **parts)


def stream_of(*events: dict[str, Any], headers: Mapping[str, str] | None = None) -> Answer:
    """Answer with a stream of these events, and with further headers."""
    content = b"".join(Event(event, event["type"]).encode() for event in events)
    return always(content=content, headers={"content-type": "text/event-stream", **(headers or {})})
