"""When models end, what they cost by genai-prices, and where the SDK sends its readers."""

import inspect
from decimal import Decimal
from importlib.metadata import version

import pytest
from openai.resources.chat import Completions
from openai.resources.responses import Responses
from openai.types import Model

from docs._tools.data.models import shutdown_dates
from docs._tools.tables import model_prices

from ..made_up_server import always, client_of

ROWS = {row.id: row for row in model_prices.rows()}


@pytest.mark.proves("gpt-4-shutdown", "gpt-4o-shutdown")
def test_the_gpt_4_models_have_a_day_on_which_they_end() -> None:
    announced = shutdown_dates()
    assert announced["gpt-4"] == announced["gpt-4-turbo"] == "2026-10-23"
    assert announced["gpt-4o"] == announced["gpt-4o-mini"] == "2027-01-14"


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


@pytest.mark.proves("sdk-versions")
def test_the_installed_sdk_is_version_3() -> None:
    assert version("openai").startswith("3.")
