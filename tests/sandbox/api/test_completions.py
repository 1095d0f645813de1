"""POST /v1/completions, the legacy API, on a day when its models answered."""

from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest
from openai import BadRequestError, NotFoundError, OpenAI

from openai_sandbox import Sandbox

ASK: Any = {"model": "gpt-3.5-turbo-instruct", "prompt": "Say hello"}


@pytest.fixture
def client() -> Iterator[OpenAI]:
    with Sandbox(seed=7, today=date(2026, 6, 1)), OpenAI(max_retries=0) as client:
        yield client


@pytest.mark.simulates("legacy-completions")
def test_a_text_is_continued_up_to_16_tokens(client: OpenAI) -> None:
    completion = client.completions.create(**ASK | {"prompt": "Explain async/await in Python in one paragraph."})
    assert (completion.object, completion.choices[0].finish_reason) == ("text_completion", "length")
    assert completion.usage
    assert completion.usage.completion_tokens == 16


def test_several_texts_have_several_answers_each(client: OpenAI) -> None:
    completion = client.completions.create(**ASK | {"prompt": ["Say hello", "Say this is a test!"]}, n=2, echo=True)
    assert [choice.index for choice in completion.choices] == [0, 1, 2, 3]
    assert [choice.text.startswith("Say hello") for choice in completion.choices] == [True, True, False, False]


def test_log_probabilities_are_lists_side_by_side(client: OpenAI) -> None:
    likely = client.completions.create(**ASK, logprobs=2).choices[0].logprobs
    assert likely
    assert likely.tokens
    assert len(likely.tokens) == len(likely.token_logprobs or ()) == len(likely.text_offset or ())


def test_a_stream_adds_up(client: OpenAI) -> None:
    whole = client.completions.create(**ASK, seed=1).choices[0].text
    chunks = list(client.completions.create(**ASK, seed=1, stream=True, stream_options={"include_usage": True}))
    assert "".join(chunk.choices[0].text for chunk in chunks if chunk.choices) == whole
    assert chunks[-1].usage


@pytest.mark.parametrize(
    "more", [{"prompt": ["Hi"] * 100, "n": 100}, {"prompt": "x " * 50_000, "n": 100, "echo": True}]
)
def test_more_answers_than_fit_a_request_are_refused(client: OpenAI, more: Any) -> None:
    with pytest.raises(BadRequestError) as caught:
        client.completions.create(**ASK | more)
    assert caught.value.code == "sandbox_over_budget"


@pytest.mark.simulates("legacy-completions")
def test_its_models_are_shut_down_today() -> None:
    with Sandbox(seed=7), OpenAI(max_retries=0) as client, pytest.raises(NotFoundError, match="has been deprecated"):
        client.completions.create(**ASK)


def test_models_that_know_messages_do_not_speak_it(client: OpenAI) -> None:
    with pytest.raises(NotFoundError, match="does not exist"):
        client.completions.create(model="gpt-4.1", prompt="Hi")
