"""A server gives memory back that its C library keeps, where that can be told to."""

import asyncio
import ctypes
import gc
from typing import Any

import pytest

from openai_sandbox.core import Core
from openai_sandbox.http import memory

from ...good_requests import CHAT, FLAT_FUNCTION, LUNA, RESPONSES
from ..client import ask


class Glibc:
    """Notes what it is told."""

    def __init__(self, enough: asyncio.Event) -> None:
        self.told: list[tuple[int, ...]] = []
        self._enough = enough

    def mallopt(self, *given: int) -> int:
        self.told.append(given)
        return 1

    def malloc_trim(self, *given: int) -> int:
        self.told.append(given)
        if len(self.told) > 4:
            self._enough.set()
        return 1


@pytest.mark.anyio
async def test_memory_is_given_back_again_and_again(monkeypatch: pytest.MonkeyPatch) -> None:
    enough = asyncio.Event()
    library = Glibc(enough)
    monkeypatch.setattr(ctypes, "CDLL", lambda _: library)
    monkeypatch.setattr(memory, "INTERVAL", 0.001)
    memory.give_back(asyncio.get_running_loop())
    await asyncio.wait_for(enough.wait(), 10)
    assert library.told[:2] == [(-3, 131072), (0,)]


@pytest.mark.anyio
async def test_another_c_library_is_left_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ctypes, "CDLL", lambda _: object())
    memory.give_back(asyncio.get_running_loop())


MESSAGES = {"messages": [{"role": "user", "content": "Say hello"}]}


@pytest.mark.parametrize(
    ("path", "body"),
    [
        (RESPONSES, LUNA | {"input": "Say hello"}),
        (RESPONSES, LUNA | {"input": "Say hello", "stream": True}),
        (RESPONSES, LUNA | {"input": "What is the weather in Paris?", "tools": [FLAT_FUNCTION]}),
        (RESPONSES, LUNA | {"input": "Search the web for news", "tools": [{"type": "web_search"}], "stream": True}),
        (RESPONSES, LUNA | {"input": 5}),
        (CHAT, LUNA | MESSAGES),
        (CHAT, LUNA | MESSAGES | {"stream": True}),
        ("/v1/unheard/of", {}),
    ],
)
def test_answers_and_refusals_leave_no_cycles_for_the_collector(path: str, body: Any) -> None:
    core = Core(seed=1)
    ask(core, "POST", path, json=body)
    gc.collect()
    gc.disable()
    try:
        before = leftover(core, path, body, 1)
        assert leftover(core, path, body, 50) <= before
    finally:
        gc.enable()


def leftover(core: Core, path: str, body: Any, times: int) -> int:
    """Return how many objects only the collector gets rid of, after so many requests."""
    for _ in range(times):
        ask(core, "POST", path, json=body)
    return gc.collect()


@pytest.mark.anyio
async def test_a_server_collects_garbage_rarely(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ctypes, "CDLL", lambda _: object())
    before = gc.get_threshold()
    try:
        memory.manage(asyncio.get_running_loop())
        assert gc.get_threshold() == memory.THRESHOLDS
    finally:
        gc.set_threshold(*before)
