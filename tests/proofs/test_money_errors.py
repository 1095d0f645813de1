"""What counting, pricing and retrying do where money is at stake."""

import inspect
from collections.abc import Callable
from datetime import UTC, date, datetime
from decimal import Decimal
from importlib.metadata import version
from pathlib import Path
from typing import Any

import openai
import pytest
import tiktoken
import tiktoken.load
from genai_prices import Usage, calc_price
from openai import OpenAI
from openai.types import Model
from openai.types.responses import response_usage
from tiktoken_ext import openai_public

from docs._tools.data.as_of import as_of
from openai_sandbox import Sandbox

# The name under which tiktoken keeps the ranks of o200k_base: the SHA-1 of their address.
RANKS = "fb374d419588a4632f3f557e76b4b70aebbca790"


@pytest.fixture
def asked_for(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What tiktoken would download: the addresses it asks for. None of them answers."""
    addresses: list[str] = []

    def refuse(address: str) -> bytes:
        addresses.append(address)
        raise ConnectionError(address)

    monkeypatch.setattr(tiktoken.load, "read_file", refuse)
    return addresses


@pytest.mark.proves("tiktoken-unknown")
def test_an_unlisted_name_raises_before_anything_is_downloaded(asked_for: list[str]) -> None:
    for unknown in ("gpt-6-luna", "gpt-4.2", "gemma2-9b-it"):
        with pytest.raises(KeyError, match=f"Could not automatically map {unknown} to a tokeniser"):
            tiktoken.encoding_for_model(unknown)
    assert version("tiktoken").startswith("0.14."), "the claim names the version"
    for begins_like_a_known_one in ("gpt-5.5", "gpt-5-no-such-model", "gpt-5x"):
        assert tiktoken.encoding_name_for_model(begins_like_a_known_one) == "o200k_base"
    assert not asked_for


@pytest.mark.proves("tiktoken-downloads")
def test_ranks_are_downloaded_unless_the_cache_has_them(
    asked_for: list[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("TIKTOKEN_CACHE_DIR", str(tmp_path))
    with pytest.raises(ConnectionError):
        openai_public.o200k_base()
    assert [address.startswith("https://") for address in asked_for] == [True]

    (tmp_path / RANKS).write_text("YQ== 0\n")
    monkeypatch.setattr(tiktoken.load, "check_hash", lambda *_: True)
    assert openai_public.o200k_base()["mergeable_ranks"] == {b"a": 0}
    assert len(asked_for) == 1


@pytest.mark.proves("assistants-warn")
def test_the_assistants_api_warns_and_is_called(api: Sandbox) -> None:
    calls: list[Callable[[OpenAI], Any]] = [
        lambda client: client.beta.assistants.create(model="gpt-6-luna"),
        lambda client: client.beta.threads.create(),
    ]
    for call in calls:
        with OpenAI() as client, pytest.warns(DeprecationWarning), pytest.raises(openai.APIStatusError):
            call(client)
    assert [exchange.path for exchange in api.requests] == ["/v1/assistants", "/v1/threads"]


@pytest.mark.proves("shutdown-date-field")
def test_a_model_has_a_shutdown_date() -> None:
    said = inspect.getsource(Model).partition("shutdown_date: Optional[str] = None")[2]
    assert "The date when the model will shut down, or null if not announced." in said


@pytest.mark.proves("usage-breakdown")
def test_details_are_breakdowns_of_the_counts() -> None:
    said = " ".join(inspect.getsource(response_usage.ResponseUsage).split())
    assert 'input_tokens_details: InputTokensDetails """A detailed breakdown of the input tokens."""' in said
    assert 'output_tokens_details: OutputTokensDetails """A detailed breakdown of the output tokens."""' in said
    assert {"cached_tokens", "cache_write_tokens"} <= response_usage.InputTokensDetails.model_fields.keys()
    assert {"reasoning_tokens"} == response_usage.OutputTokensDetails.model_fields.keys()


def cost(model: str = "gpt-6-luna", day: date | None = None, **tokens: int) -> Decimal:
    at = datetime(*day.timetuple()[:3], tzinfo=UTC) if day else None
    return calc_price(Usage(**tokens), model, provider_id="openai", genai_request_timestamp=at).total_price


@pytest.mark.proves("genai-parts")
def test_what_came_from_the_cache_is_taken_out_of_the_input() -> None:
    whole, read, written, out = 2006, 1000, 920, 300
    parts = cost(input_tokens=whole - read - written) + cost(output_tokens=out)
    parts += cost(input_tokens=read, cache_read_tokens=read) + cost(input_tokens=written, cache_write_tokens=written)
    assert parts == cost(input_tokens=whole, output_tokens=out, cache_read_tokens=read, cache_write_tokens=written)
    assert cost(input_tokens=read, cache_read_tokens=read) < cost(input_tokens=read)
    assert cost(input_tokens=written, cache_write_tokens=written) > cost(input_tokens=written)


@pytest.mark.proves("luna-price-fell")
def test_the_price_of_luna_fell_to_a_fifth() -> None:
    before, since, today = date(2026, 7, 29), date(2026, 7, 30), as_of()
    million = 1_000_000
    prices = [
        (cost("gpt-5.6-luna", day, input_tokens=million // 10), cost("gpt-5.6-luna", day, output_tokens=million))
        for day in (before, since, today)
    ]
    assert prices == [
        (Decimal("0.1"), Decimal(6)),
        (Decimal("0.02"), Decimal("1.2")),
        (Decimal("0.02"), Decimal("1.2")),
    ]


@pytest.mark.proves("unknown-price")
def test_an_unknown_model_has_no_price() -> None:
    with pytest.raises(LookupError):
        cost("my-model", input_tokens=1)


@pytest.mark.proves("retry-repeats-request")
def test_retries_are_the_same_request_without_a_key_of_their_own(sandbox: Callable[..., Sandbox]) -> None:
    with sandbox("connection_drop; rate_limit retry_after_ms=1") as api, OpenAI() as client:
        client.responses.create(model="gpt-6-luna", input="Say hello")
    assert [exchange.headers["x-stainless-retry-count"] for exchange in api.requests] == ["0", "1", "2"]
    assert not [name for exchange in api.requests for name in exchange.headers if "idempotency" in name]
    first, *others = [exchange.body for exchange in api.requests]
    assert others == [first, first]
