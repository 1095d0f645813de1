"""Clients that send too much, too slowly, in the wrong place or nothing more. Others are answered, nothing is lost."""

import asyncio
import errno
import gc
import json
import logging
import resource
import select
import socket
import subprocess
import sys
import time
import tracemalloc
from collections.abc import Callable

import httpx2
import pytest

from openai_sandbox import Sandbox
from openai_sandbox.core import Core
from openai_sandbox.http import connection as connections
from openai_sandbox.http.access import MOST_BYTES
from openai_sandbox.http.address import API_KEY
from openai_sandbox.http.connection import Connection
from openai_sandbox.http.reader import MOST_HEAD_BYTES
from openai_sandbox.http.server import application
from openai_sandbox.http.shortage import Shortage
from openai_sandbox.http.timeouts import LIMITS

from ...good_requests import KEY, MODELS
from ..client import MakeSandbox, ask
from .raw_connection import BODY, Wire, connect, port, reply, request, until_closed

CHUNKED = request(b"").replace(b"Content-Length: 0", b"Transfer-Encoding: chunked")


def test_trailers_are_no_headers(api: Sandbox) -> None:
    with connect(api) as sock:
        bad = CHUNKED.replace(API_KEY.encode(), b"wrong")
        body = b"%x\r\n%b\r\n0\r\n" % (len(BODY), BODY)
        sock.sendall(bad + body + f"Authorization: Bearer {API_KEY}\r\n\r\n".encode())
        assert reply(sock)[0] == 401
        sock.sendall(CHUNKED + body + b"Authorization: Bearer wrong\r\nHost: evil.example\r\n\r\n")
        assert reply(sock)[0] == 200
        sock.sendall(request(method="GET"))
        assert reply(sock)[0] == 200
    assert "trailer" not in api.requests[0].headers


@pytest.mark.parametrize("trailer", [b"x: y\r\n", b"x" * 1000])
def test_trailers_are_capped(api: Sandbox, trailer: bytes) -> None:
    with connect(api) as sock:
        sock.sendall(CHUNKED + b"%x\r\n%b\r\n0\r\n" % (len(BODY), BODY))
        for _ in range(100 * MOST_HEAD_BYTES // len(trailer * 50)):
            sock.sendall(trailer * 50)
            if select.select([sock], [], [], 0)[0]:
                break
        assert sock.recv(1000).startswith(b"HTTP/1.1 431 ")
    assert not api.requests


@pytest.mark.parametrize(("version", "headers"), [("1.1", "Connection: close\r\n"), ("1.0", ""), ("1.1", "")])
def test_the_refusal_of_a_body_that_is_too_long_arrives(api: Sandbox, version: str, headers: str) -> None:
    with connect(api) as sock:
        body = b"x" * (MOST_BYTES + 1_000_000)
        sock.sendall(request(body, version=version, headers=headers))
        assert reply(sock)[0] == 413
        if headers or version == "1.0":
            assert until_closed(sock) == b""
        else:
            sock.sendall(request(method="GET"))
            assert reply(sock)[0] == 200


@pytest.mark.simulates("slow-clients")
@pytest.mark.parametrize("fault", ["ok", "ok latency=0.3", "rate_limit latency=0.3"])
@pytest.mark.parametrize("streamed", [False, True])
def test_a_client_that_sends_no_more_gets_its_answer(sandbox: MakeSandbox, fault: str, streamed: bool) -> None:
    with sandbox(fault) as api, connect(api) as sock:
        body = json.dumps({"model": "gpt-6-luna", "input": "Hi", "stream": streamed}).encode()
        sock.sendall(request(body))
        sock.shutdown(socket.SHUT_WR)
        data = until_closed(sock)
    assert data.startswith(b"HTTP/1.1 429" if "rate" in fault else b"HTTP/1.1 200")
    assert (b"response.completed" in data) == (streamed and "rate" not in fault)
    assert data.endswith(b"0\r\n\r\n") or b"content-length" in data


def test_a_client_that_sends_no_more_gets_all_its_answers(sandbox: MakeSandbox) -> None:
    with sandbox("ok latency=0.2; ok") as api, connect(api) as sock:
        sock.sendall(request() + request(method="GET"))
        sock.shutdown(socket.SHUT_WR)
        assert until_closed(sock).count(b"HTTP/1.1 200 OK\r\n") == 2


def test_connections_behind_a_request_that_is_never_answered_end_with_their_clients(
    sandbox: MakeSandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened: set[Connection] = set()
    made = Connection.connection_made

    def count(self: Connection, transport: asyncio.BaseTransport) -> None:
        made(self, transport)
        opened.add(self)

    monkeypatch.setattr(Connection, "connection_made", count)
    with sandbox(";".join(["timeout"] * 20)) as api:
        for _ in range(20):
            with connect(api) as sock:
                sock.sendall(request() + request(method="GET"))
                time.sleep(0.01)
        asked = time.monotonic()
        while any(connection in connection._connections for connection in opened):
            assert time.monotonic() - asked < 10
            time.sleep(0.01)
        assert len(opened) == 20


@pytest.mark.simulates("slow-clients")
@pytest.mark.anyio
@pytest.mark.parametrize(
    ("sent", "waits_for", "answer"),
    [
        (b"", "idle", b""),
        (request(method="GET"), "idle", b"HTTP/1.1 200"),
        (request()[:30], "head", b"HTTP/1.1 408"),
        (request()[:-10], "body", b"HTTP/1.1 408"),
        (CHUNKED, "body", b"HTTP/1.1 408"),
    ],
)
async def test_who_keeps_a_connection_waiting_too_long_is_left(sent: bytes, waits_for: str, answer: bytes) -> None:
    wire = Wire()
    connection = Connection(application(Core()), set())
    connection.connection_made(wire)
    if sent:
        connection.data_received(sent)
    assert connection.waits_for == waits_for
    assert LIMITS == {"idle": 75, "head": 30, "body": 300, "room": 300}
    now = asyncio.get_running_loop().time()
    connection.expire(now + LIMITS[connection.waits_for] - 1)
    assert not wire.over()
    connection.expire(now + LIMITS[connection.waits_for] + 1)
    assert wire.over()
    assert wire.received.startswith(answer)
    connection.connection_lost(None)


@pytest.mark.simulates("slow-clients")
@pytest.mark.anyio
async def test_who_reads_nothing_is_left() -> None:
    wire = Wire()
    connection = Connection(application(Core()), set())
    connection.connection_made(wire)
    connection.data_received(request(method="GET"))
    connection.pause_writing()
    assert connection.waits_for == "room"
    now = asyncio.get_running_loop().time()
    connection.expire(now + 299)
    assert not wire.over()
    connection.expire(now + 301)
    assert wire.over()
    connection.connection_lost(None)


@pytest.mark.simulates("slow-clients")
@pytest.mark.anyio
async def test_to_send_a_byte_now_and_then_does_not_keep_a_connection_open() -> None:
    wire = Wire()
    connection = Connection(application(Core()), set())
    connection.connection_made(wire)
    now = asyncio.get_running_loop().time()
    for at, byte in enumerate(request()[:25]):
        connection.data_received(bytes([byte]))
        connection.expire(now + 2 * at)
        if wire.ended:
            break
    assert wire.received.startswith(b"HTTP/1.1 408")
    connection.connection_lost(None)


def test_a_connection_that_is_over_is_not_read_from_for_ever(api: Sandbox, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(connections, "LINGERING", 0.2)
    with connect(api) as sock:
        sock.sendall(b"what is this?\r\n\r\n")
        assert until_closed(sock).startswith(b"HTTP/1.1 400")
        asked = time.monotonic()
        with pytest.raises(OSError):
            while time.monotonic() - asked < 10:
                sock.sendall(b"x")
                time.sleep(0.01)


def test_a_body_in_tiny_chunks_takes_no_more_memory_than_a_body() -> None:
    reading = application(Core())

    async def send() -> int:
        wire = Wire()
        connection = Connection(reading, set())
        connection.connection_made(wire)
        chunks = b"2\r\n  \r\n" * 20_000
        connection.data_received(CHUNKED + chunks)
        gc.collect()
        tracemalloc.start()
        for _ in range(5):
            connection.data_received(chunks)
        size, _ = tracemalloc.get_traced_memory()
        tracemalloc.stop()
        connection.connection_lost(None)
        return size

    assert asyncio.run(send()) < 5 * 2 * 20_000 * 2


@pytest.mark.skipif(sys.platform == "win32", reason="POSIX only: limits of a process")
def test_out_of_file_descriptors_is_one_warning_and_idle_connections_are_closed() -> None:
    code = "from openai_sandbox.cli import main; main(['serve', '--port', '0'])"
    limited = (128, resource.getrlimit(resource.RLIMIT_NOFILE)[1])
    with subprocess.Popen(
        [sys.executable, "-c", code],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_NOFILE, limited),
    ) as server:
        assert server.stdout
        url = server.stdout.readline().strip().partition("=")[2]
        address = ("127.0.0.1", int(url.rpartition(":")[2].removesuffix("/v1")))
        idle = [socket.create_connection(address, timeout=10) for _ in range(300)]
        try:
            for _ in range(3):
                assert httpx2.get(f"{url}/models", headers=KEY, trust_env=False, timeout=20).status_code == 200
        finally:
            for sock in idle:
                sock.close()
        server.terminate()
        assert server.stderr
        said = server.stderr.read()
    assert said.count("connections are open") == 1
    assert "Traceback" not in said
    assert len(said.splitlines()) < 10


def test_other_problems_of_the_loop_are_not_kept_back(caplog: pytest.LogCaptureFixture) -> None:
    loop = asyncio.new_event_loop()
    shortage = Shortage(set())
    with caplog.at_level(logging.WARNING):
        for problem in (OSError(errno.EMFILE, "Too many open files"), OSError(errno.EPERM, "No"), ValueError("what")):
            shortage(loop, {"message": f"{problem}", "exception": problem})
    loop.close()
    assert [record.levelname for record in caplog.records] == ["WARNING", "ERROR", "ERROR"]


@pytest.mark.parametrize("send", [lambda sock: sock.close(), lambda sock: sock.shutdown(socket.SHUT_RDWR)])
def test_others_are_answered_after_clients_that_left_in_the_middle(
    api: Sandbox, send: Callable[[socket.socket], None]
) -> None:
    for length in range(0, len(request()), 37):
        sock = connect(api)
        sock.sendall(request()[:length])
        send(sock)
        sock.close()
    assert ask(api, "GET", MODELS).status_code == 200
    assert port(api)
