"""What `asyncio.gather` does for calls, and to them."""

import asyncio
import time
from collections.abc import Callable

import openai
import pytest
from openai import AsyncOpenAI

from sandbox import Sandbox


async def ask(times: int, return_exceptions: bool = False) -> list[object]:
    async with AsyncOpenAI(max_retries=0) as client:
        calls = [client.responses.create(model="gpt-6-luna", input="Hi") for _ in range(times)]
        return list(await asyncio.gather(*calls, return_exceptions=return_exceptions))


@pytest.mark.proves("gather-overlaps")
@pytest.mark.anyio
@pytest.mark.parametrize("times", [3, 8])
async def test_calls_that_take_equally_long_finish_together(sandbox: Callable[..., Sandbox], times: int) -> None:
    with sandbox(latency=0.5):
        started = time.perf_counter()
        assert len(await ask(times)) == times
        took = time.perf_counter() - started
    assert 0.5 <= took < 0.5 * times / 1.5


@pytest.mark.proves("gather-raises")
@pytest.mark.anyio
async def test_one_failure_is_raised_unless_asked_for_all(sandbox: Callable[..., Sandbox]) -> None:
    with sandbox("server_error"), pytest.raises(openai.InternalServerError):
        await ask(3)
    with sandbox("server_error"):
        results = await ask(3, return_exceptions=True)
    assert sum(isinstance(result, openai.InternalServerError) for result in results) == 1
    assert len(results) == 3
