"""The recipe that keeps answers asks once for each request, and keeps nothing but whole answers."""

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import openai
import pytest
from openai import OpenAI

from openai_sandbox import Sandbox
from snippets.guides.keep_answers import keep_answers
from snippets.guides.keep_answers.keep_answers import Answers

MakeSandbox = Callable[..., Sandbox]
HELLO: Any = {"model": "gpt-6-luna", "input": "Say hello"}


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "answers.db"


class Clock:
    now = 1_000_000.0

    def time(self) -> float:
        return self.now


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    clock = Clock()
    monkeypatch.setattr(keep_answers, "time", clock)
    return clock


def test_a_second_run_sends_nothing_and_gets_the_same_answer(api: Sandbox, file: Path) -> None:
    first = Answers(OpenAI(), file, 60).create(**HELLO)
    again = Answers(OpenAI(), file, 60).create(**HELLO)
    assert len(api.requests) == 1
    assert again == first
    assert again.output_text == first.output_text != ""
    assert again.usage == first.usage


def test_an_answer_that_is_too_old_is_asked_for_again(api: Sandbox, file: Path, clock: Clock) -> None:
    answers = Answers(OpenAI(), file, seconds=60)
    first = answers.create(**HELLO)
    clock.now += 59
    assert answers.create(**HELLO).id == first.id
    clock.now += 1
    second = answers.create(**HELLO)
    assert second.id != first.id
    clock.now += 59
    assert answers.create(**HELLO).id == second.id, "the new answer has replaced the old one"
    assert len(api.requests) == 2


@pytest.mark.parametrize(
    "other",
    [
        {"input": "Say hello!"},
        {"model": "gpt-6-astra"},
        {"instructions": "Be brief."},
        {"max_output_tokens": 500},
        {"input": [{"role": "user", "content": "Say hello"}]},
    ],
)
def test_a_request_that_differs_in_anything_is_another_one(api: Sandbox, file: Path, other: Any) -> None:
    answers = Answers(OpenAI(), file, 60)
    answers.create(**HELLO)
    answers.create(**HELLO | other)
    assert len(api.requests) == 2


def test_the_order_of_arguments_does_not_matter(api: Sandbox, file: Path) -> None:
    answers = Answers(OpenAI(), file, 60)
    answers.create(model="gpt-6-luna", input="Say hello")
    answers.create(input="Say hello", model="gpt-6-luna")
    assert len(api.requests) == 1


def test_the_order_of_properties_in_a_schema_does(api: Sandbox, file: Path) -> None:
    answers, kinds = Answers(OpenAI(), file, 60), {"city": {"type": "string"}, "area": {"type": "string"}}
    for names in (["city", "area"], ["area", "city"]):
        schema: dict[str, Any] = {"type": "object", "properties": {name: kinds[name] for name in names}}
        schema |= {"required": names, "additionalProperties": False}
        answers.create(**HELLO, text={"format": {"type": "json_schema", "name": "city", "schema": schema}})
    assert len(api.requests) == 2


def test_an_answer_that_is_not_whole_is_not_kept(sandbox: MakeSandbox, file: Path) -> None:
    with sandbox("content_filter; failed_response") as api:
        answers = Answers(OpenAI(), file, 60)
        statuses = [answers.create(**HELLO).status for _ in range(4)]
    assert statuses == ["incomplete", "failed", "completed", "completed"]
    assert len(api.requests) == 3


def test_an_error_is_raised_and_not_kept(sandbox: MakeSandbox, file: Path) -> None:
    with sandbox("bad_key") as api:
        answers = Answers(OpenAI(), file, 60)
        with pytest.raises(openai.AuthenticationError):
            answers.create(**HELLO)
        assert answers.create(**HELLO).output_text
    assert len(api.requests) == 2


@pytest.mark.parametrize("faults", ["ok latency=0.3", "bad_key latency=0.3"])
def test_equal_requests_at_once_make_one_call(sandbox: MakeSandbox, file: Path, faults: str) -> None:
    with sandbox(faults) as api:
        answers, together = Answers(OpenAI(), file, 60), threading.Barrier(8)

        def ask(_: int) -> str:
            together.wait(10)
            try:
                return answers.create(**HELLO).id
            except openai.AuthenticationError as error:
                return str(error.request_id)

        with ThreadPoolExecutor(8) as pool:
            got = list(pool.map(ask, range(8)))
    assert len(set(got)) == 1
    assert len(api.requests) == 1


def test_different_requests_do_not_wait_for_each_other(sandbox: MakeSandbox, file: Path) -> None:
    with sandbox("timeout") as api, OpenAI(max_retries=0, timeout=3) as client:
        answers = Answers(client, file, 60)
        with ThreadPoolExecutor(1) as pool:
            stuck = pool.submit(answers.create, **HELLO)
            while not api.requests:
                assert not stuck.done()
            assert answers.create(**HELLO | {"input": "Write a haiku about coding"}).output_text
            assert not stuck.done()
            with pytest.raises(openai.APITimeoutError):
                stuck.result()


def test_a_stream_is_refused_and_nothing_is_kept_of_it(api: Sandbox, file: Path) -> None:
    answers = Answers(OpenAI(), file, 60)
    for _ in range(2):
        with pytest.raises(AttributeError, match="'Stream' object has no attribute 'status'"):
            answers.create(**HELLO, stream=True)
    assert len(api.requests) == 2
