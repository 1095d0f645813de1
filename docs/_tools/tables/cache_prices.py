"""The prices of the prompt cache: reading from it, and writing to it for the default time and for 12 hours."""

from ..data import price_sources
from ..data.generated import generates
from .model_prices import Row, money, rows, without_price


def charged() -> list[Row]:
    """Return the models that can be called and charge for cache writes."""
    return [row for row in rows() if not row.past and row.prices["Cache write"] is not None]


@generates("docs/includes/generated/cache-prices.md")
def render() -> str:
    """Return the table of models that charge for cache writes."""
    long = price_sources.long_cache_writes()
    lines = [
        "| Model | Input | Cached input | Write, kept by default | Write, kept 12 hours |",
        "|---|---:|---:|---:|---:|",
    ]
    for row in charged():
        cells = [*(row.prices[name] for name in ("Input", "Cached input", "Cache write")), long.get(row.id)]
        lines.append(f"| `{row.id}` | {' | '.join(money(cell) for cell in cells)} |")
    lines += [
        "",
        *without_price(),
        f"<small>Writes kept 12 hours: litellm {price_sources.release('litellm')}. The others: "
        f"{price_sources.genai_prices()}.</small>",
        "",
    ]
    return "\n".join(lines)
