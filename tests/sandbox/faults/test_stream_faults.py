"""Streams that break, end early or bring an error, and failed responses that are streamed."""

import json
from typing import Any

import openai
import pytest
from openai import OpenAI
from openai.types.chat import ChatCompletionChunk

from openai_sandbox.core import Core
from openai_sandbox.wire.events import Event

from ...good_requests import CHAT, COMPLETION, RESPONSE, RESPONSES
from ..client import MakeSandbox, ask
from ..event_stream import EVENT, events_of, frames_of


@pytest.mark.parametrize("events", [0, 3, 8])
def test_a_cut_stream_delivers_the_events_before_the_cut(sandbox: MakeSandbox, events: int) -> None:
    seen = 0
    with sandbox(f"cut_stream after={events}"), OpenAI() as client, pytest.raises(openai.APIConnectionError):
        for _ in client.responses.create(**RESPONSE, stream=True):
            seen += 1
    assert seen == events


def test_a_plain_answer_can_be_cut_too(sandbox: MakeSandbox) -> None:
    with sandbox("cut_stream"), OpenAI(max_retries=0) as client, pytest.raises(openai.APIConnectionError):
        client.responses.create(**RESPONSE)


@pytest.mark.simulates("failed-response")
def test_a_failing_stream_ends_in_the_middle_of_the_text(sandbox: MakeSandbox) -> None:
    with sandbox("failed_response x2"), OpenAI() as client:
        events = list(client.responses.create(**RESPONSE, stream=True))
        last = events[-1]
        assert last.type == "response.failed"
        assert events[-2].type == "response.output_text.delta"
        assert [event.sequence_number for event in events] == list(range(len(events)))
        with client.responses.stream(**RESPONSE) as stream:
            assert [event.type for event in stream][-1] == "response.failed"
        assert client.responses.retrieve(last.response.id) == last.response


@pytest.mark.simulates("failed-response")
def test_every_event_of_a_failing_stream_is_strictly_valid(sandbox: MakeSandbox) -> None:
    with sandbox("failed_response") as api:
        for event in events_of(ask(api, "POST", RESPONSES, json=RESPONSE | {"stream": True}).text):
            EVENT.validate_python(event, strict=True)


@pytest.mark.simulates("failed-response")
def test_an_error_in_a_stream_of_responses_is_raised(sandbox: MakeSandbox) -> None:
    with sandbox("stream_error x2") as api, OpenAI() as client:
        seen: list[Any] = []
        with pytest.raises(openai.APIError) as caught:
            seen.extend(client.responses.create(**RESPONSE, stream=True))
        assert type(caught.value) is openai.APIError
        assert (caught.value.code, caught.value.type) == ("server_error", "server_error")
        assert "".join(event.delta for event in seen if event.type == "response.output_text.delta")
        events = events_of(ask(api, "POST", RESPONSES, json=RESPONSE | {"stream": True}).text)
        assert [event["type"] for event in events[-2:]] == ["error", "response.failed"]
        assert [event["sequence_number"] for event in events] == list(range(len(events)))
        for event in [*events[:-2], events[-1]]:
            EVENT.validate_python(event, strict=True)
        assert client.responses.retrieve(events[-1]["response"]["id"]).status == "failed"


def test_an_error_in_a_stream_of_chunks_is_raised(sandbox: MakeSandbox) -> None:
    with sandbox("stream_error x2") as api, OpenAI() as client:
        seen: list[Any] = []
        with pytest.raises(openai.APIError) as caught:
            seen.extend(client.chat.completions.create(**COMPLETION, stream=True, store=True))
        assert type(caught.value) is openai.APIError
        assert (caught.value.code, caught.value.type) == (None, "server_error")
        assert "".join(chunk.choices[0].delta.content for chunk in seen)
        raw = ask(api, "POST", CHAT, json=COMPLETION | {"stream": True})
        assert "[DONE]" not in raw.text
        assert not client.chat.completions.list().data


@pytest.mark.parametrize(("fault", "exception"), [("stream_error", openai.APIError), ("end_early", None)])
@pytest.mark.parametrize("events", [0, 3, 8])
def test_after_counts_the_events_before_the_end(
    sandbox: MakeSandbox, fault: str, exception: type[Exception] | None, events: int
) -> None:
    seen: list[Any] = []
    with sandbox(f"{fault} after={events}"), OpenAI() as client:
        stream = client.responses.create(**RESPONSE, stream=True)
        if exception is None:
            seen.extend(stream)
        else:
            with pytest.raises(exception):
                seen.extend(stream)
    assert len(seen) == events


@pytest.mark.parametrize("after", ["", " after=1000"])
def test_a_stream_that_ends_early_raises_nothing(sandbox: MakeSandbox, after: str) -> None:
    with sandbox(f"end_early x3{after}") as api, OpenAI() as client:
        events = [event.type for event in client.responses.create(**RESPONSE, stream=True)]
        assert "response.output_text.delta" in events
        assert "response.completed" not in events
        chat = ask(api, "POST", CHAT, json=COMPLETION | {"stream": True})
        assert chat.headers["transfer-encoding"] == "chunked"
        assert "[DONE]" not in chat.text
        chunks = [ChatCompletionChunk.model_validate(chunk, strict=True) for chunk in events_of(chat.text)]
        assert all(chunk.choices[0].finish_reason is None for chunk in chunks)
        assert "".join(chunk.choices[0].delta.content or "" for chunk in chunks)
        assert client.responses.create(**RESPONSE)


@pytest.mark.parametrize(("path", "body"), [(RESPONSES, RESPONSE), (CHAT, COMPLETION)])
@pytest.mark.parametrize("after", [0, 2])
def test_a_stream_in_which_the_sandbox_fails_ends_with_an_error(
    path: str, body: dict[str, Any], after: int, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    encode, encoded = Event.encode, 0

    def failing(self: Event) -> bytes:
        nonlocal encoded
        encoded += 1
        if encoded == after + 1:
            raise RuntimeError("sk-proj-0123456789abcdef0123 broke it")
        return encode(self)

    monkeypatch.setattr(Event, "encode", failing)
    reply = ask(Core(seed=1), "POST", path, json=body | {"stream": True})
    last = json.loads(frames_of(reply.text)[-1].data)
    assert encoded == after + 2
    assert "[DONE]" not in reply.text
    assert last["error"]["code"] == "sandbox_failed"
    if path == RESPONSES and after:
        assert (last["type"], last["sequence_number"]) == ("error", after)
    assert "0123456789abcdef" not in reply.text + caplog.text
    assert "RuntimeError" in caplog.text


def test_a_stream_without_events_cannot_be_malformed(sandbox: MakeSandbox) -> None:
    with sandbox("ok; malformed_json x3") as api:
        made = ask(api, "POST", RESPONSES, json=RESPONSE | {"background": True, "stream": True})
        id = events_of(made.text)[0]["response"]["id"]
        for after in (100_000, 0):
            reply = ask(api, "GET", f"{RESPONSES}/{id}?stream=true&starting_after={after}")
            assert (reply.status_code, bool(reply.content)) == (200, after == 0)
