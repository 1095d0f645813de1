"""A reply in, frames out: the bytes and waits that the writer yields, as a table."""

from collections.abc import Iterator
from http import HTTPStatus

import pytest

from openai_sandbox.http.reader import Incoming
from openai_sandbox.http.writer import BURST, Step, Writer, rejection
from openai_sandbox.wire.messages import Reply

OK = b"HTTP/1.1 200 OK\r\n"
CHUNKED = b"transfer-encoding: chunked\r\n"
CLOSE = b"connection: close\r\n"
END = b"0\r\n\r\n"


def incoming(method: str = "GET", *, chunked: bool = True, persistent: bool = True) -> Incoming:
    return Incoming(method, b"/", {}, chunked, persistent)


MODERN = incoming()
LAST = incoming(persistent=False)
OLD = incoming(chunked=False, persistent=False)
HEAD = incoming("HEAD")


def stream(*events: bytes | float) -> Iterator[tuple[float, bytes]]:
    """Yield events; a number is the seconds to wait before the next."""
    delay = 0.0
    for event in events:
        if isinstance(event, bytes):
            yield delay, event
            delay = 0.0
        else:
            delay = event


REPLIES: dict[str, tuple[Incoming, Reply, list[Step], bool]] = {
    "a whole body": (
        MODERN,
        Reply(200, {"a": "b"}, b"body"),
        [(OK + b"content-length: 4\r\na: b\r\n\r\nbody", None)],
        True,
    ),
    "no body": (MODERN, Reply(200, {}, b""), [(OK + b"content-length: 0\r\n\r\n", None)], True),
    "the last reply": (
        LAST,
        Reply(200, {}, b"body"),
        [(OK + b"content-length: 4\r\n" + CLOSE + b"\r\nbody", None)],
        False,
    ),
    "HTTP/1.0": (
        OLD,
        Reply(200, {}, b"body"),
        [(OK + b"content-length: 4\r\n" + CLOSE + b"\r\nbody", None)],
        False,
    ),
    "HEAD": (HEAD, Reply(200, {}, b"body"), [(OK + b"content-length: 4\r\n\r\n", None)], True),
    "204": (
        MODERN,
        Reply(204, {}, b"body"),
        [(b"HTTP/1.1 204 No Content\r\ncontent-length: 4\r\n\r\n", None)],
        True,
    ),
    "304": (
        MODERN,
        Reply(304, {}, stream(b"a")),
        [(b"HTTP/1.1 304 Not Modified\r\n\r\n", None)],
        True,
    ),
    "a status without a name": (
        MODERN,
        Reply(599, {}, b""),
        [(b"HTTP/1.1 599 \r\ncontent-length: 0\r\n\r\n", None)],
        True,
    ),
    "a header that is not ASCII": (
        MODERN,
        Reply(200, {"a": "é"}, b""),
        [(OK + b"content-length: 0\r\na: \xe9\r\n\r\n", None)],
        True,
    ),
    "a delay": (
        MODERN,
        Reply(200, {}, b"body", delay=0.5),
        [(b"", 0.5), (OK + b"content-length: 4\r\n\r\nbody", None)],
        True,
    ),
    "a body that is cut": (
        MODERN,
        Reply(200, {"a": "b", "content-length": "9"}, b"body", ending="cut"),
        [(OK + b"content-length: 9\r\na: b\r\n\r\nbody", None)],
        True,
    ),
    "dropped": (MODERN, Reply(200, {}, b"body", ending="drop"), [], True),
    "dropped after a delay": (MODERN, Reply(200, {}, b"body", delay=0.5, ending="drop"), [(b"", 0.5)], True),
    "hanging": (MODERN, Reply(200, {}, stream(b"a"), ending="hang"), [], True),
    "a stream of nothing": (MODERN, Reply(200, {}, stream()), [(OK + CHUNKED + b"\r\n" + END, None)], True),
    "a stream of one event": (
        MODERN,
        Reply(200, {"a": "b"}, stream(b"one")),
        [(OK + b"a: b\r\n" + CHUNKED + b"\r\n3\r\none\r\n" + END, None)],
        True,
    ),
    "a stream of some events": (
        MODERN,
        Reply(200, {}, stream(b"one", b"two", b"three")),
        [(OK + CHUNKED + b"\r\nb\r\nonetwothree\r\n" + END, None)],
        True,
    ),
    "a stream with waits": (
        MODERN,
        Reply(200, {}, stream(b"one", 0.1, b"two", b"three", 0.2, b"four", b"five")),
        [
            (OK + CHUNKED + b"\r\n3\r\none\r\n", 0.1),
            (b"8\r\ntwothree\r\n", 0.2),
            (b"8\r\nfourfive\r\n" + END, None),
        ],
        True,
    ),
    "a stream whose first event is waited for": (
        MODERN,
        Reply(200, {}, stream(0.1, b"one"), delay=0.5),
        [(b"", 0.5), (OK + CHUNKED + b"\r\n", 0.1), (b"3\r\none\r\n" + END, None)],
        True,
    ),
    "an empty event ends nothing": (
        MODERN,
        Reply(200, {}, stream(b"", b"two")),
        [(OK + CHUNKED + b"\r\n3\r\ntwo\r\n" + END, None)],
        True,
    ),
    "a stream that is cut": (
        MODERN,
        Reply(200, {}, stream(b"one", b"two"), ending="cut"),
        [(OK + CHUNKED + b"\r\n6\r\nonetwo\r\n", None)],
        True,
    ),
    "a stream as the last reply": (
        LAST,
        Reply(200, {}, stream(b"one")),
        [(OK + CHUNKED + CLOSE + b"\r\n3\r\none\r\n" + END, None)],
        False,
    ),
    "a stream over HTTP/1.0": (
        OLD,
        Reply(200, {}, stream(b"one", b"two")),
        [(OK + CLOSE + b"\r\nonetwo", None)],
        False,
    ),
    "a stream that ends with the connection": (
        incoming(chunked=False),
        Reply(200, {}, stream(b"one")),
        [(OK + CLOSE + b"\r\none", None)],
        False,
    ),
    "a stream after HEAD": (HEAD, Reply(200, {}, stream(b"one")), [(OK + b"\r\n", None)], True),
}


@pytest.mark.parametrize("name", REPLIES)
def test_a_reply_is_frames_and_waits(name: str) -> None:
    asked, reply, steps, persistent = REPLIES[name]
    writer = Writer(asked)
    assert list(writer.steps(reply)) == steps
    assert writer.persistent == persistent


@pytest.mark.parametrize("events", [1, 2, BURST, BURST + 1, BURST + 2, 3 * BURST, 3 * BURST + 5])
def test_a_long_stream_is_bursts_with_a_turn_for_others_after_each(events: int) -> None:
    steps = list(Writer(OLD).steps(Reply(200, {}, stream(*[b"x"] * events))))
    sizes = [len(data.rpartition(b"\r\n\r\n")[2]) for data, _ in steps]
    bursts = (events - 1) // BURST
    assert sizes == [*[BURST] * bursts, events - bursts * BURST]
    assert [seconds for _, seconds in steps] == [*[0.0] * bursts, None]


def test_a_burst_is_sent_when_the_next_event_is_made() -> None:
    made: list[int] = []

    def events() -> Iterator[tuple[float, bytes]]:
        for number in range(2 * BURST):
            made.append(number)
            yield 0.0, b"x"

    steps = Writer(MODERN).steps(Reply(200, {}, events()))
    assert made == []
    next(steps)
    assert len(made) == BURST + 1
    next(steps)
    assert len(made) == 2 * BURST


def test_a_connection_that_ends_says_so_in_a_head_not_yet_sent() -> None:
    writer = Writer(MODERN)
    steps = writer.steps(Reply(200, {}, b"", delay=0.5))
    next(steps)
    writer.persistent = False
    assert CLOSE in next(steps)[0]


RELAYED: dict[str, tuple[Incoming, int, bool, list[bytes], bytes, bool]] = {
    "of a known length": (MODERN, 200, True, [b"one", b""], OK + b"a: b\r\n\r\none", True),
    "of no known length": (
        MODERN,
        200,
        False,
        [b"one", b"", b"four"],
        OK + b"a: b\r\n" + CHUNKED + b"\r\n3\r\none\r\n4\r\nfour\r\n" + END,
        True,
    ),
    "over HTTP/1.0": (OLD, 200, False, [b"one"], OK + b"a: b\r\n" + CLOSE + b"\r\none", False),
    "of no known length, to HEAD": (HEAD, 200, False, [b"one"], OK + b"a: b\r\n\r\n", True),
    "of a known length, to HEAD": (HEAD, 200, True, [], OK + b"a: b\r\n\r\n", True),
    "without a body": (MODERN, 204, False, [b"one"], b"HTTP/1.1 204 No Content\r\na: b\r\n\r\n", True),
}


@pytest.mark.parametrize("name", RELAYED)
def test_what_is_relayed_is_written_piece_by_piece(name: str) -> None:
    asked, status, sized, pieces, data, persistent = RELAYED[name]
    writer = Writer(asked)
    written = [writer.head(status, [("a", "b")], sized=sized), *map(writer.frame, pieces), writer.end()]
    assert b"".join(written) == data
    assert writer.persistent == persistent


def test_a_header_may_be_relayed_twice() -> None:
    head = Writer(MODERN).head(200, [("a", "b"), ("a", "c")], sized=True)
    assert head == OK + b"a: b\r\na: c\r\n\r\n"


@pytest.mark.parametrize(
    ("status", "line"),
    [
        (HTTPStatus.BAD_REQUEST, b"HTTP/1.1 400 Bad Request\r\n"),
        (HTTPStatus.REQUEST_HEADER_FIELDS_TOO_LARGE, b"HTTP/1.1 431 Request Header Fields Too Large\r\n"),
    ],
)
def test_a_rejection_is_a_whole_reply_and_the_last(status: HTTPStatus, line: bytes) -> None:
    assert rejection(status) == line + b"content-length: 0\r\n" + CLOSE + b"\r\n"
