"""The prices as JSON, for the calculator on the page and for other programs."""

import json
from collections.abc import Mapping
from decimal import Decimal

from .as_of import ROOT
from .model_prices import rows

TARGET = ROOT / "docs" / "assets" / "data" / "prices.json"

# tiktoken 0.14 names o200k_base for these; of later models the tokenizer is not documented.
DOCUMENTED = ("gpt-4o", "gpt-4.1", "gpt-5.5", "gpt-5.4", "gpt-5.2", "gpt-5.1", "gpt-5", "o1", "o3", "o4")


def render() -> str:
    """Return the models that can be called, with prices in dollars for a million tokens."""
    prices = []
    for row in rows():
        if row.past:
            continue
        estimate = not any(row.id == name or row.id.startswith(f"{name}-") for name in DOCUMENTED)
        long = {"from": row.long_from, **_rates(row.long)} if row.long_from else None
        prices.append({"id": row.id, **_rates(row.prices), "estimate": estimate, "long": long})
    return "[\n" + ",\n".join(" " + json.dumps(price) for price in prices) + "\n]\n"


def _rates(prices: Mapping[str, Decimal | None]) -> dict[str, float | None]:
    named = {"input": "Input", "cached": "Cached input", "output": "Output"}
    found = {name: prices.get(title) for name, title in named.items()}
    return {name: None if price is None else float(price) for name, price in found.items()}
