"""What one call sends."""

import asyncio
import logging
from collections.abc import Callable
from contextlib import nullcontext
from typing import Any

import httpx2
import openai
import pytest
from openai import AsyncOpenAI, OpenAI

from openai_sandbox import Sandbox

from ..made_up_server import always, client_of, stream_of, transport_of


@pytest.mark.proves("request-shape")
def test_a_call_is_one_post_with_the_key_in_a_header(api: Sandbox) -> None:
    with OpenAI() as client:
        client.responses.create(model="gpt-6-luna", input="Hi")
    (exchange,) = api.requests
    assert (exchange.method, exchange.path) == ("POST", "/v1/responses")
    assert exchange.headers["authorization"].startswith("Bearer sk-")
    assert exchange.headers["content-type"] == "application/json"
    assert exchange.body["model"] == "gpt-6-luna"
    assert exchange.body["input"] == "Hi"


@pytest.mark.proves("unset-parameters-not-sent")
def test_only_what_was_passed_is_sent(api: Sandbox) -> None:
    with OpenAI() as client:
        client.responses.create(model="gpt-6-luna", input="Hi")
        client.chat.completions.create(model="gpt-6-luna", messages=[{"role": "user", "content": "Hi"}])

    async def ask_both() -> None:
        async with AsyncOpenAI() as later:
            await later.responses.create(model="gpt-6-luna", input="Hi")
            await later.chat.completions.create(model="gpt-6-luna", messages=[{"role": "user", "content": "Hi"}])

    asyncio.run(ask_both())
    assert [exchange.body.keys() for exchange in api.requests] == [{"model", "input"}, {"model", "messages"}] * 2


@pytest.mark.proves("calls-are-independent")
def test_a_second_call_carries_nothing_from_the_first(api: Sandbox) -> None:
    with OpenAI() as client:
        first = client.responses.create(model="gpt-6-luna", input="Hi", instructions="Be brief.")
        client.responses.create(model="gpt-6-luna", input="Say hello")
        client.responses.create(model="gpt-6-luna", input="Say hello", previous_response_id=first.id)
    _, second, third = api.requests[:3]
    assert second.body == {"model": "gpt-6-luna", "input": "Say hello"}
    assert first.id not in repr(second)
    with OpenAI() as other:
        other.responses.create(model="gpt-6-luna", input="Say hello")
    alone = api.requests[-1]
    assert (second.body, dict(second.headers)) == (
        alone.body,
        dict(alone.headers),
    )  # as if there had been no first call
    assert third.body["previous_response_id"] == first.id


@pytest.mark.proves("request-id")
def test_the_request_id_is_on_the_object() -> None:
    client, _ = client_of(always(json={"id": "resp_1"}, headers={"x-request-id": "req_2"}))
    with client:
        assert client.responses.create(model="gpt-6-luna", input="Hi")._request_id == "req_2"
        raw = client.responses.with_raw_response.create(model="gpt-6-luna", input="Hi")
    assert raw.parse()._request_id == "req_2"
    completed = {"type": "response.completed", "sequence_number": 0, "response": {"id": "resp_1", "output": []}}
    streamed = stream_of(completed, headers={"x-request-id": "req_2"})
    client, _ = client_of(streamed)
    with client:
        stream = client.responses.create(model="gpt-6-luna", input="Hi", stream=True)
        events: list[Any] = list(stream)
    assert stream.response.headers["x-request-id"] == "req_2"
    assert not [one for one in (stream, *events, events[0].response) if hasattr(one, "_request_id")]


@pytest.mark.proves("request-id")
@pytest.mark.anyio
async def test_the_request_id_is_on_the_object_of_the_asynchronous_client() -> None:
    transport, _ = transport_of(always(json={"id": "resp_1"}, headers={"x-request-id": "req_2"}))
    async with AsyncOpenAI(http_client=httpx2.AsyncClient(transport=transport)) as client:
        assert (await client.responses.create(model="gpt-6-luna", input="Hi"))._request_id == "req_2"


PROMPT = "Why is the sky blue?"
ANSWERED, REFUSED = "server_error retry_after_ms=1", "context_length"


def calls(client: OpenAI, stream: bool) -> None:
    """Ask with every kind of call, and read the answers to their end."""
    message: Any = [{"role": "user", "content": PROMPT}]
    for ask in (
        lambda: client.responses.create(model="gpt-6-luna", input=PROMPT, stream=stream),
        lambda: client.responses.create(model="gpt-6-luna", input=message, stream=stream),
        lambda: client.chat.completions.create(model="gpt-6-luna", messages=message, stream=stream),
    ):
        reply: Any = ask()
        parts = list(reply) if stream else [reply]
        assert "light" in str(parts), "the answer has a word to look for"
        assert not stream or len(parts) > 3


async def asynchronous_calls(client: AsyncOpenAI, stream: bool) -> None:
    """Do the same with the other client."""
    message: Any = [{"role": "user", "content": PROMPT}]
    for ask in (
        lambda: client.responses.create(model="gpt-6-luna", input=PROMPT, stream=stream),
        lambda: client.chat.completions.create(model="gpt-6-luna", messages=message, stream=stream),
    ):
        reply: Any = await ask()
        parts = [event async for event in reply] if stream else [reply]
        assert "light" in str(parts), "the answer has a word to look for"
        assert not stream or len(parts) > 3


@pytest.mark.proves("log-without-prompt")
@pytest.mark.parametrize("stream", [False, True])
@pytest.mark.parametrize("faults", [ANSWERED, REFUSED])
@pytest.mark.parametrize("asynchronous", [False, True])
def test_the_log_holds_the_request_id_and_not_what_was_said(
    sandbox: Callable[..., Sandbox], caplog: pytest.LogCaptureFixture, stream: bool, faults: str, asynchronous: bool
) -> None:
    async def run() -> None:
        async with AsyncOpenAI() as client:
            await asynchronous_calls(client, stream)

    with sandbox(faults) as api, caplog.at_level(logging.DEBUG, logger="openai"):
        with pytest.raises(openai.BadRequestError) if faults == REFUSED else nullcontext():
            if asynchronous:
                asyncio.run(run())
            else:
                with OpenAI() as client:
                    calls(client, stream)
        assert PROMPT in repr(api.requests)
    logged = "".join(str(vars(record)) for record in caplog.records if record.name.startswith("openai"))
    assert "req_" in logged
    assert not [word for word in ("sky", "Rayleigh", "scatter", "light") if word in logged]


@pytest.mark.proves("calls-are-independent")
def test_a_cookie_of_the_server_is_all_that_goes_along() -> None:
    headers = {"set-cookie": "__cf_bm=abc; domain=.openai.com; path=/"}
    client, sent = client_of(always(json={"id": "resp_1"}, headers=headers), base_url="https://api.openai.com/v1")
    with client:
        for _ in range(2):
            client.responses.create(model="gpt-6-luna", input="Say hello")
    first, second = (dict(one.headers.items()) for one in sent)
    assert second.pop("cookie") == "__cf_bm=abc"
    assert first == second
    assert sent[0].content == sent[1].content
