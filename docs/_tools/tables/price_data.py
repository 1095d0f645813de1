"""The prices as JSON, for the calculator on the page and for other programs."""

import json

from ..data.generated import generates
from .model_prices import Rates, Row, rows

# tiktoken 0.14 names o200k_base for these; the tokenizer of later models is not documented.
DOCUMENTED = ("gpt-4o", "gpt-4.1", "gpt-5.5", "gpt-5.4", "gpt-5.2", "gpt-5.1", "gpt-5", "o1", "o3", "o4")
NAMES = {"input": "Input", "cached": "Cached input", "output": "Output"}

Price = dict[str, float | None]
Tiered = dict[str, float | dict[str, float | None] | None]


@generates("docs/assets/data/prices.json")
def render() -> str:
    """Return the models that can be called: prices in dollars per million tokens, and limits in tokens.

    `batch` is the price in the Batch API. `window` is the context window, the smaller one if sources disagree; `reads`
    and `writes` are the longest input and output. `promised` is the last day for which a promotional price is promised.
    """
    prices = []
    for row in rows():
        if row.past:
            continue
        prices.append(
            {
                "id": row.id,
                **_tiered(Rates(row.prices, row.long), row),
                "batch": _tiered(row.in_full("Batch"), row) if "Batch" in row.ways else None,
                "estimate": not any(row.id == name or row.id.startswith(f"{name}-") for name in DOCUMENTED),
                "window": min(size for size in (row.context, row.disputed) if size) if row.context else None,
                "reads": row.limits.reads if row.limits else None,
                "writes": row.limits.writes if row.limits else None,
                "promised": row.promised.isoformat() if row.promised else None,
            }
        )
    return "[\n" + ",\n".join(" " + json.dumps(price) for price in prices) + "\n]\n"


def _tiered(rates: Rates, row: Row) -> Tiered:
    has_long = any(price is not None for price in rates.long.values())
    return {
        **_plain(rates, long=False),
        "long": {"from": row.long_from, **_plain(rates, long=True)} if has_long else None,
    }


def _plain(rates: Rates, *, long: bool) -> Price:
    found = {
        name: (rates.long[title] if long and rates.long[title] is not None else rates.base[title])
        for name, title in NAMES.items()
    }
    return {name: None if price is None else float(price) for name, price in found.items()}
