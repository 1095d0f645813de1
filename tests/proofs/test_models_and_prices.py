"""When models end, what they cost by genai-prices, and where the SDK sends its readers."""

import inspect
from decimal import Decimal
from importlib.metadata import metadata, version
from typing import get_type_hints

import pytest
from openai.resources.chat import Completions
from openai.resources.responses import Responses
from openai.types import Model
from openai.types.chat import ChatCompletionContentPartTextParam, completion_create_params
from openai.types.responses import response_create_params, response_input_text_param

from docs._tools.data import price_sources
from docs._tools.data.models import shutdown_dates
from docs._tools.data.shutdowns import shutdowns
from docs._tools.tables import cache_prices, model_prices

from ..made_up_server import always, client_of

ROWS = {row.id: row for row in model_prices.rows()}


@pytest.mark.proves("gpt-4-shutdown", "gpt-4o-shutdown")
def test_the_gpt_4_models_have_a_day_on_which_they_end() -> None:
    announced = shutdown_dates()
    assert announced["gpt-4"] == announced["gpt-4-turbo"] == "2026-10-23"
    assert announced["gpt-4o"] == announced["gpt-4o-mini"] == "2027-01-14"
    for id in ("gpt-4", "gpt-4-turbo", "gpt-4o", "gpt-4o-mini"):
        assert not shutdowns()[id].others, f"no other source names another day of {id}"


@pytest.mark.proves("luna-cheaper")
@pytest.mark.parametrize("kind", ["Input", "Cached input", "Output"])
def test_luna_costs_less_than_gpt_4o_mini(kind: str) -> None:
    new, old = ROWS["gpt-6-luna"].prices[kind], ROWS["gpt-4o-mini"].prices[kind]
    assert new is not None
    assert old is not None
    assert new < old


@pytest.mark.proves("gpt-4-no-step-up")
def test_gpt_4_costs_far_more_than_gpt_4o_mini_and_reads_far_less() -> None:
    old, new = ROWS["gpt-4"], ROWS["gpt-4o-mini"]
    assert (old.prices["Input"], old.prices["Output"], old.context) == (Decimal(30), Decimal(60), 8192)
    assert (new.prices["Input"], new.prices["Output"], new.context) == (Decimal("0.15"), Decimal("0.6"), 128_000)


@pytest.mark.proves("shutdown-date-field")
def test_a_model_that_is_retrieved_has_its_shutdown_date() -> None:
    said = {"id": "gpt-4o", "object": "model", "created": 0, "owned_by": "openai", "shutdown_date": "2027-01-14"}
    client, _ = client_of(always(json=said))
    with client:
        assert client.models.retrieve("gpt-4o").shutdown_date == "2027-01-14"
    assert Model.model_fields["shutdown_date"].default is None


@pytest.mark.proves("three-prices")
def test_output_costs_more_than_input_and_cached_input_less() -> None:
    assert len(ROWS) > 20
    for prices in (row.prices for row in ROWS.values()):
        read, written, cached = (prices[name] for name in ("Input", "Output", "Cached input"))
        assert read is not None
        assert written is not None
        assert written > read
        assert cached is None or cached < read
    assert sum(row.prices["Cached input"] is not None for row in ROWS.values()) > 15


@pytest.mark.proves("card-sum")
def test_the_cards_own_prices_give_another_sum() -> None:
    assert (1000 * Decimal("0.03") + 500 * Decimal("0.12")) / 1_000_000 == Decimal("0.00009")


@pytest.mark.proves("docs-address")
def test_the_sdk_sends_readers_to_developers_openai_com() -> None:
    for resource in (Responses, Completions):
        said = inspect.getsource(resource)
        assert said.count("https://developers.openai.com/api/docs/") > 100
        assert "platform.openai.com/docs" not in said
    readme = metadata("openai").json["description"]
    assert "https://platform.openai.com/docs/" in readme, "the claim says that the README still has old links"


@pytest.mark.proves("cache-writes-12h")
def test_writing_to_the_cache_for_12_hours_costs_two_and_a_half_times_the_input() -> None:
    long = price_sources.long_cache_writes()
    assert len(cache_prices.charged()) >= 5
    for row in cache_prices.charged():
        assert row.prices["Input"] is not None
        assert long[row.id] == row.prices["Input"] * Decimal("2.5"), row.id
        assert row.prices["Cache write"] == row.prices["Input"] * Decimal("1.25"), row.id


@pytest.mark.proves("cache-lifetime")
def test_the_sdk_documents_how_long_the_prompt_cache_keeps_what_is_written() -> None:
    said = " ".join(inspect.getsource(response_create_params.PromptCacheOptions).split())
    assert 'ttl: Literal["30m", "12h"]' in said
    assert "Supported for `gpt-5.6` and later models" in said
    assert "The minimum lifetime applied to every implicit and explicit cache breakpoint" in said
    assert "Supported values are `30m` (the default) and `12h`" in said
    chat = " ".join(inspect.getsource(completion_create_params.PromptCacheOptions).split())
    assert 'ttl: Literal["30m"]' in chat
    assert "Supported for `gpt-5.6` and later models" in chat
    assert "The minimum lifetime applied to every implicit and explicit cache breakpoint" in chat
    assert "which is currently the only supported value" in chat


@pytest.mark.proves("prompt-caching")
def test_the_sdk_documents_how_to_turn_the_automatic_part_of_the_prompt_cache_off() -> None:
    said = " ".join(inspect.getsource(response_create_params.PromptCacheOptions).split())
    assert 'mode: Literal["implicit", "explicit"]' in said
    request = " ".join(inspect.getsource(response_create_params.ResponseCreateParamsBase).split())
    assert "Supported for `gpt-5.6` and later models." in request.partition("prompt_cache_options:")[2][:300]
    assert "Set `mode` to `explicit` to disable the implicit breakpoint." in said
    assert "If there are no explicit breakpoints, the request does not use prompt caching." in said


@pytest.mark.proves("cache-breakpoints")
def test_the_sdk_documents_where_the_prompt_cache_has_breakpoints() -> None:
    options = " ".join(inspect.getsource(response_create_params.PromptCacheOptions).split())
    assert "By default, OpenAI automatically chooses one implicit cache breakpoint." in options
    assert "With `explicit`, OpenAI does not create an implicit breakpoint" in options
    part = " ".join(inspect.getsource(response_input_text_param).split())
    assert "Marks the exact end of a reusable prompt prefix." in part
    assert "the boundary is not rounded to a token block" in part
    assert "prompt_cache_breakpoint" in get_type_hints(response_input_text_param.ResponseInputTextParam)
    assert "prompt_cache_breakpoint" in get_type_hints(ChatCompletionContentPartTextParam)


@pytest.mark.proves("background-windows")
def test_the_sdk_documents_discounted_windows_in_the_background() -> None:
    said = " ".join(inspect.getsource(response_create_params.BackgroundOptions).split())
    assert 'completion_window: Literal["soonest", "2h", "8h"]' in said
    assert "`2h` and `8h` select discounted background execution" in said
    assert "require `background: true`, Standard processing, and `stream: false` or omitted" in said


@pytest.mark.proves("sdk-versions")
def test_the_installed_sdk_is_version_3() -> None:
    assert version("openai").startswith("3.")
