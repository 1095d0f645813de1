"""Bytes in, requests out: what the reader tells its receiver, as a table."""

from collections.abc import Mapping

import httptools
import pytest

from openai_sandbox.http.access import MOST_BYTES
from openai_sandbox.http.reader import (
    LONGEST_KNOWN,
    MOST_HEAD_BYTES,
    MOST_KNOWN,
    Heads,
    Incoming,
    Reader,
    UnreadableError,
)
from openai_sandbox.wire.errors import error
from openai_sandbox.wire.messages import Request

POST = b"POST /v1/x HTTP/1.1\r\nHost: localhost\r\nContent-Length: 4\r\n"
GET = b"GET /v1/x HTTP/1.1\r\nHost: localhost\r\n"
OLD = b"GET /v1/x HTTP/1.0\r\nHost: localhost\r\n"
CHUNKED = b"POST /v1/x HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n"
UPGRADE = b"Connection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\n"
TOO_LONG = b"Content-Length: %d\r\n" % (MOST_BYTES + 1)


class Told:
    """Notes what the reader tells it. Lets in what does not name the host `evil`, and no body that is too long."""

    def __init__(self) -> None:
        self.events: list[str] = []
        self.received: list[Incoming] = []

    def check(self, method: str, headers: Mapping[str, str]) -> None:
        self.events.append(f"check {method}")
        if headers.get("host") == "evil":
            raise error("origin_refused", origin="evil")

    def allow_body(self) -> None:
        self.events.append("allow body")

    def receive(self, incoming: Incoming) -> None:
        body = incoming.body.decode()
        told = f"refused {incoming.refusal.status}" if incoming.refusal else f"request {body}"
        self.events.append(told.strip() + ("" if incoming.persistent else ", the last"))
        self.received.append(incoming)


def read(*pieces: bytes, heads: Heads | None = None) -> list[str]:
    """Return what a reader tells of these pieces, up to the one it cannot read. `heads` are known to it."""
    told = Told()
    reader = Reader(told, heads)
    for piece in pieces:
        try:
            reader.feed(piece)
        except UnreadableError as problem:
            told.events.append(f"unreadable {problem.status.value}")
            break
    return told.events


def only(data: bytes) -> Incoming:
    told = Told()
    Reader(told).feed(data)
    (incoming,) = told.received
    return incoming


WHOLE = {
    "nothing": (b"", []),
    "a line break": (b"\r\n", []),
    "a request without a body": (GET + b"\r\n", ["check GET", "request"]),
    "a request with a body": (POST + b"\r\nbody", ["check POST", "request body"]),
    "a body in chunks": (CHUNKED + b"1\r\nb\r\n3\r\nody\r\n0\r\n\r\n", ["check POST", "request body"]),
    "a body in chunks with a trailer": (
        CHUNKED + b"4\r\nbody\r\n0\r\nEtag: x\r\n\r\n",
        ["check POST", "request body"],
    ),
    "two requests": (
        POST + b"\r\nbody" + GET + b"\r\n",
        ["check POST", "request body", "check GET", "request"],
    ),
    "HEAD": (GET.replace(b"GET", b"HEAD") + b"\r\n", ["check HEAD", "request"]),
    "HTTP/1.0": (OLD + b"\r\n", ["check GET", "request, the last"]),
    "HTTP/1.0 that would go on": (OLD + b"Connection: keep-alive\r\n\r\n", ["check GET", "request, the last"]),
    "a client that closes": (GET + b"Connection: close\r\n\r\n", ["check GET", "request, the last"]),
    "another protocol": (GET + UPGRADE + b"\r\n", ["check GET", "request, the last"]),
    "another protocol, with a body": (POST + UPGRADE + b"\r\nbody", ["check POST", "request body, the last"]),
    "a client that asks before its body": (
        POST + b"Expect: 100-continue\r\n\r\nbody",
        ["check POST", "allow body", "request body, the last"],
    ),
    "a host that is not let in": (
        (POST + b"\r\nbody").replace(b"localhost", b"evil"),
        ["check POST", "refused 403"],
    ),
    "a host that is not let in, and the next request": (
        (POST + b"\r\nbody").replace(b"localhost", b"evil") + GET + b"\r\n",
        ["check POST", "refused 403", "check GET", "request"],
    ),
    "a host that is not let in asks before its body": (
        (POST + b"Expect: 100-continue\r\n\r\n").replace(b"localhost", b"evil"),
        ["check POST", "refused 403, the last"],
    ),
    "a host that is not let in wants another protocol": (
        (POST + UPGRADE + b"\r\nbody").replace(b"localhost", b"evil"),
        ["check POST", "refused 403, the last"],
    ),
    "no HTTP": (b"what is this?\r\n\r\n", ["unreadable 400"]),
    "no HTTP after a request": (GET + b"\r\nwhat is this?\r\n\r\n", ["check GET", "request", "unreadable 400"]),
    "two lengths": (POST + b"Transfer-Encoding: chunked\r\n\r\n", ["unreadable 400"]),
    "a length that is no number": (POST.replace(b"4", b"four") + b"\r\n", ["unreadable 400"]),
    "a chunk without a size": (CHUNKED + b"body\r\n", ["check POST", "unreadable 400"]),
}


@pytest.mark.parametrize("name", WHOLE)
@pytest.mark.parametrize("step", [1_000_000, 7, 1])
def test_however_bytes_are_cut_the_reader_tells_the_same(name: str, step: int) -> None:
    data, events = WHOLE[name]
    assert read(*(data[at : at + step] for at in range(0, len(data), step))) == events


PIECES = {
    "a head first": ([POST + b"\r\n"], ["check POST"]),
    "part of a body": ([POST + b"\r\nbo"], ["check POST"]),
    "part of a body for another protocol": ([POST + UPGRADE + b"\r\nbo"], ["check POST"]),
    "a body for another protocol, and more": (
        [POST + UPGRADE + b"\r\n", b"bo", b"dy and more"],
        ["check POST", "request body, the last"],
    ),
    "a question whether to send a body": ([POST + b"Expect: 100-continue\r\n\r\n"], ["check POST", "allow body"]),
    "what is left of a refused request": (
        [(POST + b"\r\n").replace(b"localhost", b"evil"), b"bo", b"dy", GET + b"\r\n"],
        ["check POST", "refused 403", "check GET", "request"],
    ),
    "a head that is not complete": ([GET], []),
    "a long head": ([GET + b"x: ", b"x" * MOST_HEAD_BYTES], ["unreadable 431"]),
    "as long a head as may be": ([GET + b"x: ", b"x" * (MOST_HEAD_BYTES - len(GET) - 3)], []),
    "a long head that comes at once": ([GET + b"x: " + b"x" * MOST_HEAD_BYTES + b"\r\n\r\n"], ["check GET", "request"]),
    "a long body": (
        [CHUNKED + b"%x\r\n" % MOST_BYTES, b"b" * MOST_BYTES, b"\r\n1\r\nb\r\n", b"1\r\nb\r\n0\r\n\r\n", GET + b"\r\n"],
        ["check POST", "refused 413", "check GET", "request"],
    ),
    "a long body for another protocol": (
        [POST.replace(b"Content-Length: 4\r\n", TOO_LONG) + UPGRADE + b"\r\n", b"b" * MOST_BYTES, b"b"],
        ["check POST", "refused 413, the last"],
    ),
}


@pytest.mark.parametrize("name", PIECES)
def test_the_reader_tells_as_soon_as_it_knows(name: str) -> None:
    pieces, events = PIECES[name]
    assert read(*pieces) == events


def told_besides_checks(events: list[str]) -> list[str]:
    return [event for event in events if not event.startswith("check")]


@pytest.mark.parametrize("name", [*WHOLE, *PIECES])
@pytest.mark.parametrize("step", [1_000_000, 7, 1])
def test_a_head_that_is_known_changes_nothing_but_that_it_is_not_checked_again(name: str, step: int) -> None:
    data = WHOLE[name][0] if name in WHOLE else b"".join(PIECES[name][0])
    if len(data) > MOST_HEAD_BYTES and step < 100:
        step = 65_537
    pieces = [data[at : at + step] for at in range(0, len(data), step)]
    heads: Heads = {}
    read(data, heads=heads)
    assert told_besides_checks(read(*pieces, heads=heads)) == told_besides_checks(read(*pieces))


def test_a_head_is_checked_once_however_often_it_is_sent() -> None:
    heads: Heads = {}
    request = POST + b"\r\nbody"
    assert read(request, request, heads=heads) == ["check POST", "request body", "request body"]
    assert read(POST + b"\r\n", b"bo", b"dy", GET + b"\r\n", heads=heads) == ["request body", "check GET", "request"]
    assert read(request + request, heads=heads) == ["check POST", "request body", "check POST", "request body"]
    assert read(POST + b"\r\n", b"body" + GET + b"\r\n", heads=heads) == ["request body", "request"]


@pytest.mark.parametrize(
    "head",
    [
        POST.replace(b"localhost", b"evil"),
        GET + b"Connection: close\r\n",
        GET + b"Expect: 100-continue\r\n",
        GET + UPGRADE,
        OLD,
        CHUNKED.removesuffix(b"\r\n"),
        GET + b"X: " + b"x" * LONGEST_KNOWN + b"\r\n",
    ],
)
def test_what_needs_another_look_is_not_remembered(head: bytes) -> None:
    heads: Heads = {}
    read(head + b"\r\n", heads=heads)
    assert heads == {}


def test_nothing_follows_the_last_request_of_a_connection_however_well_it_is_known() -> None:
    heads: Heads = {}
    read(GET + b"\r\n", heads=heads)
    last = GET + b"Connection: close\r\n\r\n"
    assert read(last, GET + b"\r\n", heads=heads) == read(last, GET + b"\r\n")


def test_few_heads_are_remembered() -> None:
    heads: Heads = {}
    for number in range(3 * MOST_KNOWN):
        read(GET + b"X: %d\r\n\r\n" % number, heads=heads)
    assert 0 < len(heads) <= MOST_KNOWN


def test_what_was_read_of_a_refused_body_is_not_kept() -> None:
    told = Told()
    reader = Reader(told)
    reader.feed(CHUNKED + b"%x\r\n" % (MOST_BYTES + 1))
    reader.feed(b"b" * (MOST_BYTES + 1))
    assert told.received[0].body == b""
    reader.feed(b"\r\n2\r\nbb\r\n")
    assert told.received[0].body == b""
    assert len(told.received) == 1


@pytest.mark.parametrize(
    ("data", "chunked", "persistent"),
    [
        (GET, True, True),
        (GET + b"Connection: close\r\n", True, False),
        (GET + UPGRADE, True, False),
        (GET + b"Expect: 100-continue\r\n", True, False),
        (OLD, False, False),
        (OLD + b"Connection: keep-alive\r\n", False, False),
    ],
)
def test_a_request_tells_what_its_client_understands(data: bytes, chunked: bool, persistent: bool) -> None:
    incoming = only(data + b"\r\n")
    assert (incoming.chunked, incoming.persistent) == (chunked, persistent)


@pytest.mark.parametrize(
    ("target", "path", "query"),
    [
        (b"/v1/x", "/v1/x", ""),
        (b"/v1/a%2Fb?a=%31&b#c", "/v1/a/b", "a=%31&b"),
        (b"/v1/%C3%A9", "/v1/é", ""),
        (b"http://localhost:1/v1/x?a=1", "/v1/x", "a=1"),
        (b"*", "*", ""),
    ],
)
def test_a_target_is_a_path_and_a_query(target: bytes, path: str, query: str) -> None:
    incoming = only(b"OPTIONS " + target + b" HTTP/1.1\r\nHost: localhost\r\nX-Name: Value\r\n\r\n")
    assert incoming.target == target
    assert incoming.request() == Request("OPTIONS", path, {"host": "localhost", "x-name": "Value"}, b"", query)


def test_a_target_that_is_no_path_is_unreadable() -> None:
    incoming = Incoming("GET", b"nowhere", {}, chunked=True, persistent=True)
    with pytest.raises(UnreadableError) as caught:
        incoming.request()
    assert caught.value.status == 400


def test_a_receiver_that_fails_is_told_apart_from_bytes_that_are_no_http() -> None:
    class Failing(Told):
        def receive(self, incoming: Incoming) -> None:
            raise RuntimeError

    with pytest.raises(httptools.HttpParserCallbackError):
        Reader(Failing()).feed(GET + b"\r\n")
