"""What the SDK yields while it streams, and what it raises."""

import inspect
from collections.abc import Callable
from typing import Any, get_args

import httpx2
import openai
import pytest
from openai import AsyncOpenAI, OpenAI
from openai.types.chat import ChatCompletionChunk
from openai.types.responses import Response, ResponseStreamEvent

from openai_sandbox import Sandbox

from ..good_requests import HELLO, LUNA, RESPONSE
from ..made_up_server import client_of, stream_of, transport_of


def event_types() -> dict[type, str]:
    """Return the classes of all stream events and the type each names."""
    classes = get_args(get_args(ResponseStreamEvent)[0])
    return {cls: get_args(cls.model_fields["type"].annotation)[0] for cls in classes}


@pytest.mark.proves("text-delta-matches-three")
def test_three_types_contain_text_delta() -> None:
    assert sorted(name for name in event_types().values() if "text.delta" in name) == [
        "response.output_text.delta",
        "response.reasoning_summary_text.delta",
        "response.reasoning_text.delta",
    ]


@pytest.mark.proves("all-events-typed")
def test_every_event_has_a_type_and_a_chat_chunk_has_none() -> None:
    assert len(event_types()) > 50
    assert all(event_types().values())
    assert "type" not in ChatCompletionChunk.model_fields


@pytest.mark.proves("stream-usage-on-request")
def test_a_chat_stream_brings_usage_only_when_asked() -> None:
    said = " ".join(inspect.getsource(ChatCompletionChunk).split())
    assert 'only be present when you set `stream_options: {"include_usage": true}` in your request' in said
    assert "a null value **except for the last chunk** which contains the token usage statistics" in said
    assert "If the stream is interrupted or cancelled, you may not receive the final usage chunk" in said


@pytest.mark.proves("deltas-as-sent")
def test_a_delta_is_handed_on_however_long_it_is() -> None:
    deltas = ["H", "ello, and welcome to a delta of many words", "", " ", " then\n"]
    place = {"item_id": "msg_1", "output_index": 0, "content_index": 0, "logprobs": []}
    sent = [{"type": "response.output_text.delta", "sequence_number": 0, "delta": text} | place for text in deltas]
    client, _ = client_of(stream_of(*sent))
    with client:
        events = client.responses.create(model="gpt-6-luna", input="Hi", stream=True)
        assert [event.delta for event in events if event.type == "response.output_text.delta"] == deltas


@pytest.mark.proves("failed-is-yielded")
@pytest.mark.anyio
@pytest.mark.parametrize("status", ["failed", "incomplete"])
async def test_an_unhappy_end_is_an_event_and_not_an_exception(api: Sandbox, status: str) -> None:
    with OpenAI() as client:
        response: Response = client.responses.create(model="gpt-6-luna", input="Hi")
    ended = response.model_dump(mode="json") | {"status": status}
    answer = stream_of({"type": f"response.{status}", "sequence_number": 0, "response": ended})
    client, _ = client_of(answer)
    with client:
        events = list(client.responses.create(model="gpt-6-luna", input="Hi", stream=True))
    assert [event.type for event in events] == [f"response.{status}"]
    transport, _ = transport_of(answer)
    async with AsyncOpenAI(http_client=httpx2.AsyncClient(transport=transport)) as later:
        stream = await later.responses.create(model="gpt-6-luna", input="Hi", stream=True)
        assert [event.type async for event in stream] == [f"response.{status}"]


@pytest.mark.proves("failed-is-yielded")
@pytest.mark.anyio
@pytest.mark.parametrize(
    ("faults", "options", "last"),
    [
        ("failed_response", {}, "response.failed"),
        ("content_filter", {}, "response.incomplete"),
        (None, {"max_output_tokens": 16}, "response.incomplete"),
    ],
)
async def test_after_an_unhappy_end_there_is_no_final_response(
    sandbox: Callable[..., Sandbox], faults: str | None, options: dict[str, Any], last: str
) -> None:
    with sandbox(faults), OpenAI() as client, client.responses.stream(**RESPONSE, **options) as stream:
        assert [event.type for event in stream][-1] == last
        with pytest.raises(RuntimeError, match=r"response\.completed"):
            stream.get_final_response()
    with sandbox(faults):
        async with AsyncOpenAI() as later, later.responses.stream(**RESPONSE, **options) as events:
            with pytest.raises(RuntimeError, match=r"response\.completed"):
                await events.get_final_response()


@pytest.mark.proves("cut-stream-raises", "retried-statuses")
def test_a_cut_stream_raises_and_is_not_retried(sandbox: Callable[..., Sandbox]) -> None:
    with sandbox("cut_stream after=4") as api, OpenAI(max_retries=5) as client:
        seen: list[str] = []
        with pytest.raises(openai.APIConnectionError):
            seen.extend(event.type for event in client.responses.create(model="gpt-6-luna", input="Hi", stream=True))
        assert len(api.requests) == 1


@pytest.mark.proves("cut-stream-raises", "retried-statuses")
@pytest.mark.parametrize("api", ["chat.completions", "responses.stream", "chat.completions.stream"])
def test_any_stream_that_is_cut_raises_and_is_not_retried(sandbox: Callable[..., Sandbox], api: str) -> None:
    with sandbox("cut_stream after=3") as server, OpenAI(max_retries=5) as client:
        seen: list[Any] = []
        with pytest.raises(openai.APIConnectionError) as caught:
            if api == "chat.completions":
                seen.extend(client.chat.completions.create(**LUNA, messages=[HELLO], stream=True))
            elif api == "responses.stream":
                with client.responses.stream(**RESPONSE) as responses:
                    seen.extend(responses)
            else:
                with client.chat.completions.stream(**LUNA, messages=[HELLO]) as completions:
                    seen.extend(completions)
        assert type(caught.value) is openai.APIConnectionError
        assert len(server.requests) == 1


@pytest.mark.proves("cut-stream-raises", "retried-statuses")
@pytest.mark.anyio
async def test_a_cut_stream_of_the_asynchronous_client_raises_and_is_not_retried(
    sandbox: Callable[..., Sandbox],
) -> None:
    with sandbox("cut_stream after=4") as api:
        async with AsyncOpenAI(max_retries=5) as client:
            stream = await client.responses.create(model="gpt-6-luna", input="Hi", stream=True)
            with pytest.raises(openai.APIConnectionError):
                assert [event async for event in stream] == []
        assert len(api.requests) == 1


@pytest.mark.proves("cut-stream-raises")
def test_a_failure_before_the_stream_starts_is_retried(sandbox: Callable[..., Sandbox]) -> None:
    with sandbox("server_error retry_after_ms=1") as api, OpenAI() as client:
        assert list(client.responses.create(model="gpt-6-luna", input="Hi", stream=True))
        assert len(api.requests) == 2


@pytest.mark.proves("cut-stream-raises")
@pytest.mark.parametrize(("fault", "requests"), [("http_error status=400", 1), ("server_error retry_after_ms=1 x5", 3)])
@pytest.mark.parametrize("stream", [False, True])
def test_a_failure_before_the_stream_starts_is_retried_like_that_of_any_other_call(
    sandbox: Callable[..., Sandbox], fault: str, requests: int, stream: bool
) -> None:
    with sandbox(fault) as api, OpenAI() as client:
        with pytest.raises(openai.APIStatusError):
            client.responses.create(model="gpt-6-luna", input="Hi", stream=stream)
        assert len(api.requests) == requests


@pytest.mark.proves("error-event-raises")
def test_an_error_event_with_an_error_in_it_raises() -> None:
    error = {"message": "The server had an error", "type": "server_error", "param": None, "code": "server_error"}
    client, _ = client_of(stream_of({"type": "error", "sequence_number": 0, "error": error}))
    with client:
        stream = client.responses.create(model="gpt-6-luna", input="Hi", stream=True)
        with pytest.raises(openai.APIError, match="The server had an error"):
            list(stream)


OVER = [("rate_limit_error", "rate_limit_exceeded"), ("insufficient_quota", "credit_balance_exhausted")]


@pytest.mark.proves("error-event-raises")
@pytest.mark.parametrize(("type", "code"), OVER)
def test_what_is_status_429_elsewhere_is_only_an_api_error_in_a_stream(type: str, code: str) -> None:
    error = {"message": "No.", "type": type, "param": None, "code": code}
    client, sent = client_of(stream_of({"type": "error", "sequence_number": 2, "error": error}))
    with client, pytest.raises(openai.APIError) as caught:
        list(client.responses.create(model="gpt-6-luna", input="Hi", stream=True))
    assert caught.type is openai.APIError
    assert (caught.value.type, caught.value.code) == (type, code)
    assert len(sent) == 1


@pytest.mark.proves("error-event-raises")
@pytest.mark.parametrize(("type", "code"), OVER)
@pytest.mark.anyio
async def test_the_same_is_true_of_the_asynchronous_client(type: str, code: str) -> None:
    error = {"message": "No.", "type": type, "param": None, "code": code}
    transport, sent = transport_of(stream_of({"type": "error", "sequence_number": 2, "error": error}))
    async with AsyncOpenAI(http_client=httpx2.AsyncClient(transport=transport)) as client:
        stream = await client.responses.create(model="gpt-6-luna", input="Hi", stream=True)
        with pytest.raises(openai.APIError) as caught:
            [event async for event in stream]
    assert caught.type is openai.APIError
    assert (caught.value.type, caught.value.code) == (type, code)
    assert len(sent) == 1
