"""Rate limits count down, refill evenly and answer in the API's words."""

import re
import subprocess
import sys
from collections.abc import Callable, Iterator

import pytest
from openai import OpenAI, RateLimitError

from openai_sandbox import Sandbox
from openai_sandbox.faults import DirectiveError, parse
from openai_sandbox.stages.rate_limit import Limiter, RateLimit, duration, estimated_tokens, of_tier

from ...good_requests import RESPONSE
from ..clock import Clock


@pytest.fixture
def limited(clock: Clock) -> Iterator[Callable[[], dict[str, str]]]:
    """Three requests and 1,000 tokens a minute; call it to send a request and get the headers."""
    with Sandbox(now=clock, tier=RateLimit(3, 1000)), OpenAI(max_retries=0) as client:

        def ask(**options: int) -> dict[str, str]:
            create = client.responses.with_raw_response.create
            return dict(create(**RESPONSE, **options).headers)  # type: ignore[call-overload]

        yield ask


def ratelimit(headers: dict[str, str]) -> dict[str, str]:
    return {name.removeprefix("x-ratelimit-"): text for name, text in headers.items() if "ratelimit" in name}


def test_headers_count_down_and_say_when_the_limit_is_whole_again(limited: Callable[[], dict[str, str]]) -> None:
    assert ratelimit(limited()) == {
        "limit-requests": "3",
        "remaining-requests": "2",
        "reset-requests": "20s",
        "limit-tokens": "1000",
        "remaining-tokens": "997",
        "reset-tokens": "180ms",
    }
    assert ratelimit(limited())["remaining-requests"] == "1"


@pytest.mark.simulates("retry-after")
def test_one_request_too_many_is_refused_and_told_when_to_come_back(limited: Callable[[], dict[str, str]]) -> None:
    for _ in range(3):
        limited()
    with pytest.raises(RateLimitError) as refused:
        limited()
    assert refused.value.type == "requests"
    assert refused.value.code == "rate_limit_exceeded"
    assert refused.value.response.headers["retry-after"] == "20"
    assert refused.value.response.headers["x-ratelimit-remaining-requests"] == "0"
    assert "requests per min (RPM): Limit 3, Used 3, Requested 1. Please try again in 20s." in str(refused.value)


@pytest.mark.simulates("limit-refill")
def test_limits_refill_evenly(limited: Callable[[], dict[str, str]], clock: Clock) -> None:
    for _ in range(3):
        limited()
    clock.time += 19
    with pytest.raises(RateLimitError):
        limited()
    clock.time += 20
    assert ratelimit(limited())["remaining-requests"] == "0"


@pytest.mark.simulates("limit-estimate")
def test_the_cap_counts_against_the_limit_of_tokens(limited: Callable[..., dict[str, str]]) -> None:
    assert ratelimit(limited(max_output_tokens=900))["remaining-tokens"] == "100"
    with pytest.raises(RateLimitError) as refused:
        limited(max_output_tokens=200)
    assert refused.value.type == "tokens"
    assert "tokens per min (TPM): Limit 1000, Used 900, Requested 200. Please try again in 6s." in str(refused.value)


@pytest.mark.simulates("retry-after", "limit-refill")
def test_a_request_above_the_limit_of_tokens_can_never_pass(limited: Callable[..., dict[str, str]]) -> None:
    with pytest.raises(RateLimitError, match="Request too large for gpt-6-luna") as refused:
        limited(max_output_tokens=1001)
    assert "retry-after" not in refused.value.response.headers
    assert "try again in" not in refused.value.message


@pytest.mark.simulates("retry-after", "limit-refill")
def test_the_wait_for_tokens_is_what_the_live_api_named() -> None:
    limiter = Limiter(RateLimit(500, 30_000))
    limiter.take("m", 28_039, 0.0)
    headers, refusal = limiter.take("m", 3_906, 0.0)
    assert refusal is not None
    assert "Limit 30000, Used 28039, Requested 3906. Please try again in 3.89s." in refusal.message
    assert headers["retry-after"] == "4"
    soon, refusal = limiter.take("m", 3_906, 3.8)
    assert refusal is not None
    assert soon["retry-after"] == "1"


def test_models_have_limits_of_their_own_and_snapshots_share_their_aliass(clock: Clock) -> None:
    with Sandbox(now=clock, tier=RateLimit(3, 10_000)), OpenAI() as client:

        def remaining(model: str) -> str:
            raw = client.responses.with_raw_response.create(model=model, input="Say hello")
            return str(raw.headers["x-ratelimit-remaining-requests"])

        assert [remaining(model) for model in ("gpt-4.1", "gpt-4.1-2025-04-14", "gpt-6-luna")] == ["2", "1", "2"]


@pytest.mark.simulates("limit-failed-requests")
def test_refused_requests_count_too(clock: Clock) -> None:
    with Sandbox(now=clock, tier=RateLimit(3, 10_000)), OpenAI(max_retries=0) as client:
        for _ in range(3):
            with pytest.raises(Exception, match="temperature"):
                client.responses.create(**RESPONSE, temperature=9)
        with pytest.raises(RateLimitError):
            client.responses.create(**RESPONSE)


def test_without_a_tier_there_are_no_limits_and_no_headers_of_them() -> None:
    with Sandbox(), OpenAI() as client:
        raw = client.responses.with_raw_response.create(**RESPONSE)
        assert not ratelimit(dict(raw.headers))


def test_a_program_can_ask_for_a_tier_in_a_comment() -> None:
    assert parse("tier=2").tier == 2
    with Sandbox("tier=1; rate_limit"), OpenAI(max_retries=0) as client:
        with pytest.raises(RateLimitError):
            client.models.list()
        raw = client.chat.completions.with_raw_response.create(
            model="gpt-6-luna", messages=[{"role": "user", "content": "Say hello"}]
        )
        assert raw.headers["x-ratelimit-limit-requests"] == "500"
        assert raw.headers["x-ratelimit-limit-tokens"] == "500000"


@pytest.mark.parametrize("directive", ["tier=0", "tier=6", "tier=one", "rate_limit tier=1"])
def test_a_tier_that_does_not_exist_is_named(directive: str) -> None:
    with pytest.raises(DirectiveError, match="tier"):
        parse(directive)


def test_tiers_rise() -> None:
    for model in ("gpt-6-luna", "gpt-4o", "gpt-5", "gpt-5-mini"):
        limits = [of_tier(tier, model) for tier in range(1, 6)]
        assert [limit.requests for limit in limits] == sorted(limit.requests for limit in limits)
        assert [limit.tokens for limit in limits] == sorted(limit.tokens for limit in limits)


@pytest.mark.parametrize("limit", [0, 6, -1])
def test_a_sandbox_of_an_unknown_tier_is_not_made(limit: int) -> None:
    with pytest.raises(ValueError, match="use 1 to 5"):
        Limiter(limit)
    with pytest.raises(ValueError, match="whole number of at least 1"):
        RateLimit(0, 5)


def test_the_command_line_refuses_an_unknown_tier() -> None:
    command = [sys.executable, "-m", "openai_sandbox.cli", "serve", "--tier", "9"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 2
    assert re.fullmatch(r"openai-sandbox: argument --tier: invalid choice.*\n", done.stderr)


@pytest.mark.parametrize(
    ("seconds", "text"), [(0, "0ms"), (0.12, "120ms"), (8.64, "8.64s"), (20, "20s"), (60, "1m0s"), (360, "6m0s")]
)
def test_durations_are_written_as_the_api_writes_them(seconds: float, text: str) -> None:
    assert duration(seconds) == text


@pytest.mark.simulates("limit-estimate")
def test_what_a_request_is_charged_is_its_length_over_four_or_its_cap() -> None:
    assert estimated_tokens({"input": "x" * 400}) == 100
    assert estimated_tokens({"input": "x" * 400, "max_output_tokens": 30}) == 100
    assert estimated_tokens({"input": "x" * 400, "max_output_tokens": 300}) == 300
    assert estimated_tokens({"messages": [{"role": "user", "content": [{"type": "text", "text": "x" * 40}]}]}) == 10
