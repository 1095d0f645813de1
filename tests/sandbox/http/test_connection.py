"""HTTP/1.1 as clients other than the SDK speak it: byte by byte, several requests at once, old versions."""

import asyncio
import json
import re
import socket
import time
from collections.abc import Iterator

import pytest

from openai_sandbox import Sandbox
from openai_sandbox.core import Reply, Request
from openai_sandbox.http.connection import Connection
from openai_sandbox.http.reader import MOST_HEAD_BYTES
from openai_sandbox.http.relayed import Relayed
from openai_sandbox.http.writer import BURST
from openai_sandbox.stages.latency import Latency
from openai_sandbox.wire.errors import APIError

from ...good_requests import RESPONSE
from ..client import MakeSandbox
from .raw_connection import BODY, Wire, connect, port, reply, request, until_closed


@pytest.fixture
def sock(api: Sandbox) -> Iterator[socket.socket]:
    """A connection to the sandbox."""
    with connect(api) as sock:
        yield sock


def test_a_request_may_come_byte_by_byte(sock: socket.socket) -> None:
    for at in range(len(data := request())):
        sock.sendall(data[at : at + 1])
    assert reply(sock)[0] == 200


def test_a_body_may_come_in_chunks(sock: socket.socket) -> None:
    head = request(b"").replace(b"Content-Length: 0", b"Transfer-Encoding: chunked")
    sock.sendall(head + b"%x\r\n%b\r\n%x\r\n%b\r\n0\r\n\r\n" % (5, BODY[:5], len(BODY) - 5, BODY[5:]))
    status, body = reply(sock)
    assert status == 200
    assert json.loads(body)["object"] == "response"


def test_requests_sent_without_waiting_are_answered_in_order(sock: socket.socket) -> None:
    bodies = [json.dumps({"model": "gpt-6-luna", "input": "Hi", "metadata": {"n": str(n)}}).encode() for n in range(50)]
    sock.sendall(b"".join(map(request, bodies)))
    answered = [json.loads(reply(sock)[1])["metadata"]["n"] for _ in bodies]
    assert answered == [str(n) for n in range(50)]


def test_a_slow_reply_holds_back_those_asked_for_after_it(sandbox: MakeSandbox) -> None:
    with (
        sandbox("ok latency=0.2; ok") as api,
        connect(api) as sock,
    ):
        started = time.monotonic()
        sock.sendall(request() + request(method="GET"))
        assert json.loads(reply(sock)[1])["object"] == "response"
        assert time.monotonic() - started >= 0.2
        assert json.loads(reply(sock)[1])["object"] == "list"


@pytest.mark.parametrize(
    ("version", "headers"),
    [("1.0", ""), ("1.1", "Connection: close\r\n"), ("1.1", "Connection: Upgrade\r\nUpgrade: h2c\r\n")],
)
@pytest.mark.parametrize("streamed", [False, True])
@pytest.mark.parametrize("pieces", [1, 2])
def test_a_client_that_wants_no_more_finds_the_connection_closed(
    sock: socket.socket, version: str, headers: str, streamed: bool, pieces: int
) -> None:
    body = json.dumps({"model": "gpt-6-luna", "input": "Hi", "stream": streamed}).encode()
    sent = request(body, version=version, headers=headers)
    first = len(sent) if pieces == 1 else len(sent) - 10
    sock.sendall(sent[:first])
    time.sleep(0.02)
    sock.sendall(sent[first:])
    data = until_closed(sock)
    assert data.startswith(b"HTTP/1.1 200 OK\r\n")
    assert b"connection: close\r\n" in data
    assert (b"chunked" in data) == (streamed and version == "1.1")
    assert (b"response.completed" in data) == streamed


def test_head_is_answered_without_a_body(sock: socket.socket) -> None:
    sock.sendall(request(method="HEAD") + request(method="GET", headers="Connection: close\r\n"))
    first, _, second = until_closed(sock).partition(b"HTTP/1.1 200")
    assert first.startswith(b"HTTP/1.1 404 ")
    assert b"content-length" in first
    assert b"{" not in first
    assert b"{" in second


def test_who_asks_before_sending_a_body_is_told_to_go_on(sock: socket.socket) -> None:
    data = request(headers="Expect: 100-continue\r\n")
    sock.sendall(data[: -len(BODY)])
    assert sock.recv(1000) == b"HTTP/1.1 100 Continue\r\n\r\n"
    sock.sendall(BODY)
    assert until_closed(sock).startswith(b"HTTP/1.1 200 OK\r\n")


def test_who_asks_before_sending_too_much_is_told_no(sock: socket.socket) -> None:
    data = request(headers="Expect: 100-continue\r\n").replace(b"Content-Length: ", b"Content-Length: 9999999")
    sock.sendall(data[: -len(BODY)])
    assert until_closed(sock).startswith(b"HTTP/1.1 413 ")


@pytest.mark.parametrize(
    ("data", "status"),
    [
        (b"what is this?\r\n\r\n", b"400"),
        (b"GET nowhere HTTP/1.1\r\nHost: localhost\r\n\r\n", b"400"),
        (b"GET / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n", b"400"),
        (b"GET / HTTP/1.1\r\nHost: localhost\r\nx: " + b"x" * MOST_HEAD_BYTES, b"431"),
    ],
)
def test_what_is_no_request_is_refused_and_the_connection_closed(
    api: Sandbox, sock: socket.socket, data: bytes, status: bytes
) -> None:
    for at in range(0, len(data), 10_000):
        sock.sendall(data[at : at + 10_000])
        time.sleep(0.01)
    assert until_closed(sock).startswith(b"HTTP/1.1 %b " % status)
    assert not api.requests


def test_wrong_bytes_after_a_request_do_not_keep_it_from_being_answered(sock: socket.socket) -> None:
    sock.sendall(request() + b"what is this?\r\n\r\n")
    data = until_closed(sock)
    assert data.startswith(b"HTTP/1.1 200 OK\r\n")
    assert b"HTTP/1.1 400 " in data


def test_paths_are_decoded_and_the_query_is_not_part_of_them(api: Sandbox, sock: socket.socket) -> None:
    sock.sendall(request(method="GET").replace(b"/v1/models", b"/v1/models/gpt%2D6%2Dluna?a=%31#x"))
    assert json.loads(reply(sock)[1])["id"] == "gpt-6-luna"
    assert api.requests[0].path == "/v1/models/gpt-6-luna"


class Streaming:
    """Answers every request with a stream of so many events, each after a delay."""

    def __init__(self, events: int, delay: float = 0.0) -> None:
        self.events, self.delay, self.taken = events, delay, 0

    def check(self, method: str, headers: object) -> None:
        pass

    def answer(self, request: Request, refusal: APIError | None) -> Reply | None:
        return Reply(200, {}, self.stream())

    def stream(self) -> Iterator[tuple[float, bytes]]:
        for number in range(self.events):
            self.taken += 1
            yield self.delay, b"<%d>" % number

    async def relay(self, request: Request, target: bytes, client: Relayed) -> Reply | None:
        raise NotImplementedError


def connected(application: Streaming) -> tuple[Connection, Wire]:
    wire = Wire()
    connection = Connection(application, set())
    connection.connection_made(wire)
    return connection, wire


def events(data: bytes) -> list[int]:
    return [int(number) for number in re.findall(rb"<(\d+)>", data)]


async def ticks(count: int) -> None:
    for _ in range(count):
        await asyncio.sleep(0)


@pytest.mark.anyio
async def test_a_burst_of_events_is_sent_before_the_next_is_made() -> None:
    streaming = Streaming(BURST + 3)
    connection, wire = connected(streaming)
    made: list[int] = []
    wire.write = lambda data: made.append(streaming.taken)  # type: ignore[method-assign]
    connection.data_received(request())
    await ticks(3)
    assert made == [BURST + 1, BURST + 3]


@pytest.mark.anyio
async def test_other_connections_have_their_turn_between_the_bursts_of_a_long_stream() -> None:
    long, short = Streaming(5 * BURST), Streaming(1)
    connection, wire = connected(long)
    other, other_wire = connected(short)
    connection.data_received(request())
    assert long.taken < 2 * BURST
    other.data_received(request())
    assert other_wire.writes
    assert long.taken < 2 * BURST
    await ticks(10)
    assert events(wire.received) == list(range(5 * BURST))
    assert wire.writes[-1].endswith(b"0\r\n\r\n")


@pytest.mark.anyio
async def test_events_that_were_waited_for_are_sent_one_by_one() -> None:
    connection, wire = connected(Streaming(4, delay=0.001))
    connection.data_received(request())
    while not wire.writes[-1].endswith(b"0\r\n\r\n"):
        await asyncio.sleep(0.001)
    assert [events(write) for write in wire.writes] == [[], [0], [1], [2], [3]]


@pytest.mark.anyio
async def test_a_client_that_does_not_read_is_waited_for() -> None:
    streaming = Streaming(10 * BURST)
    connection, wire = connected(streaming)
    connection.data_received(request())
    connection.pause_writing()
    assert not wire.is_reading()
    await ticks(20)
    assert streaming.taken < 3 * BURST
    connection.resume_writing()
    assert wire.is_reading()
    await ticks(20)
    assert events(wire.received) == list(range(10 * BURST))


@pytest.mark.anyio
async def test_a_client_that_goes_away_ends_its_stream() -> None:
    streaming = Streaming(10 * BURST)
    connection, _ = connected(streaming)
    connection.data_received(request())
    connection.connection_lost(None)
    taken = streaming.taken
    await ticks(20)
    assert streaming.taken == taken < 3 * BURST


def test_three_hundred_streams_at_once_are_complete_and_in_order(sandbox: MakeSandbox) -> None:
    async def stream(port: int) -> list[int]:
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        body = json.dumps(RESPONSE | {"stream": True, "reasoning": {"effort": "none"}})
        writer.write(request(body.encode(), headers="Connection: close\r\n"))
        data = await reader.read()
        writer.close()
        return [int(number) for number in re.findall(rb'"sequence_number":(\d+)', data)]

    async def all_at_once(port: int) -> list[list[int]]:
        return await asyncio.gather(*(stream(port) for _ in range(300)))

    with sandbox(latency=Latency(per_token=0.01)) as api:
        numbers = asyncio.run(all_at_once(port(api)))
    assert len(numbers) == 300
    assert all(counted == list(range(len(counted))) and len(counted) > 10 for counted in numbers)
