"""`assert_resilient`: which faults a function meets, and how it fails."""

import asyncio
import logging
import os
import time

import httpx
import pytest
from openai import APIError, AsyncOpenAI, OpenAI

from openai_sandbox import assert_resilient
from openai_sandbox.resilience import DEFAULT_SET

QUICK = ("bad_key", "content_filter", "failed_response")
PROMPT = "Write a haiku about coding"


def careful() -> str:
    with OpenAI() as client:
        response = client.responses.create(model="gpt-6-luna", input=PROMPT)
    if response.status != "completed":
        raise RuntimeError(f"the answer is {response.status}")
    return response.output_text


def careless() -> str:
    with OpenAI() as client:
        return client.responses.create(model="gpt-6-luna", input=PROMPT).output_text


def naive_chat() -> str:
    asked = [{"role": "user", "content": PROMPT}]
    with OpenAI() as client:
        return client.chat.completions.create(model="gpt-6-luna", messages=asked).choices[0].message.content or ""  # type: ignore[arg-type]


@pytest.mark.simulates("verdict-under-faults")
def test_a_function_that_takes_every_fault_passes_and_one_that_does_not_fails() -> None:
    verdicts = assert_resilient(careful)
    assert [*verdicts] == [
        "",
        *(fault for fault in DEFAULT_SET if fault not in ("cut_stream", "end_early", "stream_error")),
    ]
    with pytest.raises(AssertionError, match="1 finding in 4 runs") as failure:
        assert_resilient(careless, QUICK)
    message = str(failure.value)
    assert "under content_filter, failed_response:\nstatus_ignored (likely)" in message
    assert "fix:  Check `response.status" in message


def test_an_async_function_is_run_too_even_from_a_running_loop() -> None:
    async def answer() -> str:
        async with AsyncOpenAI() as client:
            return (await client.responses.create(model="gpt-6-luna", input=PROMPT)).output_text

    async def test() -> None:
        assert_resilient(answer, "bad_key")
        with pytest.raises(AssertionError, match="status_ignored"):
            assert_resilient(answer, "content_filter")

    asyncio.run(test())


def test_faults_that_a_call_cannot_have_are_left_out() -> None:
    def listing() -> object:
        with OpenAI() as client:
            return client.models.list()

    assert "failed_response" not in assert_resilient(listing, within=60)
    with pytest.raises(AssertionError, match="under content_filter:\nstatus_ignored"):
        assert_resilient(naive_chat, ["content_filter", "bad_key"])


def test_a_function_that_fails_anyhow_fails_as_it_does() -> None:
    def broken() -> None:
        raise KeyError("x")

    with pytest.raises(KeyError) as failure:
        assert_resilient(broken)
    assert failure.value.__notes__ == ["assert_resilient: the call fails even without a fault"]


def test_a_function_that_asks_nobody_is_no_success() -> None:
    with pytest.raises(AssertionError, match="sent nothing to the sandbox"):
        assert_resilient(lambda: "Hello")


def stream(*, whole: bool) -> str:
    text, end = "", False
    with OpenAI() as client:
        try:
            for event in client.responses.create(model="gpt-6-luna", input=PROMPT, stream=True):
                if event.type == "response.output_text.delta":
                    text += event.delta
                end = end or event.type == "response.completed"
        except APIError:
            pass
    if whole and not end:
        logging.getLogger(__name__).warning("the stream broke off")
    return text


def test_half_a_stream_has_to_be_told_by_a_word_in_the_log_at_least() -> None:
    faults = ("cut_stream", "end_early", "stream_error")
    with pytest.raises(AssertionError, match="under cut_stream, end_early, stream_error:\ncut_stream_accepted"):
        assert_resilient(lambda: stream(whole=False), faults)
    assert_resilient(lambda: stream(whole=True), faults)


def post(timeout: float | None) -> int:
    key = {"Authorization": f"Bearer {os.environ['OPENAI_API_KEY']}"}
    body = {"model": "gpt-6-luna", "input": PROMPT}
    return httpx.post(f"{os.environ['OPENAI_BASE_URL']}/responses", json=body, headers=key, timeout=timeout).status_code


def test_a_client_that_waits_for_ever_is_let_go_and_named() -> None:
    started = time.monotonic()
    with pytest.raises(AssertionError, match="no_timeout") as failure:
        assert_resilient(lambda: post(None), ["timeout"], within=0.5)
    assert "the client still waited after" in str(failure.value)
    assert time.monotonic() - started < 10
    assert_resilient(lambda: post(0.1), ["timeout"], within=5)


def test_a_call_that_takes_longer_than_allowed_is_named() -> None:
    def slow() -> object:
        time.sleep(0.3 if asked else 0)
        asked.append(1)
        with OpenAI(max_retries=0) as client:
            return client.models.list()

    asked: list[int] = []
    with pytest.raises(AssertionError, match=r"over_deadline \(certain\)"):
        assert_resilient(slow, ["ok"], within=0.25)


def test_what_a_function_prints_is_still_printed(capsys: pytest.CaptureFixture[str]) -> None:
    def told() -> None:
        print(careful())

    assert_resilient(told, ["bad_key"])
    assert "Cursor blinks" in capsys.readouterr().out


def test_the_environment_is_as_it_was() -> None:
    before = dict(os.environ)
    assert_resilient(careful, ["bad_key"])
    assert dict(os.environ) == before
