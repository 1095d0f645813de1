"""The prompt cache: what is read from it and written to it, and when it forgets."""

from collections.abc import Callable
from typing import Any

import pytest
from openai import OpenAI

from openai_sandbox import Sandbox

from ...good_requests import LUNA
from ..clock import Clock

LONG = "A rule of the house. " * 300
EARLIER: dict[str, Any] = {"model": "gpt-4.1"}
MARK = {"mode": "explicit"}


def details(client: OpenAI, **options: Any) -> tuple[int, int]:
    """Return how many tokens of a response's prompt were read from the cache, and written to it."""
    response = client.responses.create(**options)
    assert response.usage
    read = response.usage.input_tokens_details
    return read.cached_tokens, read.cache_write_tokens


def chat_details(client: OpenAI, **options: Any) -> tuple[int | None, int | None]:
    usage = client.chat.completions.create(**options).usage
    assert usage
    assert usage.prompt_tokens_details
    return usage.prompt_tokens_details.cached_tokens, usage.prompt_tokens_details.cache_write_tokens


def marked(text: str, kind: str = "input_text", **mark: Any) -> dict[str, Any]:
    """Return a developer message that ends with a cache breakpoint."""
    part = {"type": kind, "text": text, "prompt_cache_breakpoint": MARK | mark}
    return {"role": "developer", "content": [part]}


def user(text: str) -> dict[str, Any]:
    return {"role": "user", "content": text}


@pytest.mark.simulates("prompt-cache")
def test_before_gpt_56_the_beginning_of_a_long_prompt_comes_from_the_cache_the_second_time(
    openai_client: OpenAI,
) -> None:
    def read(question: str, **options: Any) -> int:
        return details(openai_client, **EARLIER, instructions=LONG, input=question, **options)[0]

    first, second, third = read("Say hello"), read("Say hello"), read("Give me an example")
    assert first == 0
    assert second >= 1024
    assert second % 128 == 0
    assert third >= 1024, "what is the same at the beginning is read from the cache"
    assert read("Say hello", prompt_cache_key="another") == 0, "another key is another cache"


@pytest.mark.simulates("prompt-cache-breakpoints")
def test_from_gpt_56_on_a_prompt_matches_up_to_the_latest_message_and_not_before(openai_client: OpenAI) -> None:
    def ask(question: str, **options: Any) -> tuple[int, int]:
        return details(openai_client, **LUNA, instructions=LONG, input=question, **options)

    first, second, third = ask("Say hello"), ask("Say hello"), ask("Give me an example")
    assert first[0] == 0
    assert first[1] >= 1024
    assert second == (first[1], 0)
    assert third[0] == 0, "the long beginning is the same, but ends at no breakpoint"
    assert third[1] >= 1024
    assert ask("Say hello", prompt_cache_key="another") == first, "another key is another cache"


@pytest.mark.simulates("prompt-cache-breakpoints")
def test_a_conversation_that_grows_reads_what_the_turn_before_has_written(openai_client: OpenAI) -> None:
    history: list[Any] = [user(f"{LONG} Say hello")]
    _, written = details(openai_client, **LUNA, input=history)
    history += [{"role": "assistant", "content": "Hello!"}, user("Give me an example")]
    read, more = details(openai_client, **LUNA, input=history)
    assert read == written
    assert 0 < more < 40


@pytest.mark.simulates("prompt-cache-breakpoints")
@pytest.mark.parametrize(
    ("measure", "messages", "kind"), [(details, "input", "input_text"), (chat_details, "messages", "text")]
)
def test_a_breakpoint_after_the_part_that_stays_lets_the_rest_change(
    openai_client: OpenAI, measure: Callable[..., tuple[int, int]], messages: str, kind: str
) -> None:
    def ask(question: str, mode: str) -> tuple[int, int]:
        options: Any = {messages: [marked(LONG, kind), user(question)], "prompt_cache_options": {"mode": mode}}
        return measure(openai_client, **LUNA, prompt_cache_key=mode, **options)

    (_, written), (read, rest) = ask("Say hello", "implicit"), ask("Give me an example", "implicit")
    assert 1024 <= read < written, "the question is written, too"
    assert 0 < rest < 20
    assert ask("Say hello", "explicit") == (0, read)
    assert ask("Give me an example", "explicit") == (read, 0)


@pytest.mark.simulates("prompt-cache-breakpoints")
def test_nothing_is_cached_in_explicit_mode_without_breakpoints_or_where_one_comes_too_early(
    openai_client: OpenAI,
) -> None:
    explicit: Any = {**LUNA, "prompt_cache_options": {"mode": "explicit"}}
    for _ in range(2):
        assert details(openai_client, **explicit, input=LONG) == (0, 0)
        assert details(openai_client, **explicit, input=[marked("Be brief."), user(LONG)]) == (0, 0)


def test_at_most_four_breakpoints_are_written(openai_client: OpenAI) -> None:
    explicit: Any = {**LUNA, "prompt_cache_options": {"mode": "explicit"}}
    five = [marked(LONG), *(marked(f"Rule {number}") for number in range(4))]
    details(openai_client, **explicit, input=[*five, user("Say hello")])
    assert details(openai_client, **explicit, input=[five[0], user("Say hello")])[0] == 0
    assert details(openai_client, **explicit, input=[*five[:2], user("Say hello")])[0] > 1024


@pytest.mark.simulates("prompt-cache-breakpoints")
def test_breakpoints_are_kept_as_long_as_they_or_the_request_say(clock: Clock) -> None:
    with Sandbox(now=clock), OpenAI() as client:

        def read(key: str, **options: Any) -> int:
            return details(client, **LUNA, prompt_cache_key=key, **{"input": LONG, **options})[0]

        long: Any = {"ttl": "12h"}
        calls: list[Callable[[], int]] = [
            lambda: read("default"),
            lambda: read("request", prompt_cache_options=long),
            lambda: read("mark", input=[marked(LONG, **long), user("Say hello")]),
        ]
        assert [call() > 0 for call in calls] == [False, False, False]
        clock.time += 1_801
        assert [call() > 0 for call in calls] == [False, True, True]
        clock.time += 43_201
        assert [call() > 0 for call in calls] == [False, False, False]


@pytest.mark.simulates("prompt-cache")
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


@pytest.mark.simulates("prompt-cache")
def test_the_cache_remembers_for_a_day_if_it_is_asked_to(clock: Clock) -> None:
    with Sandbox(now=clock), OpenAI() as client:

        def read() -> int:
            return details(client, model="gpt-5.1", input=LONG, prompt_cache_retention="24h")[0]

        assert read() == 0
        clock.time += 86_399
        assert read() > 0
        clock.time += 86_401
        assert read() == 0
