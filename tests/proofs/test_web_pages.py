"""What a web app makes of streams: FastAPI behind a real uvicorn, with the guide's app and with small ones."""

import asyncio
import json
import threading
import time
from collections.abc import AsyncIterator, Callable, Iterator
from typing import Any

import fastapi.routing
import httpx2
import pytest
from fastapi import Depends, FastAPI, HTTPException, Request
from fastapi.sse import EventSourceResponse
from openai import AsyncOpenAI

from openai_sandbox import Sandbox
from openai_sandbox.stages.latency import Latency
from snippets.guides.stream_to_a_web_page.web_app import app as guide_app

from ..good_requests import RESPONSE
from ..served_app import served

MakeSandbox = Callable[..., Sandbox]
ASKED = {"question": "Say hello"}


def is_left(api: Sandbox) -> bool:
    """Tell whether the API's client closes the connection of the only request, before it has the whole reply."""
    (request,) = api.requests
    deadline = time.monotonic() + 10
    while request.trace.delivery == "open" and time.monotonic() < deadline:
        if request.trace.link and request.trace.link.closed:
            return True
        time.sleep(0.01)
    return request.trace.delivery == "left"


@pytest.mark.proves("closed-stream-leaves")
@pytest.mark.anyio
async def test_closing_a_stream_before_its_end_closes_its_connection(sandbox: MakeSandbox) -> None:
    with sandbox(latency=Latency(lull=60)) as api:
        async with AsyncOpenAI() as client:
            async with await client.responses.create(**RESPONSE, stream=True) as stream:
                await anext(stream)
                link = api.requests[0].trace.link
                assert link and not link.closed
            assert await asyncio.to_thread(is_left, api)
            assert (await client.models.list()).data, "the client can still be used"


@pytest.mark.proves("reader-leaves")
def test_a_reader_who_leaves_ends_the_call_even_if_nothing_is_coming(sandbox: MakeSandbox) -> None:
    # All of the text comes at once, then nothing for a minute.
    with sandbox(latency=Latency(lull=60)) as api, served(guide_app) as browser:
        with browser.stream("POST", "/answers", json=ASKED) as reply:
            assert next(reply.iter_lines()) == 'data: {"text": "Hello"}'
        assert is_left(api)


def holding(seen: list[str], done: threading.Event) -> Any:
    """Return a dependency that says when it ends."""

    async def hold() -> AsyncIterator[None]:
        try:
            yield
        finally:
            seen.append("the dependency ends")
            done.set()

    return Depends(hold)


@pytest.mark.proves("reader-leaves")
def test_the_endpoint_is_canceled_and_then_its_dependencies_finish() -> None:
    app, seen, done = FastAPI(), [], threading.Event()

    @app.get("/", response_class=EventSourceResponse, dependencies=[holding(seen, done)])
    async def events() -> AsyncIterator[Any]:
        yield "the first"
        try:
            await asyncio.Event().wait()
        except asyncio.CancelledError:
            seen.append("the endpoint is canceled")
            raise

    with served(app) as browser:
        with browser.stream("GET", "/") as reply:
            lines = reply.iter_lines()
            assert next(lines) == 'data: "the first"'
            assert seen == []
        assert done.wait(10)
    assert seen == ["the endpoint is canceled", "the dependency ends"]


@pytest.mark.proves("reader-leaves")
def test_a_plain_function_goes_on_until_its_next_event() -> None:
    app, seen, go_on, done = FastAPI(), [], threading.Event(), threading.Event()

    @app.get("/", response_class=EventSourceResponse, dependencies=[holding(seen, done)])
    def events() -> Iterator[Any]:
        yield "the first"
        go_on.wait(10)
        seen.append("the endpoint goes on")
        yield "the second"
        seen.append("the endpoint goes further")

    with served(app) as browser:
        with browser.stream("GET", "/") as reply:
            assert next(reply.iter_lines()) == 'data: "the first"'
        assert not done.wait(0.5)
        go_on.set()
        assert done.wait(10)
    assert seen == ["the endpoint goes on", "the dependency ends"]


@pytest.mark.proves("dependency-not-canceled")
def test_a_dependency_goes_on_after_the_reader_has_left() -> None:
    app, done = FastAPI(), threading.Event()

    async def wait(request: Request) -> None:
        while not await request.is_disconnected():
            await asyncio.sleep(0.01)
        await asyncio.sleep(0.1)
        done.set()

    @app.get("/", response_class=EventSourceResponse, dependencies=[Depends(wait)])
    async def events() -> AsyncIterator[Any]:
        yield {}

    with served(app) as browser:
        with pytest.raises(httpx2.ReadTimeout):
            browser.get("/", timeout=httpx2.Timeout(30, read=0.2))
        assert done.wait(10)


@pytest.mark.proves("dependency-not-canceled")
def test_a_call_is_retried_although_the_reader_left_before_the_answer_began(sandbox: MakeSandbox) -> None:
    with sandbox("rate_limit retry_after_ms=1000") as api, served(guide_app) as browser:
        with pytest.raises(httpx2.ReadTimeout):
            browser.post("/answers", json=ASKED, timeout=httpx2.Timeout(30, read=0.3))
        assert len(api.requests) == 1
        deadline = time.monotonic() + 10
        while len(api.requests) < 2 and time.monotonic() < deadline:
            time.sleep(0.01)
        assert [request.status for request in api.requests] == [429, 200]


def test_a_reader_who_stays_gets_it_all(sandbox: MakeSandbox) -> None:
    with sandbox() as api, served(guide_app) as browser:
        reply = browser.post("/answers", json=ASKED)
        assert reply.text.endswith('event: end\ndata: "complete"\n\n')
        assert not is_left(api)


@pytest.mark.proves("late-status")
def test_what_the_endpoint_raises_is_no_status() -> None:
    app = FastAPI()

    async def refuse() -> None:
        raise HTTPException(503)

    @app.get("/endpoint", response_class=EventSourceResponse)
    async def endpoint(busy: bool = True) -> AsyncIterator[Any]:
        if busy:
            raise HTTPException(503)
        yield {}

    @app.get("/dependency", response_class=EventSourceResponse, dependencies=[Depends(refuse)])
    async def dependency() -> AsyncIterator[Any]:
        yield {}

    with served(app) as browser:
        assert browser.get("/dependency").status_code == 503
        with browser.stream("GET", "/endpoint") as reply:
            assert reply.status_code == 200
            with pytest.raises(httpx2.RemoteProtocolError):
                reply.read()


@pytest.mark.parametrize(
    "faults", ["rate_limit retry_after_ms=1 x2", "overloaded retry_after_ms=1 x2", "connection_drop x2"]
)
def test_a_reader_is_told_by_a_status_that_the_api_is_busy(sandbox: MakeSandbox, faults: str) -> None:
    with sandbox(faults), served(guide_app) as browser:
        reply = browser.post("/answers", json=ASKED)
        assert (reply.status_code, reply.headers["retry-after"]) == (503, "30")
        assert browser.post("/answers", json=ASKED).status_code == 200, "the next one is answered"


def test_a_mistake_of_ours_is_no_reason_to_come_back(sandbox: MakeSandbox) -> None:
    with sandbox("bad_key"), served(guide_app) as browser:
        reply = browser.post("/answers", json=ASKED)
        assert reply.status_code == 500
        assert "retry-after" not in reply.headers
        assert "key" not in reply.text


@pytest.mark.parametrize(
    "faults", ["cut_stream after=6", "end_early", "stream_error", "failed_response", "content_filter"]
)
def test_every_answer_that_is_not_whole_ends_with_an_event_that_says_so(sandbox: MakeSandbox, faults: str) -> None:
    with sandbox(faults), served(guide_app) as browser:
        reply = browser.post("/answers", json=ASKED)
        assert reply.status_code == 200
        assert reply.text.endswith('event: failed\ndata: "The answer broke off."\n\n')


@pytest.mark.proves("sse-headers")
def test_what_is_streamed_is_marked_as_not_to_be_kept_back(api: Sandbox) -> None:
    with served(guide_app) as browser:
        headers = browser.post("/answers", json=ASKED).headers
    assert headers["content-type"] == "text/event-stream; charset=utf-8"
    assert headers["cache-control"] == "no-cache"
    assert headers["x-accel-buffering"] == "no"


@pytest.mark.proves("sse-headers")
def test_an_event_source_response_that_is_returned_is_not_marked() -> None:
    app = FastAPI()

    async def events() -> AsyncIterator[bytes]:
        yield b"data: 1\n\n"

    @app.get("/")
    async def returned() -> EventSourceResponse:
        return EventSourceResponse(events())

    with served(app) as browser:
        headers = browser.get("/").headers
    assert headers["content-type"] == "text/event-stream; charset=utf-8"
    assert not {"cache-control", "x-accel-buffering"} & headers.keys()


def test_a_refusal_is_shown_like_an_answer(sandbox: MakeSandbox) -> None:
    with sandbox("refusal"), served(guide_app) as browser:
        reply = browser.post("/answers", json=ASKED)
    said, end = reply.text.split("event: end")
    assert "".join(json.loads(line.removeprefix("data: "))["text"] for line in said.split("\n\n") if line).strip()
    assert end == '\ndata: "complete"\n\n'


@pytest.mark.proves("sse-keep-alive")
def test_comments_keep_a_silent_connection_alive(monkeypatch: pytest.MonkeyPatch) -> None:
    assert vars(fastapi.routing)["_PING_INTERVAL"] == 15
    monkeypatch.setattr("fastapi.routing._PING_INTERVAL", 0.02)
    app, go_on = FastAPI(), asyncio.Event()

    @app.get("/", response_class=EventSourceResponse)
    async def wait() -> AsyncIterator[Any]:
        await go_on.wait()
        yield "done"

    @app.post("/go-on")
    async def release() -> None:
        go_on.set()

    with served(app) as browser, browser.stream("GET", "/") as reply:
        lines = reply.iter_lines()
        assert next(lines) == ": ping"
        browser.post("/go-on")
        assert 'data: "done"' in list(lines)


@pytest.mark.proves("dependency-not-canceled")
def test_no_comment_is_sent_while_a_dependency_waits(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("fastapi.routing._PING_INTERVAL", 0.02)
    app, go_on = FastAPI(), asyncio.Event()

    @app.get("/", response_class=EventSourceResponse, dependencies=[Depends(go_on.wait)])
    async def events() -> AsyncIterator[Any]:
        await asyncio.sleep(0.2)
        yield "done"

    @app.post("/go-on")
    async def release() -> None:
        go_on.set()

    with served(app) as browser:
        headers = browser.stream("GET", "/", timeout=httpx2.Timeout(30, read=0.3))
        with pytest.raises(httpx2.ReadTimeout), headers:
            pytest.fail("the headers were sent")
        browser.post("/go-on")
        assert browser.get("/").text.startswith(": ping"), "the endpoint itself is kept alive"


@pytest.mark.proves("sse-json")
def test_line_breaks_in_a_text_do_not_break_its_event(sandbox: MakeSandbox) -> None:
    text = "one\n\ntwo\r\nevent: end\n"
    with sandbox() as api, served(guide_app) as browser:
        api.when("hello").stream([text])
        piece, end, _ = browser.post("/answers", json=ASKED).text.split("\n\n")
    assert json.loads(piece.removeprefix("data: ")) == {"text": text}
    assert end.startswith("event: end")


@pytest.mark.proves("slow-reader")
@pytest.mark.anyio
async def test_an_endpoint_waits_for_a_reader_who_is_slow() -> None:
    app, given = FastAPI(), 0

    @app.get("/", response_class=EventSourceResponse)
    async def count() -> AsyncIterator[int]:
        nonlocal given
        for number in range(10_000):
            given = number + 1
            yield number

    stuck = asyncio.Event()
    requests: list[dict[str, Any]] = [{"type": "http.request", "body": b"", "more_body": False}]

    async def receive() -> dict[str, Any]:
        if not requests:
            await asyncio.Event().wait()
        return requests.pop()

    async def send(message: dict[str, Any]) -> None:
        if message["type"] == "http.response.body":
            stuck.set()
            await asyncio.Event().wait()

    scope = {"type": "http", "asgi": {"version": "3.0"}, "http_version": "1.1", "method": "GET", "path": "/"}
    call: Any = app(scope | {"raw_path": b"/", "query_string": b"", "headers": []}, receive, send)  # type: ignore[arg-type]
    serving = asyncio.ensure_future(call)
    await asyncio.wait_for(stuck.wait(), 10)
    for _ in range(1000):
        await asyncio.sleep(0)
    assert given <= 6
    serving.cancel()
    with pytest.raises((asyncio.CancelledError, ExceptionGroup)):
        await serving


def test_all_readers_share_one_client(sandbox: MakeSandbox) -> None:
    with sandbox() as api, served(guide_app) as browser:
        for _ in range(5):
            browser.post("/answers", json=ASKED)
        connections = {request.trace.link.number for request in api.requests if request.trace.link}
    assert len(api.requests) == 5
    assert len(connections) == 1


def test_a_question_that_is_too_long_is_refused_before_it_costs_anything(api: Sandbox) -> None:
    with served(guide_app) as browser:
        assert browser.post("/answers", json={"question": "a" * 2001}).status_code == 422
    assert not api.requests
