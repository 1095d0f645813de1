"""Log probabilities, refusals, prompt caching, media: what comes with an answer."""

import math
from collections.abc import Callable
from typing import Any

import httpx2
import pytest
from openai import OpenAI
from openai.types.chat import ChatCompletion
from openai.types.responses import Response

from openai_sandbox import Sandbox

TAGLINE = "Write a tagline for a bakery."
PLAIN: dict[str, Any] = {"model": "gpt-4.1"}


@pytest.mark.simulates("logprobs")
def test_logprobs_are_those_of_the_tree(client: Callable[..., httpx2.Response]) -> None:
    body = PLAIN | {"messages": [{"role": "user", "content": TAGLINE}], "logprobs": True, "top_logprobs": 3}
    completion = ChatCompletion.model_validate(client("POST", "/v1/chat/completions", json=body).json(), strict=True)
    logprobs = completion.choices[0].logprobs
    assert logprobs
    assert logprobs.content
    assert "".join(entry.token for entry in logprobs.content) == completion.choices[0].message.content
    first = logprobs.content[0]
    assert next(entry.token for entry in first.top_logprobs) == "B"
    assert first.top_logprobs[0].logprob == pytest.approx(math.log(0.5))
    assert len(first.top_logprobs) == 3
    assert first.bytes == list(first.token.encode())
    assert logprobs.content[-1].logprob == 0, "nothing else could follow"


def test_logprobs_follow_the_temperature(openai_client: OpenAI) -> None:
    def likeliest(temperature: float) -> float:
        completion = openai_client.chat.completions.create(
            **PLAIN,
            messages=[{"role": "user", "content": TAGLINE}],
            temperature=temperature,
            logprobs=True,
            top_logprobs=1,
        )
        return float(completion.choices[0].logprobs.content[0].top_logprobs[0].logprob)

    assert likeliest(0) == 0
    assert likeliest(0.5) > likeliest(1) > likeliest(2)


def test_responses_have_logprobs_where_they_are_included(client: Callable[..., httpx2.Response]) -> None:
    body = PLAIN | {"input": TAGLINE, "include": ["message.output_text.logprobs"], "top_logprobs": 2}
    response = Response.model_validate(client("POST", "/v1/responses", json=body).json(), strict=True)
    item: Any = response.output[0]
    (part,) = item.content
    assert "".join(entry.token for entry in part.logprobs) == response.output_text


@pytest.mark.parametrize("surface", ["responses", "chat"])
def test_streamed_logprobs_are_those_of_the_whole(surface: str, openai_client: OpenAI) -> None:
    if surface == "chat":
        stream = openai_client.chat.completions.create(
            **PLAIN, messages=[{"role": "user", "content": TAGLINE}], logprobs=True, stream=True
        )
        pairs = [
            (chunk.choices[0].delta.content, [entry.token for entry in chunk.choices[0].logprobs.content])
            for chunk in stream
            if chunk.choices[0].logprobs
        ]
    else:
        events = openai_client.responses.create(
            **PLAIN, input=TAGLINE, include=["message.output_text.logprobs"], stream=True
        )
        pairs = [
            (event.delta, [entry.token for entry in event.logprobs])
            for event in events
            if event.type == "response.output_text.delta"
        ]
    assert len(pairs) > 3
    assert all([text] == tokens for text, tokens in pairs)


@pytest.mark.simulates("refusal")
def test_the_model_refuses_on_request() -> None:
    with Sandbox("refusal x4"), OpenAI() as client:
        response = client.responses.create(model="gpt-6-luna", input="Say hello")
        assert response.output_text == ""
        item: Any = response.output[-1]
        (part,) = item.content
        assert part.type == "refusal"
        message = client.chat.completions.create(model="gpt-6-luna", messages=[{"role": "user", "content": "Hi"}])
        assert message.choices[0].message.content is None
        assert message.choices[0].message.refusal == part.refusal
        events = [event.type for event in client.responses.create(model="gpt-6-luna", input="Hi", stream=True)]
        assert "response.refusal.delta" in events
        assert "response.output_text.delta" not in events
        chunks = client.chat.completions.create(
            model="gpt-6-luna", messages=[{"role": "user", "content": "Hi"}], stream=True
        )
        assert "".join(chunk.choices[0].delta.refusal or "" for chunk in chunks) == part.refusal
        assert client.responses.create(model="gpt-6-luna", input="Say hello").output_text


LONG = "A rule of the house. " * 300


@pytest.mark.simulates("prompt-cache")
def test_the_beginning_of_a_long_prompt_comes_from_the_cache_the_second_time(openai_client: OpenAI) -> None:
    def details(question: str, **options: Any) -> tuple[int, int]:
        response = openai_client.responses.create(model="gpt-6-luna", instructions=LONG, input=question, **options)
        read = response.usage.input_tokens_details
        return read.cached_tokens, read.cache_write_tokens

    first, second, third = details("Say hello"), details("Say hello"), details("Give me an example")
    assert first[0] == 0
    assert first[1] >= 1024
    assert first[1] % 128 == 0
    assert second == (first[1], 0)
    assert third[0] >= 1024, "what is the same at the beginning is read from the cache"
    assert details("Say hello", prompt_cache_key="another") == first, "another key is another cache"


def test_short_prompts_are_not_cached_and_the_cache_forgets() -> None:
    time = [0.0]

    with Sandbox(now=lambda: time[0]), OpenAI() as client:

        def cached(text: str) -> int:
            completion = client.chat.completions.create(model="gpt-4.1", messages=[{"role": "user", "content": text}])
            details = completion.usage and completion.usage.prompt_tokens_details
            assert details
            assert details.cached_tokens is not None
            return details.cached_tokens

        assert [cached("Say hello") for _ in range(2)] == [0, 0]
        assert [cached(LONG) > 0 for _ in range(2)] == [False, True]
        time[0] += 601
        assert cached(LONG) == 0


@pytest.mark.simulates("media")
def test_images_and_files_cost_tokens(openai_client: OpenAI) -> None:
    def cost(*parts: dict[str, Any]) -> int:
        content = [{"type": "input_text", "text": "Say hello"}, *parts]
        response = openai_client.responses.create(
            model="gpt-6-luna",
            input=[{"role": "user", "content": content}],  # type: ignore[list-item,misc]
        )
        return int(response.usage.input_tokens)  # type: ignore[union-attr]

    image = {"type": "input_image", "image_url": "data:image/png;base64,iVBORw0KGgo=", "detail": "low"}
    file = {"type": "input_file", "filename": "a.txt", "file_data": "data:text/plain;base64,SGVsbG8gd29ybGQh"}
    assert cost() < cost(file) < cost(image) < cost(image, file) < cost(image | {"detail": "high"})
    assert cost({"type": "input_image", "image_url": image["image_url"]}) == cost(image | {"detail": "auto"})
    assert cost() < cost({"type": "input_audio", "input_audio": {"data": "SGk=", "format": "mp3"}})
    message: Any = [{"role": "user", "content": [{"type": "image_url", "image_url": {"url": image["image_url"]}}]}]
    chat = openai_client.chat.completions.create(model="gpt-6-luna", messages=message)
    assert chat.usage
    assert chat.usage.prompt_tokens > 700


@pytest.mark.parametrize(
    ("asked", "served"),
    [(None, "default"), ("auto", "default"), ("flex", "flex"), ("priority", "priority"), ("fast", "priority")],
)
@pytest.mark.simulates("service-tier")
def test_the_service_tier_of_a_reply_is_how_it_was_served(openai_client: OpenAI, asked: Any, served: str) -> None:
    response = openai_client.responses.create(model="gpt-6-luna", input="Hi", service_tier=asked)
    assert response.service_tier == served
