"""What `asyncio.gather` does for calls, and to them."""

import asyncio
import json
from collections import Counter
from collections.abc import Callable
from typing import Any

import httpx2
import openai
import pytest
from aiolimiter import AsyncLimiter
from openai import AsyncOpenAI

from docs.labs.measurements import simulated_time
from openai_sandbox import Sandbox


async def ask(times: int, return_exceptions: bool = False) -> list[object]:
    async with AsyncOpenAI(max_retries=0) as client:
        calls = [client.responses.create(model="gpt-6-luna", input="Hi") for _ in range(times)]
        return list(await asyncio.gather(*calls, return_exceptions=return_exceptions))


@pytest.mark.proves("gather-overlaps")
@pytest.mark.anyio
@pytest.mark.parametrize("times", [3, 8])
async def test_no_call_waits_for_another_one_to_finish(times: int) -> None:
    together = asyncio.Barrier(times)  # nobody is answered before all have asked

    async def answer(_: httpx2.Request) -> httpx2.Response:
        async with asyncio.timeout(10):
            await together.wait()
        return httpx2.Response(200, json={"id": "resp_1"})

    http_client = httpx2.AsyncClient(transport=httpx2.MockTransport(answer))
    async with AsyncOpenAI(http_client=http_client, max_retries=0) as client:
        calls = [client.responses.create(model="gpt-6-luna", input="Hi") for _ in range(times)]
        assert len(await asyncio.gather(*calls)) == times


@pytest.mark.proves("gather-raises")
@pytest.mark.anyio
async def test_one_failure_is_raised_unless_asked_for_all(sandbox: Callable[..., Sandbox]) -> None:
    with sandbox("server_error"), pytest.raises(openai.InternalServerError):
        await ask(3)
    with sandbox("server_error"):
        results = await ask(3, return_exceptions=True)
    assert sum(isinstance(result, openai.InternalServerError) for result in results) == 1
    assert len(results) == 3


@pytest.mark.proves("fan-out-retries")
@pytest.mark.anyio
async def test_each_call_of_a_gather_makes_its_own_retries(sandbox: Callable[..., Sandbox]) -> None:
    with sandbox("server_error retry_after_ms=1 x30") as api:
        async with AsyncOpenAI() as client:
            calls = [client.responses.create(model="gpt-6-luna", input=str(number)) for number in range(5)]
            results = await asyncio.gather(*calls, return_exceptions=True)
        assert all(isinstance(result, openai.InternalServerError) for result in results)
        assert Counter(request.body["input"] for request in api.requests) == dict.fromkeys("01234", 3)


@pytest.mark.proves("fan-out-retries")
def test_a_gather_that_raises_ends_the_retries_of_the_others_with_the_program() -> None:
    asked: Counter[str] = Counter()

    def answer(request: httpx2.Request) -> httpx2.Response:
        number = json.loads(request.content)["input"]
        asked[number] += 1
        wait = "1" if number == "0" else "60000"
        return httpx2.Response(500, json={"error": {}}, headers={"retry-after-ms": wait})

    async def main() -> None:
        http_client = httpx2.AsyncClient(transport=httpx2.MockTransport(answer))
        async with AsyncOpenAI(http_client=http_client) as client:
            await asyncio.gather(*(client.responses.create(model="gpt-6-luna", input=f"{n}") for n in range(5)))

    with pytest.raises(openai.InternalServerError):
        asyncio.run(main())
    assert asked == {"0": 3} | dict.fromkeys("1234", 1)


@pytest.mark.proves("gather-starts-all")
@pytest.mark.anyio
async def test_gather_puts_no_limit_on_what_is_under_way() -> None:
    under_way, most = 0, 0

    async def answer(_: httpx2.Request) -> httpx2.Response:
        nonlocal under_way, most
        under_way += 1
        most = max(most, under_way)
        await asyncio.sleep(0.1)
        under_way -= 1
        return httpx2.Response(200, json={"id": "resp_1"})

    http_client = httpx2.AsyncClient(transport=httpx2.MockTransport(answer))
    async with AsyncOpenAI(http_client=http_client) as client:
        await asyncio.gather(*(client.responses.create(model="gpt-6-luna", input="Hi") for _ in range(50)))
    assert most == 50
    async with AsyncOpenAI() as client:
        transport: Any = client._client._transport
        assert transport._pool._max_connections >= 50  # each has a connection


@pytest.mark.proves("aiolimiter-burst")
@pytest.mark.parametrize(
    ("limit", "period", "tasks", "starts"), [(1, 0.5, 3, [0, 0.5, 1]), (120, 60, 121, [0] * 120 + [0.5])]
)
def test_a_limiter_lets_its_whole_rate_through_at_once(
    limit: float, period: float, tasks: int, starts: list[float]
) -> None:
    async def measure() -> list[float]:
        limiter, clock = AsyncLimiter(limit, period), asyncio.get_running_loop().time

        async def start() -> float:
            async with limiter:
                return clock()

        return await asyncio.gather(*(start() for _ in range(tasks)))

    began = simulated_time.run(measure())
    assert [round(each - began[0], 1) for each in began] == starts


@pytest.mark.proves("gather-others-go-on")
@pytest.mark.anyio
async def test_after_one_failure_the_other_calls_are_answered_all_the_same() -> None:
    answered = 0

    async def answer(request: httpx2.Request) -> httpx2.Response:
        nonlocal answered
        if b'"fail"' in request.content:
            return httpx2.Response(400, json={"error": {"message": "No."}})
        await asyncio.sleep(0.1)
        answered += 1
        return httpx2.Response(200, json={"id": "resp_1"})

    http_client = httpx2.AsyncClient(transport=httpx2.MockTransport(answer))
    async with AsyncOpenAI(http_client=http_client) as client:
        create = client.responses.create
        calls = [asyncio.create_task(create(model="gpt-6-luna", input=text)) for text in ("Hi", "fail", "Hi")]
        with pytest.raises(openai.BadRequestError):
            await asyncio.gather(*calls)
        assert answered == 0
        await asyncio.wait(calls)
    assert answered == 2


@pytest.mark.proves("gather-others-go-on")
@pytest.mark.anyio
@pytest.mark.parametrize("retries", [0, 2])
async def test_the_other_calls_fail_once_their_client_is_closed(sandbox: Callable[..., Sandbox], retries: int) -> None:
    with sandbox("http_error status=400; ok latency=1; ok latency=1"):
        async with AsyncOpenAI(max_retries=retries) as client:
            create = client.responses.create
            calls = [asyncio.create_task(create(model="gpt-6-luna", input="Hi")) for _ in range(3)]
            with pytest.raises(openai.BadRequestError):
                await asyncio.gather(*calls)
        ended = await asyncio.gather(*calls, return_exceptions=True)
    assert Counter(isinstance(each, Exception) for each in ended) == {True: 3}


@pytest.mark.proves("coroutine-sends-nothing")
@pytest.mark.anyio
async def test_a_call_that_nobody_awaits_sends_nothing(api: Sandbox) -> None:
    async with AsyncOpenAI() as client:
        call = client.responses.create(model="gpt-6-luna", input="Hi")
        await asyncio.sleep(0)
        call.close()
    assert not api.requests
