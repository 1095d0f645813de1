"""The price and field tables say what their sources say."""

from decimal import Decimal

import pytest
from genai_prices import Usage, calc_price

from docs._tools.data.as_of import noon
from docs._tools.tables import model_prices

ROWS = model_prices.rows()


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.id)
def test_a_price_is_what_the_library_computes(row: model_prices.Row) -> None:
    kinds = {
        "Input": Usage(input_tokens=1000),
        "Cached input": Usage(input_tokens=1000, cache_read_tokens=1000),
        "Cache write": Usage(input_tokens=1000, cache_write_tokens=1000),
        "Output": Usage(output_tokens=1000),
    }
    for name, used in kinds.items():
        if (price := row.prices[name]) is not None:
            computed = calc_price(used, row.id, provider_id="openai", genai_request_timestamp=noon()).total_price
            assert computed * 1000 == price, name
    if row.long_from and row.long["Input"]:
        used = Usage(input_tokens=row.long_from + 1)
        computed = calc_price(used, row.id, provider_id="openai", genai_request_timestamp=noon()).total_price
        assert computed == row.long["Input"] * (row.long_from + 1) / Decimal(1_000_000)


@pytest.mark.parametrize("row", [row for row in ROWS if row.ways], ids=lambda row: row.id)
def test_a_price_of_batch_flex_or_fast_is_what_the_library_computes(row: model_prices.Row) -> None:
    def computed(way: str, length: int, **used: int) -> Decimal:
        context = model_prices.WAYS[way]
        usage = Usage(**({"input_tokens": length, "output_tokens": 0} | used))
        now = noon()
        whole = calc_price(usage, row.id, provider_id="openai", genai_request_timestamp=now, price_context=context)
        return whole.total_price * 1_000_000

    for way, stated in row.ways.items():
        full = row.in_full(way)
        assert {name: price for name, price in stated.base.items() if price is not None}.items() <= full.base.items()
        assert full.base["Input"] == computed(way, 1000) / 1000
        assert full.base["Output"] == computed(way, 0, output_tokens=1000) / 1000
        if row.prices["Cached input"] is not None:
            assert full.base["Cached input"] == computed(way, 1000, cache_read_tokens=1000) / 1000
        if row.prices["Cache write"] is not None:
            assert full.base["Cache write"] == computed(way, 1000, cache_write_tokens=1000) / 1000
        if row.long_from:
            long = row.long_from + 1
            assert (full.long["Input"] or full.base["Input"]) == computed(way, long) / long
            output = computed(way, long, output_tokens=1000) - computed(way, long)
            assert (full.long["Output"] or full.base["Output"]) == output / 1000


def test_a_date_is_not_followed_by_how_long_ago_it_was() -> None:
    said = model_prices.render()
    assert "available at least through" in said
    assert " ago" not in said


def test_there_are_prices_for_the_models_in_use() -> None:
    assert len(ROWS) >= 25
    assert {"gpt-6-luna", "gpt-6.1-sol", "gpt-4o"} <= {row.id for row in ROWS}
