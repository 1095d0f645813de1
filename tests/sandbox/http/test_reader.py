"""The reader: bytes in, requests out."""

from collections.abc import Mapping
from http import HTTPStatus

import pytest

from openai_sandbox.http.access import MOST_BYTES
from openai_sandbox.http.reader import MOST_HEAD_BYTES, Incoming, Reader, UnreadableError
from openai_sandbox.wire.errors import APIError, error


class Found:
    """Records what a reader finds."""

    def __init__(self, refused: str = "") -> None:
        self.events: list[object] = []
        self._refused = refused

    def check(self, method: str, headers: Mapping[str, str]) -> None:
        self.events.append(("head", method, dict(headers)))
        if self._refused and self._refused in headers:
            raise error("origin_refused", origin=headers[self._refused])

    def allow_body(self) -> None:
        self.events.append("allow body")

    def receive(self, incoming: Incoming) -> None:
        self.events.append(incoming)

    @property
    def requests(self) -> list[Incoming]:
        return [event for event in self.events if isinstance(event, Incoming)]


def read(*pieces: bytes, refused: str = "") -> Found:
    found = Found(refused)
    reader = Reader(found)
    for piece in pieces:
        reader.feed(piece)
    return found


HEAD = b"POST /v1/responses?a=b HTTP/1.1\r\nHost: x\r\nX-Name: A\r\n"
WHOLE = HEAD + b"Content-Length: 2\r\n\r\n{}"


@pytest.mark.parametrize("size", [1, 2, 7, len(WHOLE)])
def test_a_request_is_the_same_however_its_bytes_are_cut(size: int) -> None:
    (incoming,) = read(*(WHOLE[at : at + size] for at in range(0, len(WHOLE), size))).requests
    request = incoming.request()
    assert (request.method, request.path, request.query, request.body) == ("POST", "/v1/responses", "a=b", b"{}")
    assert request.headers == {"host": "x", "x-name": "A", "content-length": "2"}


@pytest.mark.parametrize(
    ("sent", "chunked", "persistent"),
    [
        (b"GET / HTTP/1.1\r\nHost: x\r\n\r\n", True, True),
        (b"GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n", True, False),
        (b"GET / HTTP/1.0\r\nHost: x\r\n\r\n", False, False),
        (b"POST / HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\nContent-Length: 0\r\n\r\n", True, False),
        (b"GET / HTTP/1.1\r\nHost: x\r\nConnection: upgrade\r\nUpgrade: h2c\r\n\r\n", True, False),
    ],
)
def test_a_request_says_how_it_may_be_answered(sent: bytes, chunked: bool, persistent: bool) -> None:
    (incoming,) = read(sent).requests
    assert (incoming.chunked, incoming.persistent) == (chunked, persistent)


def test_requests_that_come_together_are_found_in_order() -> None:
    sent = b"".join(b"GET /%d HTTP/1.1\r\nHost: x\r\n\r\n" % number for number in range(3))
    assert [incoming.request().path for incoming in read(sent).requests] == ["/0", "/1", "/2"]


def test_a_path_is_decoded_and_its_query_is_not() -> None:
    (incoming,) = read(b"GET /a%2Fb?c=%2F HTTP/1.1\r\nHost: x\r\n\r\n").requests
    assert (incoming.request().path, incoming.request().query) == ("/a/b", "c=%2F")


def test_a_body_in_chunks_is_joined() -> None:
    sent = HEAD + b"Transfer-Encoding: chunked\r\n\r\n1\r\n{\r\n1\r\n}\r\n0\r\n\r\n"
    assert read(sent).requests[0].request().body == b"{}"


def test_the_head_is_checked_before_the_body_comes() -> None:
    found = read(HEAD + b"Content-Length: 2\r\n\r\n")
    assert found.events == [("head", "POST", {"host": "x", "x-name": "A", "content-length": "2"})]


def test_a_refused_request_is_passed_on_at_once_and_the_rest_of_it_is_not_kept() -> None:
    found = read(
        HEAD + b"Content-Length: 4\r\n\r\n", b"abcd", b"GET /next HTTP/1.1\r\nHost: x\r\n\r\n", refused="x-name"
    )
    refused, after = found.requests
    assert isinstance(refused.refusal, APIError)
    assert refused.body == []
    assert (after.request().path, after.refusal) == ("/next", None)


def test_a_client_that_asks_is_told_to_send_its_body() -> None:
    found = read(HEAD + b"Expect: 100-continue\r\nContent-Length: 2\r\n\r\n")
    assert found.events[-1] == "allow body"


def test_a_body_that_grows_too_large_is_refused_on_the_way() -> None:
    piece = b"%x\r\n%b\r\n" % (MOST_BYTES // 2 + 1, b"a" * (MOST_BYTES // 2 + 1))
    found = read(HEAD + b"Transfer-Encoding: chunked\r\n\r\n", piece, piece)
    (incoming,) = found.requests
    assert incoming.refusal
    assert incoming.refusal.status == 413


def test_a_body_behind_an_offer_of_another_protocol_is_read() -> None:
    sent = b"POST / HTTP/1.1\r\nHost: x\r\nConnection: upgrade\r\nUpgrade: h2c\r\nContent-Length: 4\r\n\r\n"
    assert read(sent + b"ab", b"cd").requests[0].body == [b"ab", b"cd"]


@pytest.mark.parametrize(
    ("sent", "status"),
    [
        (b"nonsense\r\n\r\n", HTTPStatus.BAD_REQUEST),
        (b"GET / HTTP/1.1\r\nBad Header: x\r\n\r\n", HTTPStatus.BAD_REQUEST),
        (b"GET / HTTP/1.1\r\nX: " + b"a" * MOST_HEAD_BYTES, HTTPStatus.REQUEST_HEADER_FIELDS_TOO_LARGE),
    ],
)
def test_what_cannot_be_understood_has_a_status(sent: bytes, status: HTTPStatus) -> None:
    with pytest.raises(UnreadableError) as caught:
        read(sent[:20], sent[20:])
    assert caught.value.status == status
