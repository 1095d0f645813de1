"""A server gives memory back that its C library keeps, where that can be told to."""

import asyncio
import ctypes

import pytest

from openai_sandbox.http import memory


@pytest.mark.anyio
async def test_memory_is_given_back_again_and_again(monkeypatch: pytest.MonkeyPatch) -> None:
    given: list[int] = []
    enough = asyncio.Event()

    def trim(pad: int) -> int:
        given.append(pad)
        if len(given) > 2:
            enough.set()
        return 1

    monkeypatch.setattr(memory, "trimmer", lambda: trim)
    monkeypatch.setattr(memory, "INTERVAL", 0.001)
    memory.give_back(asyncio.get_running_loop())
    await asyncio.wait_for(enough.wait(), 10)


def test_another_c_library_is_left_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ctypes, "CDLL", lambda _: object())
    assert memory.trimmer() is None


def test_glibc_is_told() -> None:
    trim = memory.trimmer()
    assert trim is None or trim(0) in (0, 1)
