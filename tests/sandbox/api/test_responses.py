"""POST, GET and DELETE /v1/responses through the real SDK."""

from datetime import date
from typing import Any

import pytest
from openai import BadRequestError, NotFoundError, OpenAI
from openai.types.responses import Response, ResponseReasoningItem

from openai_sandbox import Sandbox
from openai_sandbox.core import Core
from openai_sandbox.model.answers import FALLBACK
from openai_sandbox.model.tokens import count

from ...good_requests import LUNA, RESPONSES, TEXT, closed
from ..client import Ask, MakeSandbox, ask
from ..event_stream import EVENT, events_of

PROMPT = "Explain async/await in Python in one paragraph."


def types(events: list[dict[str, Any]]) -> list[str]:
    shortened = [event["type"].removeprefix("response.") for event in events]
    return [name for i, name in enumerate(shortened) if i == 0 or name != shortened[i - 1]]


@pytest.mark.simulates("strict-objects")
def test_a_response_is_strictly_valid(client: Ask) -> None:
    reply = client("POST", RESPONSES, json=LUNA | {"input": PROMPT})
    assert reply.status_code == 200
    assert reply.headers["x-sandbox"] == "1"
    assert reply.headers["x-request-id"].startswith("req_")
    response = Response.model_validate(reply.json(), strict=True)
    assert response.model_extra
    assert response.model_extra.keys() <= {"billing", "frequency_penalty", "presence_penalty", "store", "tool_usage"}
    assert [item.type for item in response.output] == ["reasoning", "message"]


def test_usage_adds_up_and_counts_real_tokens(openai_client: OpenAI) -> None:
    response = openai_client.responses.create(**LUNA, input=PROMPT)
    assert response.usage
    assert response.usage.input_tokens == count(PROMPT) + 6
    assert response.usage.output_tokens_details.reasoning_tokens in (64, 128)
    visible = response.usage.output_tokens - response.usage.output_tokens_details.reasoning_tokens
    assert visible == count(response.output_text)
    assert response.usage.total_tokens == response.usage.input_tokens + response.usage.output_tokens


@pytest.mark.simulates("event-order")
def test_a_stream_has_the_recorded_order_of_events(client: Ask) -> None:
    body = LUNA | {"input": PROMPT, "stream": True, "reasoning": {"effort": "none"}}
    reply = client("POST", RESPONSES, json=body)
    assert reply.headers["content-type"].startswith("text/event-stream")
    assert "[DONE]" not in reply.text
    events = events_of(reply.text)
    assert types(events) == [
        "created",
        "in_progress",
        "output_item.added",
        "content_part.added",
        "output_text.delta",
        "output_text.done",
        "content_part.done",
        "output_item.done",
        "completed",
    ]
    assert [event["sequence_number"] for event in events] == list(range(len(events)))
    assert (events[0]["response"]["service_tier"], events[-1]["response"]["service_tier"]) == ("auto", "default")
    for event in events:
        EVENT.validate_python(event, strict=True)


def test_reasoning_comes_first_in_a_stream(client: Ask) -> None:
    body = LUNA | {"input": PROMPT, "stream": True}
    assert types(events_of(client("POST", RESPONSES, json=body).text))[:5] == [
        "created",
        "in_progress",
        "output_item.added",
        "output_item.done",
        "output_item.added",
    ]


def test_the_deltas_of_a_stream_are_the_answer(openai_client: OpenAI) -> None:
    deltas, final = "", None
    for event in openai_client.responses.create(**LUNA, input=PROMPT, stream=True):
        if event.type == "response.output_text.delta":
            deltas += event.delta
        if event.type == "response.completed":
            final = event.response
    assert final
    assert deltas == final.output_text
    assert openai_client.responses.retrieve(final.id).output_text == deltas


def test_the_output_cap_cuts_at_that_token(openai_client: OpenAI) -> None:
    response = openai_client.responses.create(**LUNA, input=PROMPT, max_output_tokens=16, reasoning={"effort": "none"})
    assert response.status == "incomplete"
    assert response.incomplete_details
    assert response.incomplete_details.reason == "max_output_tokens"
    assert response.usage
    assert response.usage.output_tokens == 16
    assert count(response.output_text) == 16


@pytest.mark.simulates("reasoning-tokens")
def test_reasoning_can_eat_the_whole_cap(openai_client: OpenAI) -> None:
    response = openai_client.responses.create(**LUNA, input=PROMPT, max_output_tokens=16)
    assert response.status == "incomplete"
    assert response.output_text == ""
    assert [item.type for item in response.output] == ["reasoning"]
    assert response.usage
    assert response.usage.output_tokens_details.reasoning_tokens == response.usage.output_tokens == 16


@pytest.mark.simulates("incomplete-event")
def test_an_incomplete_stream_ends_in_response_incomplete(openai_client: OpenAI) -> None:
    stream = openai_client.responses.create(**LUNA, input=PROMPT, max_output_tokens=16, stream=True)
    assert [event.type for event in stream][-1] == "response.incomplete"


@pytest.mark.simulates("temperature")
def test_temperature_0_repeats_and_1_varies(openai_client: OpenAI) -> None:
    def answers(temperature: float) -> set[str]:
        return {
            openai_client.responses.create(
                **LUNA, input=PROMPT, temperature=temperature, reasoning={"effort": "none"}
            ).output_text
            for _ in range(12)
        }

    assert len(answers(0)) == 1
    assert len(answers(1)) > 1


def test_a_small_top_p_leaves_the_likeliest_answer(openai_client: OpenAI) -> None:
    likeliest = openai_client.responses.create(
        **LUNA, input=PROMPT, temperature=0, reasoning={"effort": "none"}
    ).output_text
    narrow = {
        openai_client.responses.create(**LUNA, input=PROMPT, top_p=0.01, reasoning={"effort": "none"}).output_text
        for _ in range(8)
    }
    assert narrow == {likeliest}


def test_the_model_sees_earlier_turns_only_through_previous_response_id(openai_client: OpenAI) -> None:
    first = openai_client.responses.create(**LUNA, input=PROMPT, instructions="Be brief.")
    chained = openai_client.responses.create(**LUNA, input="Give me an example", previous_response_id=first.id)
    alone = openai_client.responses.create(**LUNA, input="Give me an example")
    assert chained.output_text != FALLBACK
    assert chained.instructions is None
    assert alone.output_text == FALLBACK
    assert chained.usage
    assert alone.usage
    assert chained.usage.input_tokens > alone.usage.input_tokens + count(first.output_text)


def test_instructions_cost_tokens_in_the_call_they_are_sent_with(openai_client: OpenAI) -> None:
    with_them = openai_client.responses.create(**LUNA, input="Hi", instructions="Be brief.")
    without = openai_client.responses.create(**LUNA, input="Hi")
    assert with_them.usage
    assert without.usage
    assert with_them.usage.input_tokens - without.usage.input_tokens == count("Be brief.") + 4
    assert with_them.instructions == "Be brief."


@pytest.mark.simulates("instructions-not-kept")
def test_instructions_of_an_earlier_response_are_not_read_again(openai_client: OpenAI) -> None:
    def second(**first: Any) -> Response:
        id = openai_client.responses.create(**LUNA, input="Hi", reasoning={"effort": "none"}, temperature=0, **first).id
        reply: Response = openai_client.responses.create(**LUNA, input="Say hello", previous_response_id=id)
        return reply

    after_them, after_none = second(instructions="Be brief."), second()
    assert after_them.usage and after_none.usage
    assert after_them.usage.input_tokens == after_none.usage.input_tokens
    assert after_them.instructions is None


def test_resent_items_of_an_earlier_response_are_context_too(openai_client: OpenAI) -> None:
    first = openai_client.responses.create(**LUNA, input=PROMPT, store=False)
    history: Any = [
        {"role": "user", "content": PROMPT},
        *(item.model_dump(exclude_none=True) for item in first.output),
        {"role": "user", "content": "Give me an example"},
    ]
    assert openai_client.responses.create(**LUNA, input=history).output_text != FALLBACK


@pytest.mark.parametrize("store", [None, True, False])
@pytest.mark.simulates("stored")
def test_responses_are_stored_unless_told_not_to(openai_client: OpenAI, store: bool | None) -> None:
    response = openai_client.responses.create(**LUNA, input="Hi", store=store)
    if store is False:
        with pytest.raises(NotFoundError, match="not found"):
            openai_client.responses.retrieve(response.id)
    else:
        assert openai_client.responses.retrieve(response.id) == response


def test_a_deleted_response_is_gone(openai_client: OpenAI) -> None:
    response = openai_client.responses.create(**LUNA, input="Hi")
    openai_client.responses.delete(response.id)
    with pytest.raises(NotFoundError, match=f"Response with id '{response.id}' not found"):
        openai_client.responses.retrieve(response.id)


def test_metadata_comes_back(openai_client: OpenAI) -> None:
    response = openai_client.responses.create(**LUNA, input="Hi", metadata={"ticket": "42"})
    assert openai_client.responses.retrieve(response.id).metadata == {"ticket": "42"}


@pytest.mark.simulates("snapshot")
def test_an_alias_answers_with_its_dated_snapshot(openai_client: OpenAI) -> None:
    assert openai_client.responses.create(model="gpt-4.1", input="Hi").model == "gpt-4.1-2025-04-14"


def test_the_journal_says_whether_an_answer_was_written_for_the_prompt(api: Sandbox, openai_client: OpenAI) -> None:
    openai_client.responses.create(**LUNA, input="Hi")
    openai_client.responses.create(**LUNA, input="A prompt nobody thought of")
    assert [exchange.authored for exchange in api.requests] == [True, False]
    assert api.requests[1].body["input"] == "A prompt nobody thought of"


def test_a_fixed_seed_and_clock_give_the_same_bytes_again(sandbox: MakeSandbox) -> None:
    def reply() -> dict[str, Any]:
        with sandbox(), OpenAI() as client:
            response: Response = client.responses.create(**LUNA, input=PROMPT)
            return response.model_dump()

    assert reply() == reply()


@pytest.mark.simulates("stored")
def test_a_chain_survives_the_deletion_of_an_earlier_link(openai_client: OpenAI) -> None:
    first = openai_client.responses.create(**LUNA, input=PROMPT)
    second = openai_client.responses.create(**LUNA, input="Say hello", previous_response_id=first.id)
    openai_client.responses.delete(first.id)
    third = openai_client.responses.create(**LUNA, input="Give me an example", previous_response_id=second.id)
    assert third.output_text != FALLBACK


def test_canceling_is_for_background_responses(openai_client: OpenAI) -> None:
    response = openai_client.responses.create(**LUNA, input="Hi")
    with pytest.raises(BadRequestError, match=r"Cannot cancel a synchronous response\."):
        openai_client.responses.cancel(response.id)


def test_only_background_responses_can_be_streamed_again(openai_client: OpenAI) -> None:
    response = openai_client.responses.create(**LUNA, input="Hi")
    with pytest.raises(BadRequestError, match="was not created with background=true"):
        openai_client.responses.retrieve(response.id, stream=True)


@pytest.mark.simulates("encrypted-reasoning")
def test_reasoning_can_be_sent_back_where_nothing_is_stored(openai_client: OpenAI) -> None:
    stateless = openai_client.responses.create(**LUNA, input=PROMPT, store=False)
    asked_for = openai_client.responses.create(**LUNA, input=PROMPT, include=["reasoning.encrypted_content"])
    stored = openai_client.responses.create(**LUNA, input=PROMPT)
    contents = [
        item.encrypted_content
        for response in (stateless, asked_for, stored)
        for item in response.output
        if item.type == "reasoning"
    ]
    # Since July 2026 reasoning always has one. Before, what was stored had none unless it was asked for.
    assert all(contents)
    earlier = Core(seed=1, today=date(2026, 7, 1))
    stored_then, asked_then = (
        ask(earlier, "POST", RESPONSES, json=LUNA | {"input": PROMPT} | more).json()["output"][0]
        for more in ({}, {"include": ["reasoning.encrypted_content"]})
    )
    assert "encrypted_content" not in stored_then
    assert asked_then["encrypted_content"]
    history: Any = [*stateless.output, {"role": "user", "content": "Give me an example"}]
    assert openai_client.responses.create(**LUNA, input=history, store=False).output_text


@pytest.mark.simulates("reasoning-items")
def test_a_model_that_does_not_reason_refuses_reasoning_wherever_it_comes_from(openai_client: OpenAI) -> None:
    id = openai_client.conversations.create().id
    first = openai_client.responses.create(**LUNA, input=PROMPT, conversation=id)
    history: Any = [*first.output, {"role": "user", "content": "Give me an example"}]
    continued: list[Any] = [
        {"input": history},
        {"input": "Give me an example", "previous_response_id": first.id},
        {"input": "Give me an example", "conversation": id},
    ]
    for given in continued:
        with pytest.raises(
            BadRequestError, match="Reasoning input items can only be provided to a reasoning"
        ) as caught:
            openai_client.responses.create(model="gpt-4.1", **given)
        assert (caught.value.param, caught.value.code) == ("input", None)
        assert openai_client.responses.create(model="gpt-5.1", reasoning={"effort": "none"}, **given).output_text
    without: Any = [item for item in history if not isinstance(item, ResponseReasoningItem)]
    assert len(without) == 2
    assert openai_client.responses.create(model="gpt-4.1", input=without).output_text


@pytest.mark.simulates("reasoning-required")
@pytest.mark.parametrize("kind", ["message", "function_call"])
def test_an_item_that_followed_reasoning_is_refused_without_it(openai_client: OpenAI, kind: str) -> None:
    asked: Any = {"role": "user", "content": "What is the weather in Paris?"}
    weather: Any = {"type": "function", "name": "get_weather", "parameters": closed({"city": TEXT}), "strict": True}
    request: Any = {**LUNA, "tools": [weather] if kind == "function_call" else []}
    for _ in range(3):  # the third answer is prepared
        thought, item = (made.to_dict() for made in openai_client.responses.create(input=[asked], **request).output)
        assert item["type"] == kind
        after: Any = {"role": "user", "content": "Thank you"}
        if kind == "function_call":
            after = {"type": "function_call_output", "call_id": item["call_id"], "output": "18"}
        bare = {name: value for name, value in thought.items() if name != "id"}
        leading: list[list[Any]] = [[], [bare]]
        for before in leading:
            with pytest.raises(BadRequestError) as caught:
                openai_client.responses.create(input=[asked, *before, item, after], **request)
            assert caught.value.body == {
                "message": f"Item '{item['id']}' of type '{kind}' was provided without its required 'reasoning' item: "
                f"'{thought['id']}'.",
                "type": "invalid_request_error",
                "param": "input",
                "code": None,
            }
        unnamed = {name: value for name, value in item.items() if name != "id"}
        for given in ([asked, thought, item, after], [asked, unnamed, after]):
            assert openai_client.responses.create(input=given, **request).status == "completed"


@pytest.mark.simulates("reasoning-required")
def test_reasoning_is_required_only_of_responses_that_are_stored(openai_client: OpenAI) -> None:
    asked: Any = {"role": "user", "content": PROMPT}
    stored, unstored = (openai_client.responses.create(**LUNA, input=[asked], store=store) for store in (True, False))
    openai_client.responses.delete(stored.id)
    for response in (stored, unstored):
        again: Any = [asked, response.output[-1], asked]
        assert openai_client.responses.create(**LUNA, input=again).status == "completed"


def test_what_cannot_be_included_is_named(openai_client: OpenAI) -> None:
    with pytest.raises(BadRequestError) as caught:
        openai_client.responses.create(**LUNA, input=PROMPT, include=["computer_call_output.output.image_url"])
    assert (caught.value.code, caught.value.param) == ("sandbox_unsupported", "include[0]")


def test_the_context_of_reasoning_is_given_back(openai_client: OpenAI) -> None:
    named = openai_client.responses.create(**LUNA, input=PROMPT, reasoning={"context": "all_turns"})
    assert named.reasoning
    assert named.reasoning.context == "all_turns"
    left_open = openai_client.responses.create(**LUNA, input=PROMPT, reasoning={"context": "auto"})
    assert left_open.reasoning
    assert left_open.reasoning.context == "all_turns"  # what GPT-5.6 was seen to say, and GPT-6 follows


def test_diagnostics_of_the_prompt_cache_are_unavailable(openai_client: OpenAI) -> None:
    first = openai_client.responses.create(**LUNA, input=PROMPT)
    assert first.prompt_cache_options is None
    second = openai_client.responses.create(
        **LUNA, input=PROMPT, prompt_cache_options={"comparison_response_id": first.id, "prewarm": False}
    )
    assert second.prompt_cache_options
    assert second.prompt_cache_options.model_dump() == {
        "mode": "implicit",
        "ttl": "30m",
        "comparison_response_id": first.id,
    }
    assert second.prompt_cache_diagnostics
    assert second.prompt_cache_diagnostics.type == "unavailable"
    Response.model_validate(second.model_dump(mode="json"), strict=True)


def test_explicit_caching_is_given_back(openai_client: OpenAI) -> None:
    response = openai_client.responses.create(**LUNA, input=PROMPT, prompt_cache_options={"mode": "explicit"})
    assert response.prompt_cache_options
    assert (response.prompt_cache_options.mode, response.prompt_cache_options.ttl) == ("explicit", "30m")


def test_what_would_change_the_prompt_cache_is_refused(openai_client: OpenAI) -> None:
    with pytest.raises(BadRequestError) as caught:
        openai_client.responses.create(**LUNA, input=PROMPT, prompt_cache_options={"prewarm": True})
    assert (caught.value.code, caught.value.param) == ("sandbox_unsupported", "prompt_cache_options.prewarm")


@pytest.mark.parametrize(
    ("asked", "served"),
    [(None, "default"), ("auto", "default"), ("flex", "flex"), ("priority", "priority"), ("fast", "priority")],
)
@pytest.mark.simulates("service-tier")
def test_the_service_tier_of_a_reply_is_how_it_was_served(openai_client: OpenAI, asked: Any, served: str) -> None:
    response = openai_client.responses.create(**LUNA, input="Hi", service_tier=asked)
    assert response.service_tier == served
