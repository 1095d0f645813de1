"""MCP servers that send too much, too little or nonsense: each is left soon, and whoever asked is told in words.

Nothing of it is on a log, as nothing is wrong with the sandbox.
"""

import gzip
import itertools
import json
import logging
import signal
import socket
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest
from openai import OpenAI

from openai_sandbox import Sandbox
from openai_sandbox.api.shared.mcp_servers import McpServerError
from openai_sandbox.http import mcp_transport, server
from openai_sandbox.http.mcp_client import LONGEST_PROBLEM, McpClient
from openai_sandbox.http.mcp_transport import MOST_BYTES

from ...good_requests import KEY, LUNA, RESPONSE, RESPONSES
from ..client import Served, ask
from .listening import listening

JSON, EVENTS = "application/json", "text/event-stream"
SECONDS = 20

Respond = Callable[[Any], tuple[dict[str, str], Iterable[bytes]]]
"""Headers and pieces of the answer to a JSON-RPC request."""


def answered(told: Any, result: Any) -> bytes:
    return json.dumps({"jsonrpc": "2.0", "id": told["id"], "result": result}).encode()


def event(**told: Any) -> bytes:
    return b"data: " + json.dumps({"jsonrpc": "2.0"} | told).encode() + b"\n\n"


@contextmanager
def serving(method: str, respond: Respond) -> Iterator[tuple[str, list[int]]]:
    """Serve MCP as it should be but for one method. Yields the address, and how much was sent in each answer to it."""
    sent: list[int] = []

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            told = json.loads(self.rfile.read(int(self.headers["content-length"])))
            if told.get("method") == method:
                headers, pieces = respond(told)
                self.send_response(200)
                for name, value in headers.items():
                    self.send_header(name, value)
                self.end_headers()
                sent.append(0)
                try:
                    for piece in pieces:
                        self.wfile.write(piece)
                        sent[-1] += len(piece)
                except OSError:
                    pass
                return
            version = (told.get("params") or {}).get("protocolVersion", "2025-06-18")
            hello = {"protocolVersion": version, "capabilities": {}, "serverInfo": {"name": "it", "version": "1"}}
            body = answered(told, hello) if "id" in told else b""
            self.send_response(200 if body else 202)
            self.send_header("content-type", JSON)
            self.send_header("content-length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def do_GET(self) -> None:
            self.send_error(405)

        do_DELETE = do_GET  # noqa: N815

        def log_message(self, *args: Any) -> None:
            pass

    class Server(ThreadingHTTPServer):
        def handle_error(self, *args: Any) -> None:
            pass

    with listening(Handler, Server) as address:
        yield f"{address}/mcp", sent


def listing(*pieces: bytes, kind: str = JSON, **headers: str) -> Respond:
    return lambda _: ({"content-type": kind} | headers, pieces)


def endless(*pieces: bytes, kind: str = JSON) -> Respond:
    return lambda _: ({"content-type": kind}, itertools.cycle(pieces))


ENDLESS: dict[str, Respond] = {
    "JSON": endless(b"x" * 100_000),
    "a line of events": endless(b"x" * 100_000, kind=EVENTS),
    "an event": endless(b"data: " + b"x" * 100_000 + b"\n", kind=EVENTS),
    "comments": endless(b": x\n\n" * 10_000, kind=EVENTS),
    "pings": endless(event(id=1, method="ping") * 100, kind=EVENTS),
    "notifications": endless(event(method="notifications/message", params={"level": 5}) * 10, kind=EVENTS),
    "packed JSON": listing(gzip.compress(b"x" * 50_000_000), **{"content-encoding": "gzip"}),
}


@pytest.mark.parametrize("respond", ENDLESS.values(), ids=ENDLESS.keys())
def test_a_server_whose_answer_does_not_end_is_left_soon(respond: Respond, caplog: pytest.LogCaptureFixture) -> None:
    with serving("tools/list", respond) as (url, sent):
        with pytest.raises(McpServerError, match=r"too much|byte limit|compresses"):
            McpClient(SECONDS).list_tools(url, {})
        # What lies in the buffers of the sockets was sent, too.
        assert sum(sent) < 3 * MOST_BYTES
    assert not caplog.records


def numbered(template: bytes) -> Respond:
    return lambda told: ({"content-type": JSON}, [template % told["id"]])


ODD: dict[str, Respond] = {
    "half a JSON": listing(b"{"),
    "a list": listing(b"[]"),
    "a page": listing(b"<html>", kind="text/html"),
    "half an event": listing(b"data: {\n\n", kind=EVENTS),
    "an unknown event": listing(b"event: x\ndata: {}\n\n", kind=EVENTS),
    "no event": listing(b"", kind=EVENTS),
    "reconnecting at once": listing(b"id: 1\nretry: 0\ndata: \n\n", kind=EVENTS),
    "half a character": numbered(b'{"jsonrpc":"2.0","id":%d,"result":{"tools":[{"name":"\\ud800"}]}}'),
    "very deep": numbered(b'{"jsonrpc":"2.0","id":%d,"result":' + b"[" * 100_000 + b"]" * 100_000 + b"}"),
    "a long problem": numbered(b'{"jsonrpc":"2.0","id":%d,"error":{"code":1,"message":"' + b"x" * 1_000_000 + b'"}}'),
}


@pytest.mark.parametrize("respond", ODD.values(), ids=ODD.keys())
def test_a_server_that_makes_no_sense_is_refused_in_few_words_and_not_logged(
    respond: Respond, caplog: pytest.LogCaptureFixture
) -> None:
    with serving("tools/list", respond) as (url, _):
        with pytest.raises(McpServerError, match=r"\w") as problem:
            McpClient(SECONDS).list_tools(url, {})
        assert len(str(problem.value)) <= LONGEST_PROBLEM
    assert not caplog.records


def test_what_other_threads_do_with_the_package_is_still_logged(caplog: pytest.LogCaptureFixture) -> None:
    with serving("tools/list", listing(b"{")) as (url, _), pytest.raises(McpServerError):
        McpClient(SECONDS).list_tools(url, {})
    logging.getLogger("mcp.client.streamable_http").warning("theirs")
    assert [record.message for record in caplog.records] == ["theirs"]


def test_pages_of_tools_do_not_go_on_for_ever(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(mcp_transport, "MOST_REQUESTS", 20)
    page = {"tools": [], "nextCursor": "next"}
    with serving("tools/list", lambda told: ({"content-type": JSON}, [answered(told, page)])) as (url, sent):
        with pytest.raises(McpServerError, match="more than 20 requests"):
            McpClient(SECONDS).list_tools(url, {})
        assert len(sent) <= 20


def test_a_session_that_does_not_close_keeps_nobody_waiting(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("openai_sandbox.http.mcp_client.CLOSING", 0.1)
    tools = {"tools": [{"name": "a", "inputSchema": {"type": "object"}}]}
    go_on = threading.Event()

    def late() -> Iterator[bytes]:
        yield b""
        go_on.wait(SECONDS)

    def respond(told: Any) -> tuple[dict[str, str], Iterable[bytes]]:
        pieces = itertools.chain([b"data: " + answered(told, tools) + b"\n\n"], late())
        return {"content-type": EVENTS, "mcp-session-id": "1"}, pieces

    with serving("tools/list", respond) as (url, _):
        begun = time.monotonic()
        assert len(McpClient(SECONDS).list_tools(url, {})) == 1
        assert time.monotonic() - begun < SECONDS / 2
        go_on.set()


def test_numbers_that_are_no_json_do_not_get_into_a_response() -> None:
    schema = b'{"type":"object","properties":{},"x":NaN,"y":1e400,"z":[-Infinity]}'
    template = b'{"jsonrpc":"2.0","id":%d,"result":{"tools":[{"name":"a\\u0000\\n","inputSchema":' + schema + b"}]}}"
    with serving("tools/list", numbered(template)) as (url, _), Sandbox(seed=1) as api:
        reply = ask(api, "POST", RESPONSES, json=LUNA | {"input": "Hi", "tools": [tool_at(url)]})
        listed = json.loads(reply.text, parse_constant=pytest.fail)["output"][0]
        assert listed["tools"][0]["input_schema"] == {
            "type": "object",
            "properties": {},
            "x": None,
            "y": None,
            "z": [None],
        }


@pytest.mark.parametrize(
    "headers",
    [
        {"a": "s3cret\r\nb: c"},
        {"a\r\nb": "s3cret"},
        {"a": "s3cret\ud800"},
        {"é": "s3cret"},
        {"a": "s3crét"},
        {"": "s3cret"},
        {"a": "s3cret\x00"},
        {"content-length": "s3cret"},
    ],
)
def test_a_header_that_cannot_be_sent_is_refused_and_not_repeated(headers: dict[str, str]) -> None:
    with serving("x", listing()) as (url, _), pytest.raises(McpServerError, match="headers cannot be sent") as problem:
        McpClient(SECONDS).list_tools(url, headers)
    assert "s3cr" not in str(problem.value)


@pytest.mark.parametrize("host", ["[::1%25lo.example.com]", "[::1%x]", "localhost.", "ip6-localhost", "[::]", "0x7f.1"])
def test_no_name_is_looked_up(host: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: pytest.fail("looked up"))
    with pytest.raises(McpServerError, match="on this machine only"):
        McpClient(SECONDS).list_tools(f"http://{host}:1/mcp", {})


def tool_at(url: str) -> Any:
    return {"type": "mcp", "server_label": "a", "server_url": url, "require_approval": "never"}


@contextmanager
def hanging() -> Iterator[tuple[str, threading.Semaphore]]:
    """Serve MCP that lists no tools before the end. Yields the address, and a semaphore to wait for who asks."""
    asked, go_on = threading.Semaphore(0), threading.Event()

    def respond(told: Any) -> tuple[dict[str, str], Iterable[bytes]]:
        asked.release()
        go_on.wait(SECONDS)
        return {"content-type": JSON}, [answered(told, {"tools": []})]

    with serving("tools/list", respond) as (url, _):
        try:
            yield url, asked
        finally:
            go_on.set()


def leave(api: Sandbox, body: Any, asked: threading.Semaphore | None) -> None:
    """Send a request, and leave once the server was asked."""
    raw = json.dumps(body).encode()
    host, port = api.base_url.split("/")[2].split(":")
    head = f"POST {RESPONSES} HTTP/1.1\r\nHost: {host}\r\nAuthorization: {KEY['authorization']}\r\n"
    with socket.create_connection((host, int(port))) as connection:
        connection.sendall(f"{head}Content-Length: {len(raw)}\r\n\r\n".encode() + raw)
        if asked:
            assert asked.acquire(timeout=SECONDS)


def test_clients_that_leave_do_not_pile_up_threads(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(server, "MOST_THREADS", 3)
    with hanging() as (url, asked), Sandbox(seed=1) as api:
        body = LUNA | {"input": "Hi", "tools": [tool_at(url)]}
        for number in range(12):
            leave(api, body, asked if number < 3 else None)
        assert OpenAI().responses.create(**RESPONSE).output_text
        under_way = [thread for thread in threading.enumerate() if thread.name == "sandbox-request"]
        assert len(under_way) == 3
        assert not asked.acquire(blocking=False)


def test_a_server_that_was_named_earlier_in_a_conversation_holds_up_nobody() -> None:
    with hanging() as (url, asked), Sandbox(seed=1) as api:
        client = OpenAI()
        added: Any = {"type": "additional_tools", "role": "developer", "tools": [tool_at(url)]}
        id = client.conversations.create(items=[added]).id
        leave(api, LUNA | {"input": "Hi", "conversation": id}, asked)
        assert client.responses.create(**RESPONSE).output_text


def test_contract_mode_holds_up_nobody() -> None:
    with hanging() as (url, asked), Sandbox(seed=1, contract=True) as api:
        leave(api, LUNA | {"input": "Hi", "tools": [tool_at(url)]}, asked)
        assert OpenAI().responses.create(**RESPONSE).output_text


def test_an_interrupt_ends_a_sandbox_that_waits(served: Served) -> None:
    with hanging() as (url, asked):
        base_url, process = served()
        body = json.dumps(LUNA | {"input": "Hi", "tools": [tool_at(url)]}).encode()
        host, port = base_url.split("/")[2].split(":")
        head = f"POST {RESPONSES} HTTP/1.1\r\nHost: {host}\r\nAuthorization: {KEY['authorization']}\r\n"
        with socket.create_connection((host, int(port))) as connection:
            connection.sendall(f"{head}Content-Length: {len(body)}\r\n\r\n".encode() + body)
            assert asked.acquire(timeout=SECONDS)
            process.send_signal(signal.SIGINT)
            _, problems = process.communicate(timeout=SECONDS / 2)
        assert process.returncode == 0 and "Traceback" not in problems
