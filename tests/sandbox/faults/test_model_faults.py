"""Faults of the model: a refusal, a content filter, a response that failed."""

from typing import Any

import pytest
from openai import ContentFilterFinishReasonError, OpenAI
from openai.types.chat import ChatCompletion
from openai.types.responses import Response
from pydantic import BaseModel

from openai_sandbox import Sandbox
from openai_sandbox.core import Core

from ...good_requests import CHAT, COMPLETION, EMBEDDINGS, HI, LUNA, RESPONSE, RESPONSES
from ..client import MakeSandbox, ask
from ..event_stream import EVENT, events_of


def test_a_fault_of_the_model_meets_the_request_that_stands_for_a_bad_one() -> None:
    core = Core("content_filter", contract=True)
    response = ask(core, "POST", RESPONSES, json={"model": "mine", "input": 7}, headers={}).json()
    assert (response["model"], response["status"]) == ("mine", "incomplete")


@pytest.mark.simulates("failed-response")
def test_a_failed_response_is_no_exception(sandbox: MakeSandbox) -> None:
    with sandbox("failed_response") as api, OpenAI() as client:
        raw = ask(api, "POST", RESPONSES, json=RESPONSE)
        response = Response.model_validate(raw.json(), strict=True)
        assert (raw.status_code, response.status, response.output, response.usage) == (200, "failed", [], None)
        assert response.error
        assert response.error.code == "server_error"
        assert client.responses.retrieve(response.id).status == "failed"


@pytest.mark.simulates("failed-response")
def test_a_background_response_fails_in_the_end(sandbox: MakeSandbox) -> None:
    with sandbox("failed_response"), OpenAI() as client:
        response = client.responses.create(**RESPONSE, background=True)
        seen = [response.status]
        while seen[-1] in ("queued", "in_progress"):
            assert response.error is None
            response = client.responses.retrieve(response.id)
            seen.append(response.status)
        assert response.error
        assert seen == ["queued", "queued", "in_progress", "failed"]
        assert [event.type for event in client.responses.retrieve(response.id, stream=True)][-1] == "response.failed"


@pytest.mark.parametrize("contract", [False, True])
@pytest.mark.parametrize("fault", ["failed_response", "content_filter"])
def test_a_fault_without_a_meaning_for_a_request_says_so(sandbox: MakeSandbox, fault: str, contract: bool) -> None:
    with sandbox(fault, contract=contract) as api:
        reply = (
            ask(api, "POST", CHAT, json=COMPLETION)
            if fault == "failed_response"
            else ask(api, "POST", EMBEDDINGS, json={})
        )
        assert reply.status_code == 400
        assert reply.json()["error"]["code"] == "sandbox_unsupported"
        assert f"The fault {fault} applies only to POST /v1/responses" in reply.json()["error"]["message"]


@pytest.mark.simulates("content-filter")
@pytest.mark.parametrize("stream", [False, True])
def test_a_content_filter_leaves_half_of_a_response(sandbox: MakeSandbox, stream: bool) -> None:
    with sandbox("content_filter") as api, OpenAI() as client:
        raw = ask(api, "POST", RESPONSES, json=RESPONSE | {"stream": stream})
        body = events_of(raw.text)[-1]["response"] if stream else raw.json()
        if stream:
            for event in events_of(raw.text):
                EVENT.validate_python(event, strict=True)
            assert events_of(raw.text)[-1]["type"] == "response.incomplete"
        response = Response.model_validate(body, strict=True)
        assert response.status == "incomplete"
        assert response.incomplete_details
        assert response.incomplete_details.reason == "content_filter"
        assert response.output_text
        assert response.usage
        assert response.usage.output_tokens_details.reasoning_tokens < response.usage.output_tokens
        assert client.responses.retrieve(response.id).output_text == response.output_text


@pytest.mark.simulates("content-filter")
def test_a_content_filter_leaves_half_of_a_completion(sandbox: MakeSandbox) -> None:
    with sandbox("content_filter x2") as api:
        whole = ask(api, "POST", CHAT, json=COMPLETION | {"n": 2})
        choices = ChatCompletion.model_validate(whole.json(), strict=True).choices
        assert [choice.finish_reason for choice in choices] == ["content_filter"] * 2
        assert all(choice.message.content for choice in choices)
        chunks = events_of(ask(api, "POST", CHAT, json=COMPLETION | {"stream": True, "logprobs": False}).text)
        assert chunks[-1]["choices"][0]["finish_reason"] == "content_filter"


@pytest.mark.simulates("content-filter")
def test_parsing_a_filtered_completion_raises(sandbox: MakeSandbox) -> None:
    class City(BaseModel):
        name: str

    with sandbox("content_filter"), OpenAI() as client, pytest.raises(ContentFilterFinishReasonError):
        client.chat.completions.parse(**COMPLETION, response_format=City)


def test_a_content_filter_stops_tool_calls(sandbox: MakeSandbox) -> None:
    tool: Any = {"type": "function", "function": {"name": "hello", "parameters": {"type": "object", "properties": {}}}}
    with sandbox("content_filter"), OpenAI() as client:
        choice = client.chat.completions.create(
            **COMPLETION, tools=[tool], tool_choice="required", reasoning_effort="none"
        ).choices[0]
        assert (choice.finish_reason, choice.message.tool_calls) == ("content_filter", None)


@pytest.mark.simulates("refusal")
def test_the_model_refuses_on_request() -> None:
    with Sandbox("refusal x4"), OpenAI() as client:
        response = client.responses.create(**LUNA, input="Say hello")
        assert response.output_text == ""
        item: Any = response.output[-1]
        (part,) = item.content
        assert part.type == "refusal"
        message = client.chat.completions.create(**LUNA, messages=[HI])
        assert message.choices[0].message.content is None
        assert message.choices[0].message.refusal == part.refusal
        events = [event.type for event in client.responses.create(**LUNA, input="Hi", stream=True)]
        assert "response.refusal.delta" in events
        assert "response.output_text.delta" not in events
        chunks = client.chat.completions.create(**LUNA, messages=[HI], stream=True)
        assert "".join(chunk.choices[0].delta.refusal or "" for chunk in chunks) == part.refusal
        assert client.responses.create(**LUNA, input="Say hello").output_text


@pytest.mark.parametrize("pieces", [None, ["The answer ", "to everything ", "is 42."]])
def test_a_content_filter_also_stops_what_a_script_says(sandbox: MakeSandbox, pieces: list[str] | None) -> None:
    with sandbox("content_filter x2") as api, OpenAI() as client:
        rule = api.when("answer")
        rule.stream(pieces) if pieces else rule.say("The answer to everything is 42.")
        request: Any = {**LUNA, "input": "What is the answer?"}
        cut = client.responses.create(**request)
        assert (cut.status, cut.incomplete_details and cut.incomplete_details.reason) == (
            "incomplete",
            "content_filter",
        )
        assert cut.output_text
        assert "The answer to everything is 42.".startswith(cut.output_text)
        assert cut.output_text != "The answer to everything is 42."
        text = "".join(
            event.delta
            for event in client.responses.create(**request, stream=True)
            if event.type == "response.output_text.delta"
        )
        assert text == cut.output_text


def test_a_content_filter_also_drops_the_calls_of_a_script(sandbox: MakeSandbox) -> None:
    tool: Any = {"type": "function", "name": "find", "parameters": {"type": "object", "properties": {}}}
    with sandbox("content_filter") as api, OpenAI() as client:
        api.when("answer").call("find")
        cut = client.responses.create(**LUNA, input="What is the answer?", tools=[tool])
    assert cut.status == "incomplete"
    assert not [item for item in cut.output if item.type == "function_call"]
