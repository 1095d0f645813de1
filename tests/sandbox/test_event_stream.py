"""The reader of event streams takes what the API writes, and nothing else."""

import pytest

from .event_stream import Frame, events_of, frames_of, is_done

NAMED = 'event: a.b\ndata: {"type":"a.b"}\n\n'
CHUNK = 'data: {"id":"1"}\n\n'
DONE = "data: [DONE]\n\n"


def test_events_have_names_or_not_and_the_end_is_no_event() -> None:
    assert frames_of(NAMED + DONE) == [Frame("a.b", '{"type":"a.b"}'), Frame(None, "[DONE]")]
    assert events_of(NAMED + NAMED) == [{"type": "a.b"}] * 2
    assert events_of(CHUNK + DONE) == [{"id": "1"}]
    assert is_done(CHUNK + DONE)
    assert not is_done(CHUNK)


@pytest.mark.parametrize(
    "stream",
    [
        NAMED.removesuffix("\n"),
        "data:{}\n\n",
        "event: a\ndata: {}\ndata: {}\n\n",
        ": a comment\n\n",
        'event: other\ndata: {"type":"a.b"}\n\n',
        'data: {"type":"a.b"}\n\n',
    ],
)
def test_what_the_api_does_not_write_fails(stream: str) -> None:
    with pytest.raises(AssertionError):
        events_of(stream)
