"""The prompt cache: what is read from it and written to it, and when it forgets."""

from typing import Any

import pytest
from openai import OpenAI

from openai_sandbox import Sandbox

from ...good_requests import LUNA
from ..clock import Clock

LONG = "A rule of the house. " * 300


@pytest.mark.simulates("prompt-cache")
def test_the_beginning_of_a_long_prompt_comes_from_the_cache_the_second_time(openai_client: OpenAI) -> None:
    def details(question: str, **options: Any) -> tuple[int, int]:
        response = openai_client.responses.create(**LUNA, instructions=LONG, input=question, **options)
        read = response.usage.input_tokens_details
        return read.cached_tokens, read.cache_write_tokens

    first, second, third = details("Say hello"), details("Say hello"), details("Give me an example")
    assert first[0] == 0
    assert first[1] >= 1024
    assert first[1] % 128 == 0
    assert second == (first[1], 0)
    assert third[0] >= 1024, "what is the same at the beginning is read from the cache"
    assert details("Say hello", prompt_cache_key="another") == first, "another key is another cache"


def test_short_prompts_are_not_cached_and_the_cache_forgets(clock: Clock) -> None:
    with Sandbox(now=clock), OpenAI() as client:

        def cached(text: str) -> int:
            completion = client.chat.completions.create(model="gpt-4.1", messages=[{"role": "user", "content": text}])
            details = completion.usage and completion.usage.prompt_tokens_details
            assert details
            assert details.cached_tokens is not None
            return details.cached_tokens

        assert [cached("Say hello") for _ in range(2)] == [0, 0]
        assert [cached(LONG) > 0 for _ in range(2)] == [False, True]
        clock.time += 601
        assert cached(LONG) == 0
