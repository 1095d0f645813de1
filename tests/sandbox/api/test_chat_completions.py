"""POST /v1/chat/completions through the real SDK."""

from typing import Any

import pytest
from openai import OpenAI
from openai.types.chat import ChatCompletion, ChatCompletionChunk

from openai_sandbox.model.tokens import count

from ...good_requests import CHAT, HELLO, LUNA
from ..client import Ask
from ..event_stream import events_of, is_done

PROMPT: Any = [{"role": "user", "content": "Say this is a test!"}]
ASK: Any = LUNA | {"messages": PROMPT}


@pytest.mark.simulates("strict-objects")
def test_a_completion_is_strictly_valid(client: Ask) -> None:
    reply = client("POST", CHAT, json=ASK)
    completion = ChatCompletion.model_validate(reply.json(), strict=True)
    assert not completion.model_extra
    assert completion.choices[0].finish_reason == "stop"


@pytest.mark.simulates("token-counts")
def test_the_prompt_of_the_api_reference_is_13_tokens(openai_client: OpenAI) -> None:
    usage = openai_client.chat.completions.create(**ASK).usage
    assert usage
    assert usage.prompt_tokens == 13
    assert usage.total_tokens == usage.prompt_tokens + usage.completion_tokens


def test_n_choices_are_all_counted(openai_client: OpenAI) -> None:
    completion = openai_client.chat.completions.create(**ASK, n=3, reasoning_effort="none")
    assert [choice.index for choice in completion.choices] == [0, 1, 2]
    assert completion.usage
    assert completion.usage.completion_tokens == sum(
        count(choice.message.content or "") for choice in completion.choices
    )


def test_stop_ends_the_answer_before_the_stop_text(openai_client: OpenAI) -> None:
    completion = openai_client.chat.completions.create(model="gpt-4.1", messages=PROMPT, stop=" test", temperature=0)
    assert completion.choices[0].message.content == "This is a"
    assert completion.choices[0].finish_reason == "stop"


def test_the_cap_ends_the_answer_with_length(openai_client: OpenAI) -> None:
    completion = openai_client.chat.completions.create(**ASK, max_completion_tokens=2, reasoning_effort="none")
    assert completion.choices[0].finish_reason == "length"
    assert completion.choices[0].message.content == "This is"


def test_the_same_seed_gives_the_same_answer(openai_client: OpenAI) -> None:
    answers = {
        openai_client.chat.completions.create(**ASK, seed=3, reasoning_effort="none").choices[0].message.content
        for _ in range(8)
    }
    assert len(answers) == 1


def chunks(client: Ask, **options: Any) -> list[dict[str, Any]]:
    text = client("POST", CHAT, json=ASK | {"stream": True} | options).text
    assert is_done(text)
    return events_of(text)


@pytest.mark.simulates("chunk-order")
def test_a_stream_is_role_content_and_finish(client: Ask) -> None:
    parts = chunks(client)
    for part in parts:
        ChatCompletionChunk.model_validate(part, strict=True)
        assert "usage" not in part
    assert parts[0]["choices"][0]["delta"] == {"role": "assistant", "content": "", "refusal": None}
    assert all(part["choices"][0]["delta"].keys() == {"content"} for part in parts[1:-1])
    assert parts[-1]["choices"][0]["delta"] == {}
    assert parts[-1]["choices"][0]["finish_reason"] == "stop"


@pytest.mark.simulates("chunk-order")
def test_usage_comes_last_and_only_when_asked_for(client: Ask) -> None:
    *parts, last = chunks(client, stream_options={"include_usage": True})
    assert all(part["usage"] is None for part in parts)
    assert last["choices"] == []
    assert last["usage"]["prompt_tokens"] == 13


def test_the_choices_of_a_stream_take_turns(client: Ask) -> None:
    parts = chunks(client, n=2)
    assert [part["choices"][0]["index"] for part in parts[:4]] == [0, 1, 0, 1]
    assert len({part["id"] for part in parts}) == 1


def test_a_reply_can_be_sent_back_as_it_came(openai_client: OpenAI) -> None:
    first = openai_client.chat.completions.create(**ASK).choices[0].message
    for reply in (first, first.model_dump(), first.model_dump(exclude_none=True)):
        messages: Any = [*PROMPT, reply, HELLO]
        assert openai_client.chat.completions.create(**LUNA, messages=messages).choices


def test_a_name_costs_its_tokens_and_one(openai_client: OpenAI) -> None:
    named: Any = [PROMPT[0] | {"name": "Ada"}]
    usage = openai_client.chat.completions.create(**LUNA, messages=named).usage
    assert usage
    assert usage.prompt_tokens == 13 + 1 + count("Ada")
