"""The writer: a reply in, frames and waits out."""

from collections.abc import Iterable

import pytest

from openai_sandbox.http.reader import Incoming
from openai_sandbox.http.writer import BURST, Step, Writer
from openai_sandbox.wire.messages import Ending, Reply


def writer(method: str = "GET", *, chunked: bool = True, persistent: bool = True) -> Writer:
    return Writer(Incoming(method, b"/", {}, chunked, persistent))


def stream(events: Iterable[tuple[float, bytes]], ending: Ending = "complete") -> Reply:
    return Reply(200, {"a": "b"}, iter(list(events)), ending=ending)


OK = b"HTTP/1.1 200 OK\r\n"
CHUNKED = OK + b"a: b\r\ntransfer-encoding: chunked\r\n\r\n"


@pytest.mark.parametrize(
    ("reply", "to", "steps"),
    [
        (Reply(200, {"a": "b"}, b"{}"), writer(), [(OK + b"content-length: 2\r\na: b\r\n\r\n{}", None)]),
        (
            Reply(200, {}, b"{}", delay=0.5),
            writer(persistent=False),
            [(b"", 0.5), (OK + b"content-length: 2\r\nconnection: close\r\n\r\n{}", None)],
        ),
        (Reply(200, {}, b"{}"), writer("HEAD"), [(OK + b"content-length: 2\r\n\r\n", None)]),
        (Reply(499, {}, b""), writer(), [(b"HTTP/1.1 499 \r\ncontent-length: 0\r\n\r\n", None)]),
        (Reply(200, {}, b"", ending="hang"), writer(), []),
        (Reply(200, {}, b"", ending="drop"), writer(), []),
        (stream([(0.0, b"1")]), writer(), [(CHUNKED + b"1\r\n1\r\n", None), (b"0\r\n\r\n", None)]),
        (
            stream([(0.0, b"1"), (0.2, b"2")]),
            writer(),
            [(CHUNKED + b"1\r\n1\r\n", None), (b"", 0.2), (b"1\r\n2\r\n", None), (b"0\r\n\r\n", None)],
        ),
        (stream([(0.0, b"1")], "cut"), writer(), [(CHUNKED + b"1\r\n1\r\n", None), (b"", None)]),
        (
            stream([(0.0, b"1")]),
            writer(chunked=False),
            [(OK + b"a: b\r\nconnection: close\r\n\r\n1", None), (b"", None)],
        ),
    ],
)
def test_a_reply_is_these_bytes_and_waits(reply: Reply, to: Writer, steps: list[Step]) -> None:
    assert list(to.steps(reply)) == steps


def test_events_that_need_not_wait_go_out_in_bursts_after_the_first() -> None:
    sent = list(writer().steps(stream((0.0, b"x") for _ in range(2 * BURST + 2))))
    assert [seconds for _, seconds in sent] == [None, 0.0, 0.0, None]
    assert [data.count(b"x") for data, _ in sent] == [1, BURST, BURST, 1]
    assert sent[1][0] == b"%x\r\n%b\r\n" % (BURST, b"x" * BURST), "a burst is one chunk"


def test_a_stream_of_unknown_length_ends_the_connection_of_an_old_client() -> None:
    old = writer(chunked=False, persistent=True)
    list(old.steps(stream([])))
    assert not old.persistent
