"""The page of the guide on web pages, in a real browser, served by the guide's app behind a real uvicorn."""

import time
from collections import Counter
from collections.abc import AsyncIterator, Callable, Iterator
from typing import Any

import pytest
from fastapi import FastAPI, Response
from fastapi.sse import EventSourceResponse, ServerSentEvent
from playwright.sync_api import Browser, Page, expect

from openai_sandbox import Sandbox
from openai_sandbox.stages.latency import Latency
from snippets.guides.stream_to_a_web_page.web_app import app

from ..served_app import served

MakeSandbox = Callable[..., Sandbox]


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    page = browser.new_page()
    yield page
    page.close()


def ask(page: Page, address: Any, question: str = "Say hello") -> None:
    page.goto(str(address))
    page.get_by_role("textbox").fill(question)
    page.get_by_role("button", name="Ask").click()


def test_the_page_shows_the_whole_answer_and_that_it_is_whole(page: Page, sandbox: MakeSandbox) -> None:
    with sandbox() as api, served(app) as client:
        api.when("hello").stream(["<b>Hello</b>,\n\n", "event: end\n", "wörld 👋"])
        ask(page, client.base_url)
        expect(page.locator("#state")).to_have_text("complete")
        assert page.locator("#answer").text_content() == "<b>Hello</b>,\n\nevent: end\nwörld 👋"
        assert page.locator("#answer b").count() == 0


def test_the_page_shows_the_beginning_before_the_end_is_there(page: Page, sandbox: MakeSandbox) -> None:
    with sandbox(latency=Latency(lull=60)) as api, served(app) as client:
        ask(page, client.base_url)
        expect(page.locator("#answer")).to_have_text("Hello! What are you working on?")
        expect(page.locator("#state")).to_be_empty()
        page.get_by_role("button", name="Stop").click()
        expect(page.locator("#state")).to_have_text("AbortError")
        link = api.requests[0].trace.link
        deadline = time.monotonic() + 10
        while link and not link.closed and time.monotonic() < deadline:
            time.sleep(0.01)
        assert link and link.closed, "the button ends the call to the API"


@pytest.mark.parametrize(
    ("faults", "shown"),
    [
        ("cut_stream after=6", "The answer broke off."),
        ("rate_limit retry_after_ms=1 x2", "Error: 503"),
        ("malformed_json", "TypeError"),
    ],
)
def test_the_page_says_what_went_wrong(page: Page, sandbox: MakeSandbox, faults: str, shown: str) -> None:
    with sandbox(faults), served(app) as client:
        ask(page, client.base_url)
        expect(page.locator("#state")).to_have_text(shown)


def test_an_event_source_asks_again_until_it_is_closed(page: Page) -> None:
    asked: Counter[str] = Counter()
    app = FastAPI()

    @app.get("/")
    async def blank() -> Response:
        return Response("<!doctype html><title>Ask</title>", media_type="text/html")

    @app.get("/answers/{who}", response_class=EventSourceResponse)
    async def answer(who: str) -> AsyncIterator[ServerSentEvent]:
        asked[who] += 1
        yield ServerSentEvent(event="end", data=asked[who], retry=10)

    with served(app) as client:
        page.goto(str(client.base_url))
        page.evaluate(
            """new Promise(done => {
                const careful = new EventSource("/answers/careful")
                careful.addEventListener("end", () => careful.close())
                const careless = new EventSource("/answers/careless")
                careless.addEventListener("end", event => {
                    if (event.data == "5") done(careless.close())
                })
            })"""
        )
    assert asked["careless"] >= 5
    assert asked["careful"] == 1
