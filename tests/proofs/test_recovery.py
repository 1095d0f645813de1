"""What recovering from errors rests on: what a retry sends, what ends a call early, what a stream leaves open."""

import asyncio
import inspect
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, get_args

import httpx2
import openai
import pytest
from openai import AsyncOpenAI, OpenAI
from openai.resources.responses import Responses
from openai.types.responses import ResponseStreamEvent

from openai_sandbox import Sandbox

from ..made_up_server import always, client_of, stream_of, transport_of

RESPONSES = " ".join(inspect.getsource(Responses).split())


def sent_by_both(status: int, headers: dict[str, str], **arguments: Any) -> list[list[httpx2.Request]]:
    """Return what `OpenAI` and `AsyncOpenAI` send for a response if their server answers so each time."""
    answer = always(status, json={"error": {}}, headers={"retry-after-ms": "1"} | headers)
    client, sent = client_of(answer)
    with client, pytest.raises(openai.APIStatusError):
        client.responses.create(model="gpt-6-luna", input="Say hello", **arguments)
    transport, sent_too = transport_of(answer)

    async def call() -> None:
        async with AsyncOpenAI(http_client=httpx2.AsyncClient(transport=transport)) as asynchronous:
            with pytest.raises(openai.APIStatusError):
                await asynchronous.responses.create(model="gpt-6-luna", input="Say hello", **arguments)

    asyncio.run(call())
    return [sent, sent_too]


@pytest.mark.proves("should-retry-header")
@pytest.mark.parametrize(("header", "requests"), [("false", 1), ("true", 3)])
@pytest.mark.parametrize("status", [400, 401, 402, 403, 404, 408, 409, 413, 418, 422, 429, 500, 502, 503, 504, 529])
def test_the_reply_may_say_whether_to_try_again(status: int, header: str, requests: int) -> None:
    sent = sent_by_both(status, {"x-should-retry": header})
    assert [len(each) for each in sent] == [requests, requests]


@pytest.mark.proves("should-retry-header")
@pytest.mark.parametrize(("pause", "requests"), [("120", 2), ("121", 1)])
def test_no_reply_gets_a_retry_after_more_than_two_minutes(pause: str, requests: int) -> None:
    headers = {"x-should-retry": "true", "retry-after": pause}
    client, sent = client_of(always(400, json={}, headers=headers), always(400, json={}))
    client._sleep_for_retry = lambda **_: None  # type: ignore[method-assign]
    with client, pytest.raises(openai.BadRequestError):
        client.models.list()
    assert len(sent) == requests


@pytest.mark.proves("retry-repeats-request")
def test_a_retry_is_the_same_request_without_an_idempotency_key() -> None:
    for sent in sent_by_both(500, {}, extra_body={"more": 1}):
        assert len({request.content for request in sent}) == 1
        assert [request.headers.pop("x-stainless-retry-count") for request in sent] == ["0", "1", "2"]
        assert len({tuple(sorted(request.headers.items())) for request in sent}) == 1
        assert not [name for name in sent[0].headers if "idempotency" in name]


@contextmanager
def dripping(pause: float, pieces: int) -> Iterator[str]:
    """Serve an answer piece by piece and yield the server's address."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            self.rfile.read(int(self.headers["content-length"]))
            self.send_response(200)
            self.send_header("content-type", "application/json")
            self.send_header("content-length", str(pieces + 1))
            self.end_headers()
            for piece in [b"{"] + [b" "] * (pieces - 1) + [b"}"]:
                self.wfile.write(piece)
                time.sleep(pause)

        def log_message(self, *args: object) -> None:
            """Say nothing."""

        def handle_one_request(self) -> None:
            """Bear with a client that goes away."""
            try:
                super().handle_one_request()
            except OSError:
                self.close_connection = True

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}/v1"
        server.shutdown()


@pytest.mark.proves("timeout-per-read")
def test_a_dripping_answer_outlasts_the_timeout() -> None:
    with dripping(0.05, 15) as address, OpenAI(base_url=address, timeout=0.4, max_retries=0) as client:
        started = time.monotonic()
        client.responses.create(model="gpt-6-luna", input="Say hello")
        assert time.monotonic() - started > 0.6


@pytest.mark.proves("timeout-per-read")
def test_an_answer_that_stops_coming_ends_the_attempt() -> None:
    sent: list[httpx2.Request] = []
    http = openai.DefaultHttpxClient(event_hooks={"request": [sent.append]})
    with dripping(0.6, 2) as address:
        client = OpenAI(base_url=address, timeout=0.2, max_retries=1, http_client=http)
        with client, pytest.raises(openai.APITimeoutError):
            client.responses.create(model="gpt-6-luna", input="Say hello")
    assert len(sent) == 2


@pytest.mark.proves("asyncio-timeout-ends-call")
@pytest.mark.anyio
async def test_a_deadline_ends_a_dripping_answer() -> None:
    with dripping(0.05, 15) as address:
        async with AsyncOpenAI(base_url=address) as client:
            started = time.monotonic()
            with pytest.raises(TimeoutError):
                async with asyncio.timeout(0.2):
                    await client.responses.create(model="gpt-6-luna", input="Say hello")
            assert time.monotonic() - started < 0.6


@pytest.mark.proves("asyncio-timeout-ends-call")
@pytest.mark.anyio
@pytest.mark.parametrize("faults", ["timeout", "rate_limit retry_after=60"])
async def test_a_deadline_ends_tries_and_waits(sandbox: Callable[..., Sandbox], faults: str) -> None:
    with sandbox(faults):
        async with AsyncOpenAI() as client:
            started = time.monotonic()
            with pytest.raises(TimeoutError) as caught:
                async with asyncio.timeout(0.2):
                    await client.models.list()
            assert time.monotonic() - started < 1
    assert not isinstance(caught.value, openai.OpenAIError)


@pytest.mark.proves("early-end-raises-nothing")
def test_a_stream_may_end_early_without_a_word() -> None:
    delta = {"type": "response.output_text.delta", "sequence_number": 4, "delta": "Good"}
    client, _ = client_of(stream_of(delta))
    with client:
        events = list(client.responses.create(model="gpt-6-luna", input="Say hello", stream=True))
    assert [event.type for event in events] == ["response.output_text.delta"]


@pytest.mark.proves("early-end-raises-nothing")
@pytest.mark.anyio
async def test_a_stream_of_the_asynchronous_client_may_end_early_without_a_word() -> None:
    transport, _ = transport_of(
        stream_of({"type": "response.output_text.delta", "sequence_number": 4, "delta": "Good"})
    )
    async with AsyncOpenAI(http_client=httpx2.AsyncClient(transport=transport)) as client:
        stream = await client.responses.create(model="gpt-6-luna", input="Say hello", stream=True)
        assert [event.type async for event in stream] == ["response.output_text.delta"]


@pytest.mark.proves("starting-after")
def test_a_response_can_be_asked_for_its_later_events(api: Sandbox) -> None:
    with OpenAI() as client:
        stream = client.responses.create(model="gpt-6-luna", input="Say hello", background=True, stream=True)
        id = next(event.response.id for event in stream if event.type == "response.created")
        asked: list[httpx2.URL] = []
        hooks = {"request": [lambda request: asked.append(request.url)]}
        with client.with_options(http_client=openai.DefaultHttpxClient(event_hooks=hooks)) as watched:
            list(watched.responses.retrieve(id, stream=True, starting_after=5))
        stream.close()
    assert dict(asked[0].params) == {"stream": "true", "starting_after": "5"}
    assert "starting_after: The sequence number of the event after which to start streaming." in RESPONSES
    events = get_args(get_args(ResponseStreamEvent)[0])
    assert all("sequence_number" in event.model_fields for event in events)


@pytest.mark.proves("cap-includes-reasoning")
def test_the_cap_on_output_holds_for_reasoning_too() -> None:
    assert (
        "max_output_tokens: An upper bound for the number of tokens that can be generated for a response, including "
        "visible output tokens and [reasoning tokens]" in RESPONSES
    )


@pytest.mark.proves("no-answer-no-id")
def test_without_an_answer_there_is_no_id(sandbox: Callable[..., Sandbox]) -> None:
    with sandbox("connection_drop; timeout"), OpenAI(max_retries=0, timeout=0.2) as client:
        for kind in (openai.APIConnectionError, openai.APITimeoutError):
            with pytest.raises(kind) as caught:
                client.models.list()
            assert not hasattr(caught.value, "request_id")


@pytest.mark.proves("no-answer-no-id")
@pytest.mark.anyio
async def test_the_id_of_a_stream_that_breaks_off_is_in_its_headers(sandbox: Callable[..., Sandbox]) -> None:
    asked: Any = {"model": "gpt-6-luna", "stream": True}
    messages: Any = [{"role": "user", "content": "Say hello"}]
    with sandbox("cut_stream after=4; cut_stream after=2; cut_stream after=4; cut_stream after=2"):
        with OpenAI() as client:
            for stream in (
                client.responses.create(**asked, input="Say hello"),
                client.chat.completions.create(**asked, messages=messages),
            ):
                with pytest.raises(openai.APIConnectionError) as caught:
                    list(stream)
                assert not hasattr(caught.value, "request_id")
                assert stream.response.headers["x-request-id"].startswith("req_")
        async with AsyncOpenAI() as later:
            for events in (
                await later.responses.create(**asked, input="Say hello"),
                await later.chat.completions.create(**asked, messages=messages),
            ):
                with pytest.raises(openai.APIConnectionError) as caught:
                    [event async for event in events]
                assert not hasattr(caught.value, "request_id")
                assert events.response.headers["x-request-id"].startswith("req_")


@pytest.mark.proves("no-answer-no-id")
def test_the_objects_of_the_stream_helpers_have_no_response(sandbox: Callable[..., Sandbox]) -> None:
    with sandbox(), OpenAI() as client:
        with client.responses.stream(model="gpt-6-luna", input="Say hello") as responses:
            assert not hasattr(responses, "response")
        messages: Any = [{"role": "user", "content": "Say hello"}]
        with client.chat.completions.stream(model="gpt-6-luna", messages=messages) as completions:
            assert not hasattr(completions, "response")
