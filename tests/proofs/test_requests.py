"""What one call sends."""

import logging
from collections.abc import Callable
from typing import Any

import pytest
from openai import AsyncOpenAI, AsyncStream, OpenAI, Stream
from openai.types.responses import Response

from openai_sandbox import Sandbox


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
    assert [exchange.body.keys() for exchange in api.requests] == [{"model", "input"}, {"model", "messages"}]


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
def test_the_request_id_is_on_the_object(api: Sandbox) -> None:
    with OpenAI() as client:
        raw = client.responses.with_raw_response.create(model="gpt-6-luna", input="Say hello")
    assert raw.parse()._request_id == raw.headers["x-request-id"]


@pytest.mark.proves("log-without-prompt")
@pytest.mark.parametrize("stream", [False, True])
def test_the_log_holds_the_request_id_and_not_what_was_said(
    sandbox: Callable[..., Sandbox], caplog: pytest.LogCaptureFixture, stream: bool
) -> None:
    retried = sandbox("server_error retry_after_ms=1")
    with retried, OpenAI() as client, caplog.at_level(logging.DEBUG, logger="openai"):
        reply = client.responses.create(model="gpt-6-luna", input="Why is the sky blue?", stream=stream)
        events = [] if isinstance(reply, Response) else list(reply)
    logged = "".join(str(vars(record)) for record in caplog.records if record.name.startswith("openai"))
    assert "req_" in logged
    assert bool(events) == stream
    assert not [word for word in ("sky", "Rayleigh") if word in logged]


@pytest.mark.proves("log-without-prompt")
@pytest.mark.parametrize("stream", [False, True])
def test_the_log_of_a_chat_holds_neither_prompt_nor_answer(
    api: Sandbox, caplog: pytest.LogCaptureFixture, stream: bool
) -> None:
    with OpenAI() as client, caplog.at_level(logging.DEBUG, logger="openai"):
        messages: Any = [{"role": "user", "content": "Why is the sky blue?"}]
        said = client.chat.completions.create(model="gpt-6-luna", messages=messages, stream=stream)
        parts = str(list(said) if isinstance(said, Stream) else said)
    assert_nothing_said(caplog, parts)


@pytest.mark.proves("log-without-prompt")
@pytest.mark.anyio
@pytest.mark.parametrize("stream", [False, True])
async def test_the_log_of_the_asynchronous_client_holds_neither_prompt_nor_answer(
    api: Sandbox, caplog: pytest.LogCaptureFixture, stream: bool
) -> None:
    async with AsyncOpenAI() as client:
        with caplog.at_level(logging.DEBUG, logger="openai"):
            said = await client.responses.create(model="gpt-6-luna", input="Why is the sky blue?", stream=stream)
            parts = str(said) if isinstance(said, Response) else str([event async for event in said])
            messages: Any = [{"role": "user", "content": "Why is the sky blue?"}]
            chat = await client.chat.completions.create(model="gpt-6-luna", messages=messages, stream=stream)
            parts += str([part async for part in chat] if isinstance(chat, AsyncStream) else chat)
    assert_nothing_said(caplog, parts)


def assert_nothing_said(caplog: pytest.LogCaptureFixture, answer: str) -> None:
    logged = "".join(str(vars(record)) for record in caplog.records if record.name.startswith("openai"))
    assert "req_" in logged
    assert "light" in answer.lower(), "the answer has a word to look for"
    assert not [word for word in ("sky", "Rayleigh", "scatter", "light") if word in logged]
