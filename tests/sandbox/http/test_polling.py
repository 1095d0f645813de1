"""A loop that looks again before it sleeps."""

import asyncio
import resource
import selectors
import socket
import sys
import time
from contextlib import closing

import pytest

from openai_sandbox.http.polling import LOOKS, Polling, event_loop


class Counted(selectors.DefaultSelector):
    """Counts how often it is looked, and how often with patience."""

    looks = waits = 0

    def select(self, timeout: float | None = None) -> list[tuple[selectors.SelectorKey, int]]:
        self.looks += 1
        self.waits += timeout is None or timeout > 0
        found: list[tuple[selectors.SelectorKey, int]] = super().select(timeout)
        return found


class CountedPolling(Polling, Counted):
    """Looks through `Counted`."""


@pytest.fixture
def selector() -> CountedPolling:
    return CountedPolling()


def test_what_has_come_is_found_without_waiting(selector: CountedPolling) -> None:
    ours, theirs = socket.socketpair()
    with ours, theirs, selector:
        selector.register(ours, selectors.EVENT_READ)
        theirs.send(b"x")
        assert [key.fileobj for key, _ in selector.select()] == [ours]
        assert (selector.looks, selector.waits) == (1, 0)


@pytest.mark.parametrize(("timeout", "looks", "waits"), [(0.0, 1, 0), (-1.0, 1, 0), (0.001, LOOKS + 1, 1)])
def test_it_waits_after_some_looks_where_it_may_wait(
    selector: CountedPolling, timeout: float, looks: int, waits: int
) -> None:
    with selector:
        assert selector.select(timeout) == []
    assert (selector.looks, selector.waits) == (looks, waits)


def test_a_loop_that_has_nothing_to_do_sleeps() -> None:
    async def idle() -> None:
        await asyncio.sleep(0.5)

    with asyncio.Runner(loop_factory=event_loop) as runner:
        before, started = resource.getrusage(resource.RUSAGE_THREAD).ru_utime, time.monotonic()
        runner.run(idle())
    assert time.monotonic() - started >= 0.5
    assert resource.getrusage(resource.RUSAGE_THREAD).ru_utime - before < 0.2


def test_on_one_core_the_loop_is_the_usual_one(monkeypatch: pytest.MonkeyPatch) -> None:
    for cores, expected in ((1, False), (2, sys.platform != "win32")):
        monkeypatch.setattr("os.cpu_count", lambda cores=cores: cores)
        with closing(event_loop()) as loop:
            assert isinstance(getattr(loop, "_selector", None), Polling) is expected
