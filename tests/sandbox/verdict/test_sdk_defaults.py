"""The SDK as it comes, under every fault there is, its answers handed on as they are: nothing is found."""

import asyncio
from collections.abc import Callable
from typing import Any

import pytest
from openai import APIError, AsyncOpenAI, OpenAI

from openai_sandbox.faults import KINDS, plan
from openai_sandbox.observation import ending, lull, settled
from openai_sandbox.verdict import Outcome, judge

from ..client import MakeSandbox

PROMPT = "Write a haiku about coding"
ASKED: dict[str, Any] = {"model": "gpt-6-luna", "messages": [{"role": "user", "content": PROMPT}]}


def plain(client: OpenAI) -> object:
    return client.responses.create(model="gpt-6-luna", input=PROMPT)


def streamed(client: OpenAI) -> object:
    return list(client.responses.create(model="gpt-6-luna", input=PROMPT, stream=True))


def chat(client: OpenAI) -> object:
    return client.chat.completions.create(**ASKED)


def chat_streamed(client: OpenAI) -> object:
    return list(client.chat.completions.create(**ASKED, stream=True))


def asynchronous(_: OpenAI) -> object:
    async def ask() -> object:
        async with AsyncOpenAI() as client:
            both = client.responses.create(model="gpt-6-luna", input=PROMPT), client.chat.completions.create(**ASKED)
            return await asyncio.gather(*both, return_exceptions=True)

    return asyncio.run(ask())


def asynchronous_streamed(_: OpenAI) -> object:
    async def ask() -> object:
        async with AsyncOpenAI() as client:
            chunks = [chunk async for chunk in await client.chat.completions.create(**ASKED, stream=True)]
            stream = await client.responses.create(model="gpt-6-luna", input=PROMPT, stream=True)
            return chunks, [event async for event in stream]

    return asyncio.run(ask())


WAYS = (plain, streamed, chat, chat_streamed, asynchronous, asynchronous_streamed)
# So that each test does not wait for half a second and more: a client waits as long as a server says.
BRIEFLY = {"connection_drop": "connection_drop", "http_error": "http_error status=409 x3 retry_after_ms=30"}


@pytest.mark.parametrize("fault", [kind.name for kind in KINDS.values() if not kind.of_deliveries])
def test_the_sdk_as_it_comes_does_nothing_wrong(sandbox: MakeSandbox, fault: str) -> None:
    directive = BRIEFLY.get(fault, f"{fault} x3 retry_after_ms=30")
    for way in WAYS if fault not in ("timeout", "connection_drop", "cut_stream") else (plain, chat_streamed):
        with sandbox(ending(plan(directive.replace("x3", "") if fault == "timeout" else directive), 0.05)) as api:
            lull(api.core, 0.02)
            returned = handed_on(way)
            verdict = judge(settled(api.requests), outcome(returned))
        assert not verdict, f"{way.__name__} under {directive}\n{verdict}"
        assert verdict.requests


def handed_on(way: Callable[[OpenAI], object]) -> object:
    """Return what a call returns, or the exception that it raises."""
    with OpenAI() as client:
        try:
            return way(client)
        except (APIError, ValueError) as problem:
            return problem


def outcome(returned: object) -> Outcome:
    return Outcome(raised=True) if isinstance(returned, Exception) else Outcome(returned=returned)


def test_many_calls_of_one_client_at_once_do_nothing_wrong(sandbox: MakeSandbox) -> None:
    async def ask_all() -> None:
        async with AsyncOpenAI(max_retries=5) as client:
            await asyncio.gather(
                *(client.responses.create(model="gpt-6-luna", input=PROMPT) for _ in range(8)),
                *(client.chat.completions.create(**ASKED) for _ in range(4)),
            )

    with sandbox("rate_limit x6 retry_after_ms=60; server_error x3; connection_drop") as api:
        asyncio.run(ask_all())
        assert not judge(settled(api.requests))


def test_the_same_refused_request_from_several_tasks_is_no_retry(sandbox: MakeSandbox) -> None:
    async def ask_all() -> None:
        async with AsyncOpenAI() as client:
            calls = (client.responses.create(model="gpt-6-luna", input=PROMPT) for _ in range(6))
            await asyncio.gather(*calls, return_exceptions=True)

    with sandbox("bad_key x6") as api:
        asyncio.run(ask_all())
        assert not judge(settled(api.requests))


def test_many_calls_that_share_few_connections_do_nothing_wrong(sandbox: MakeSandbox) -> None:
    async def ask_all() -> None:
        async with AsyncOpenAI(max_retries=5) as client:
            few = asyncio.Semaphore(2)

            async def ask() -> None:
                async with few:
                    await client.responses.create(model="gpt-6-luna", input=PROMPT)

            await asyncio.gather(*(ask() for _ in range(10)))

    with sandbox("ok x2; rate_limit retry_after_ms=60; ok x3; rate_limit x2 retry_after_ms=60") as api:
        asyncio.run(ask_all())
        assert not judge(settled(api.requests))
