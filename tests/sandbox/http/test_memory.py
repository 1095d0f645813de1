"""A server gives memory back that its C library keeps, where that can be told to."""

import asyncio
import ctypes

import pytest

from openai_sandbox.http import memory


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
