"""How streams end, and what a program sees of it."""

import contextlib
import inspect
import json
from collections.abc import Callable
from typing import Any, get_overloads

import httpx2
import pytest
from openai import AsyncOpenAI, OpenAI, pydantic_function_tool
from openai.resources.responses import Responses
from openai.types.chat import ChatCompletion, ChatCompletionStreamOptionsParam
from openai.types.chat.chat_completion_chunk import ChoiceDelta
from openai.types.responses import Response
from pydantic import BaseModel, ValidationError

from openai_sandbox import Sandbox

from ..good_requests import HELLO, LUNA, RESPONSE
from ..made_up_server import client_of, stream_of, transport_of


@pytest.mark.proves("early-end-raises-nothing")
def test_a_stream_that_is_closed_properly_too_early_raises_nothing(sandbox: Callable[..., Sandbox]) -> None:
    with sandbox("end_early; ok; end_early"), OpenAI() as client:
        cut = [event.type for event in client.responses.create(**RESPONSE, stream=True)]
        whole = [event.type for event in client.responses.create(**RESPONSE, stream=True)]
        chunks = list(client.chat.completions.create(**LUNA, messages=[HELLO], stream=True))
    assert whole[-1] == "response.completed"
    assert cut[-1] == "response.output_text.delta"
    assert chunks[-1].choices[0].finish_reason is None


@pytest.mark.proves("early-end-raises-nothing")
def test_the_stream_manager_raises_when_it_is_asked_for_the_whole_answer(sandbox: Callable[..., Sandbox]) -> None:
    with sandbox("end_early"), OpenAI() as client, client.responses.stream(**RESPONSE) as stream:
        assert [event.type for event in stream][-1] == "response.output_text.delta"
        with pytest.raises(RuntimeError, match=r"Didn't receive a `?response\.completed`? event"):
            stream.get_final_response()


@pytest.mark.proves("early-end-raises-nothing")
def test_the_stream_manager_of_chat_returns_the_text_that_came(sandbox: Callable[..., Sandbox]) -> None:
    with sandbox("end_early"), OpenAI() as client, client.chat.completions.stream(**LUNA, messages=[HELLO]) as stream:
        came = "".join(event.delta for event in stream if event.type == "content.delta")
        (choice,) = stream.get_final_completion().choices
    ended: str | None = choice.finish_reason  # its type says that it is never None
    assert (choice.message.content, ended) == (came, None)
    assert came


class Weather(BaseModel):
    """Get the weather."""

    city: str
    country: str


@pytest.mark.proves("early-end-raises-nothing")
def test_arguments_of_a_strict_tool_that_are_cut_off_raise_what_reads_them(sandbox: Callable[..., Sandbox]) -> None:
    strict: Any = pydantic_function_tool(Weather, name="get_weather")
    as_dictionary: Any = {"type": "function", "function": {**strict["function"]}}
    loose: Any = {"type": "function", "function": {**strict["function"], "strict": False}}
    asked: Any = {"role": "user", "content": "Weather in Paris?"}
    for tool, raised in ((strict, ValidationError), (as_dictionary, json.JSONDecodeError), (loose, None)):
        with sandbox("end_early") as api, OpenAI() as client:
            api.when("Paris").call("get_weather", city="Paris", country="France")
            with client.chat.completions.stream(
                **LUNA, messages=[asked], tools=[tool], reasoning_effort="none"
            ) as stream:
                for _ in stream:
                    pass
                with pytest.raises(raised) if raised else contextlib.nullcontext():
                    stream.get_final_completion()


@pytest.mark.proves("starting-after")
def test_a_stream_can_be_asked_for_from_an_event_on() -> None:
    said = " ".join(" ".join(inspect.getdoc(each) or "" for each in get_overloads(Responses.retrieve)).split())
    assert "starting_after: The sequence number of the event after which to start streaming." in said


@pytest.mark.proves("stream-is-no-response")
@pytest.mark.anyio
async def test_a_stream_is_not_the_answer(api: Sandbox) -> None:
    with OpenAI() as client:
        for stream in (
            client.responses.create(**RESPONSE, stream=True),
            client.chat.completions.create(**LUNA, messages=[HELLO], stream=True),
        ):
            for name in ("output_text", *Response.model_fields, *ChatCompletion.model_fields):
                with pytest.raises(AttributeError, match=f"'Stream' object has no attribute '{name}'"):
                    getattr(stream, name)
            stream.close()
    async with AsyncOpenAI() as asynchronous:
        later: Any = await asynchronous.responses.create(**RESPONSE, stream=True)
        with pytest.raises(TypeError, match="'AsyncStream' object is not iterable"):
            iter(later)
        await later.close()


@pytest.mark.proves("stream-usage-on-request")
def test_usage_comes_in_a_chunk_of_its_own() -> None:
    said = " ".join(inspect.getsource(ChatCompletionStreamOptionsParam).split())
    assert "an additional chunk will be streamed before the `data: [DONE]` message" in said
    assert "the `choices` field will always be an empty array" in said
    assert "If the stream is interrupted, you may not receive the final usage chunk" in said
    assert ChoiceDelta.model_fields["content"].default is None


@pytest.mark.proves("error-event-yielded")
@pytest.mark.anyio
async def test_an_error_event_without_an_error_in_it_is_yielded() -> None:
    event = {"type": "error", "sequence_number": 0, "code": "server_error", "message": "Sorry.", "param": None}
    client, _ = client_of(stream_of(event))
    with client:
        (yielded,) = client.responses.create(**RESPONSE, stream=True)
    assert yielded.type == "error"
    assert yielded.message == "Sorry."
    client, _ = client_of(stream_of(event))
    with client, client.responses.stream(**RESPONSE) as stream, pytest.raises(RuntimeError, match=r"response\.created"):
        list(stream)
    transport, _ = transport_of(stream_of(event))
    async with AsyncOpenAI(http_client=httpx2.AsyncClient(transport=transport)) as later:
        assert [got.type async for got in await later.responses.create(**RESPONSE, stream=True)] == ["error"]
        async with later.responses.stream(**RESPONSE) as events:
            with pytest.raises(RuntimeError, match=r"response\.created"):
                [got async for got in events]
