"""Background responses: queued, in progress, then finished; canceled; streamed again from any event."""

import asyncio
from typing import Any
from urllib.parse import quote

import pytest
from openai import AsyncOpenAI, OpenAI

from openai_sandbox import Sandbox

from ...good_requests import RESPONSE, RESPONSES
from ..client import Ask, store_of
from ..clock import Clock


@pytest.mark.simulates("background")
def test_a_background_response_is_queued_then_in_progress_then_completed(openai_client: OpenAI) -> None:
    response = openai_client.responses.create(**RESPONSE, background=True)
    seen = [response.status]
    assert (response.output, response.usage) == ([], None)
    while response.status in ("queued", "in_progress"):
        response = openai_client.responses.retrieve(response.id)
        seen.append(response.status)
    assert list(dict.fromkeys(seen)) == ["queued", "in_progress", "completed"]
    assert response.output_text
    assert response.usage


def test_a_background_response_can_be_canceled_before_it_is_finished(openai_client: OpenAI) -> None:
    response = openai_client.responses.create(**RESPONSE, background=True)
    assert openai_client.responses.cancel(response.id).status == "cancelled"
    after = openai_client.responses.retrieve(response.id)
    assert (after.status, after.output) == ("cancelled", [])
    assert openai_client.responses.cancel(response.id).status == "cancelled", "a second time changes nothing"


@pytest.mark.simulates("stream-resumed")
def test_a_background_stream_can_be_read_again_from_any_event(openai_client: OpenAI) -> None:
    stream = openai_client.responses.create(**RESPONSE, background=True, stream=True)
    events = list(stream)
    assert [event.type for event in events[:3]] == ["response.created", "response.queued", "response.in_progress"]
    id = events[0].response.id
    for after in (0, 5, len(events) - 2):
        again = list(openai_client.responses.retrieve(id, stream=True, starting_after=after))
        assert [event.sequence_number for event in again] == list(range(after + 1, len(events)))
        assert [event.type for event in again] == [event.type for event in events[after + 1 :]]
    text = "".join(event.delta for event in again if event.type == "response.output_text.delta")
    assert openai_client.responses.retrieve(id).output_text.endswith(text)


@pytest.mark.parametrize("after", ["--5", "-", "²", "1.5", "9" * 5000])
def test_a_stream_is_not_resumed_after_what_is_no_number(client: Ask, after: str) -> None:
    id = client("POST", RESPONSES, json=RESPONSE | {"background": True}).json()["id"]
    reply = client("GET", f"{RESPONSES}/{id}?stream=true&starting_after={quote(after)}")
    assert (reply.status_code, reply.json()["error"]["param"]) == (400, "starting_after")


def test_the_input_items_of_a_response_can_be_listed(openai_client: OpenAI) -> None:
    messages = [{"role": "user", "content": text} for text in ("One", "Two", "Three")]
    response = openai_client.responses.create(model="gpt-6-luna", input=messages)  # type: ignore[arg-type]
    listed: Any = openai_client.responses.input_items.list(response.id, limit=2)
    texts = [item.content[0].text for item in listed]
    assert texts == ["Three", "Two", "One"]
    oldest: Any = next(iter(openai_client.responses.input_items.list(response.id, order="asc")))
    assert oldest.content[0].text == "One"


@pytest.mark.parametrize("options", [{}, {"instructions": "Be brief."}, {"previous": True}, {"tools": True}])
def test_input_tokens_are_counted_as_the_answer_counts_them(openai_client: OpenAI, options: dict[str, object]) -> None:
    sent: dict[str, Any] = dict(RESPONSE)
    if "instructions" in options:
        sent["instructions"] = options["instructions"]
    if "previous" in options:
        sent["previous_response_id"] = openai_client.responses.create(**RESPONSE).id
    if "tools" in options:
        sent["tools"] = [{"type": "function", "name": "f", "parameters": {"type": "object", "properties": {}}}]
    counted = openai_client.responses.input_tokens.count(**sent)
    answered = openai_client.responses.create(**sent)
    assert counted.input_tokens == answered.usage.input_tokens > 5


def test_what_is_older_than_thirty_days_is_forgotten(clock: Clock) -> None:
    with Sandbox(now=clock) as api, OpenAI() as client:
        old = client.responses.create(**RESPONSE)
        clock.time += 29 * 86400
        assert client.responses.retrieve(old.id).id == old.id
        clock.time += 2 * 86400
        client.responses.create(**RESPONSE)
        assert len(store_of(api).responses) == 1


def test_two_hundred_writers_at_once_lose_nothing() -> None:
    async def write() -> list[str]:
        async with AsyncOpenAI() as client:
            id = (await client.conversations.create()).id
            made = await asyncio.gather(*(client.responses.create(**RESPONSE, conversation=id) for _ in range(200)))
            items = [item.id async for item in client.conversations.items.list(id, limit=100)]
            assert len(items) == len(set(items)) == sum(1 + len(response.output) for response in made)
            return [response.id for response in made]

    with Sandbox() as api:
        ids = asyncio.run(write())
        assert len(set(ids)) == 200
        assert all(store_of(api).responses.get(id) for id in ids)
