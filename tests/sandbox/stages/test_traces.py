"""What the journal says of times, connections, keys and answers."""

import socket
import time

import httpx2
import pytest
from openai import OpenAI

from openai_sandbox import Sandbox
from openai_sandbox.core import Core
from openai_sandbox.http.address import API_KEY
from openai_sandbox.observation import settled
from openai_sandbox.stages.journal import Exchange

from ...good_requests import CHAT as CHAT_COMPLETIONS
from ...good_requests import KEY, RESPONSE, RESPONSES
from ..client import Ask, MakeSandbox, ask

STREAM = {"model": "gpt-6-luna", "input": "Write a haiku about coding", "stream": True}


def begin(api: Sandbox) -> socket.socket:
    """Send a request, and return once it has arrived."""
    host, port = api.base_url.removeprefix("http://").removesuffix("/v1").split(":")
    sock = socket.create_connection((host, int(port)))
    sock.sendall(f"GET /v1/models HTTP/1.1\r\nhost: {host}\r\nauthorization: {KEY['authorization']}\r\n\r\n".encode())
    while not api.requests:
        time.sleep(0.001)
    return sock


def delivery(exchange: Exchange) -> str:
    return exchange.trace.delivery


def last(api: Sandbox) -> Exchange:
    return settled(api.requests)[-1]


def test_two_requests_of_a_client_come_by_one_connection(api: Sandbox) -> None:
    with OpenAI() as client:
        client.models.list()
        client.models.list()
    with OpenAI() as client:
        client.models.list()
    links = [exchange.trace.link for exchange in api.requests]
    assert [link and link.number for link in links] == [1, 1, 2]


def test_a_reply_begins_after_its_request_and_ends_after_that(client: Ask, api: Sandbox) -> None:
    client("POST", RESPONSES, json=STREAM)
    trace = last(api).trace
    assert trace.begun is not None
    assert trace.ended is not None
    assert trace.arrived <= trace.begun <= trace.ended
    assert trace.delivery == "sent"


def test_a_reply_that_is_held_back_begins_later(sandbox: MakeSandbox) -> None:
    with sandbox("latency=0.05") as api:
        ask(api, "GET", "/v1/models")
    trace = api.requests[-1].trace
    assert trace.begun is not None
    assert trace.begun - trace.arrived >= 0.05


@pytest.mark.parametrize("fault", ["connection_drop", "cut_stream"])
def test_a_fault_that_ends_a_reply_is_told_from_a_client_that_leaves(sandbox: MakeSandbox, fault: str) -> None:
    with sandbox(fault) as api:
        with pytest.raises(httpx2.RemoteProtocolError):
            ask(api, "POST", RESPONSES, json=STREAM)
        assert last(api).trace.delivery == "broken"


def test_a_client_that_leaves_is_seen(sandbox: MakeSandbox) -> None:
    with sandbox("timeout") as api:
        sock = begin(api)
        exchange = api.requests[0]
        assert delivery(exchange) == "open"
        sock.close()
        while delivery(exchange) == "open":
            time.sleep(0.001)
        assert delivery(exchange) == "left"
        assert exchange.trace.link
        assert exchange.trace.link.closed is not None


def test_a_server_that_stops_is_told_from_a_client_that_leaves(sandbox: MakeSandbox) -> None:
    with sandbox("timeout") as api:
        sock = begin(api)
    sock.close()
    assert delivery(api.requests[0]) == "stopped"


def test_in_process_there_is_a_time_and_no_connection() -> None:
    core = Core()
    ask(core, "GET", "/v1/models")
    assert core.requests[0].trace.arrived <= time.perf_counter()
    assert core.requests[0].trace.link is None


@pytest.mark.parametrize(
    ("fault", "pause"),
    [("rate_limit retry_after=2", 2.0), ("rate_limit retry_after_ms=70", 0.07), ("rate_limit", None)],
)
def test_the_journal_has_the_pause_that_was_asked_for_and_the_code(fault: str, pause: float | None) -> None:
    core = Core(fault)
    ask(core, "POST", RESPONSES, json=RESPONSE)
    assert core.requests[0].retry_after == pause
    assert core.requests[0].code == "rate_limit_exceeded"


KEYED = API_KEY


@pytest.mark.parametrize(
    ("path", "headers", "json", "places"),
    [
        ("/v1/models", {}, None, ()),
        (f"/v1/models?api_key={KEYED}", {}, None, ("query",)),
        ("/v1/models", {"x-debug": KEYED}, None, ("x-debug",)),
        ("/v1/models", {"api-key": KEYED}, None, ()),
        (RESPONSES, {}, {"model": "gpt-6-luna", "input": f"My key is {KEYED}."}, ("body",)),
    ],
)
def test_the_journal_says_where_else_a_request_has_its_key(
    path: str, headers: dict[str, str], json: object, places: tuple[str, ...]
) -> None:
    core = Core()
    ask(core, "POST" if json else "GET", path, json=json, headers={"authorization": f"Bearer {KEYED}", **headers})
    assert core.requests[0].key_in == places
    assert KEYED not in repr(core.requests[0])


CHAT = {"model": "gpt-6-luna", "messages": [{"role": "user", "content": "Write a haiku about coding"}]}


@pytest.mark.parametrize(
    ("fault", "path", "json", "finish", "text"),
    [
        ("content_filter", RESPONSES, STREAM, "incomplete", "Cursor"),
        ("failed_response", RESPONSES, STREAM, "failed", "Cursor"),
        ("failed_response", RESPONSES, STREAM | {"stream": False}, "failed", ""),
        ("end_early", RESPONSES, STREAM, None, "Cursor"),
        ("content_filter", CHAT_COMPLETIONS, CHAT, "content_filter", "Cursor"),
        ("content_filter", CHAT_COMPLETIONS, CHAT | {"stream": True}, "content_filter", "Cursor"),
        ("cut_stream", CHAT_COMPLETIONS, CHAT | {"stream": True}, None, "Cursor"),
        (None, RESPONSES, STREAM | {"max_output_tokens": 16}, "incomplete", ""),
        (None, RESPONSES, STREAM, "completed", ""),
        (None, RESPONSES, {"model": "gpt-4.1", "input": "Hi", "max_output_tokens": 16}, None, ""),
    ],
)
def test_the_journal_keeps_what_an_answer_that_is_not_whole_said(
    fault: str | None, path: str, json: object, finish: str | None, text: str
) -> None:
    core = Core(fault, seed=7)
    ask(core, "POST", path, json=json)
    answer = core.requests[0].answer
    assert answer
    assert answer.finish == finish
    assert answer.text.startswith(text)
