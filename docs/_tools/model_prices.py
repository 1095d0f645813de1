"""Models and prices: what genai-prices and the SDK's shutdown dates say on the as-of date."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from importlib.metadata import version

from genai_prices.data_snapshot import get_snapshot
from genai_prices.types import ModelInfo, Provider

from .as_of import ROOT, as_of, noon
from .model_list import model_ids, shutdown_dates

TARGET = ROOT / "docs" / "includes" / "generated" / "models-and-prices.md"

# Families of general text models, the newest first. Models for other media or one trade are left to the price source.
TEXT = re.compile(r"^(?:gpt-6|gpt-5|gpt-4|gpt-3\.5-turbo$|o[134])")
OTHER = re.compile(
    r"audio|realtime|image|search|tts|transcribe|cyber|rosalind|codex|law|latest|vision|preview|research|:|-\d{4}"
)
FIELDS = {
    "Input": "input_mtok",
    "Cached input": "cache_read_mtok",
    "Cache write": "cache_write_mtok",
    "Output": "output_mtok",
}


@dataclass(frozen=True, slots=True)
class Row:
    """A model on the as-of date: prices in dollars for a million tokens, batch prices, the rise above a long prompt.

    `since` is the day from which the prices hold, where they have changed.
    """

    id: str
    prices: Mapping[str, Decimal | None]
    batch: Mapping[str, Decimal | None]
    long: Mapping[str, Decimal | None]
    long_from: int | None
    context: int | None
    shutdown: date | None
    since: date | None

    @property
    def past(self) -> bool:
        """Whether the model has shut down, as announced."""
        return self.shutdown is not None and self.shutdown <= as_of()


def provider() -> Provider:
    """Return what genai-prices has on OpenAI."""
    return next(provider for provider in get_snapshot().providers if provider.id == "openai")


def text_models() -> list[str]:
    """Return the general text models that the SDK names, without dated snapshots, in its order."""
    return [id for id in model_ids() if TEXT.match(id) and not OTHER.search(id)]


def rows() -> list[Row]:
    """Return the general text models that both the SDK and genai-prices know, in the SDK's order, past ones last."""
    known = {model.id: model for model in provider().models}
    ends = {id: date.fromisoformat(day) for id, day in shutdown_dates().items()}
    return sorted(
        (_row(known[id], ends.get(id)) for id in text_models() if id in known),
        key=lambda row: row.past,
    )


def _row(model: ModelInfo, shutdown: date | None) -> Row:
    standard, batch = model.get_prices(noon()), model.get_prices(noon(), {"processing": "batch"})
    tiers = {name: getattr(getattr(standard, field), "tiers", None) for name, field in FIELDS.items()}
    return Row(
        model.id,
        {name: _base(getattr(standard, field)) for name, field in FIELDS.items()},
        {name: _base(getattr(batch, field)) for name, field in FIELDS.items()} if batch != standard else {},
        {name: found[0].price if found else None for name, found in tiers.items()},
        next((found[0].start for found in tiers.values() if found), None),
        model.context_window,
        shutdown,
        _since(model, noon()),
    )


def _since(model: ModelInfo, now: datetime) -> date | None:
    """Return the day from which the prices hold, where the data has a history."""
    if isinstance(model.prices, list):
        for conditional in reversed(model.prices):
            if conditional.constraint is None or conditional.constraint.active(now):
                return getattr(conditional.constraint, "start_date", None)
    return None


def _base(price: object) -> Decimal | None:
    value = getattr(price, "base", price)
    return value if isinstance(value, Decimal) else None


def render() -> str:
    """Return the tables: models that can be called, and models of the past."""
    day = as_of()
    table = rows()
    current = [row for row in table if not row.past]
    past = [row for row in table if row.past]
    (long_from,) = {row.long_from for row in table if row.long_from}
    lines = [
        "## Models you can call",
        "",
        "Dollars for a million tokens.",
        "",
        f"| Model | {' | '.join(FIELDS)} | Batch in, out | Context window | Shutdown |",
        f"|---|{'---:|' * len(FIELDS)}---:|---:|---|",
    ]
    for row in current:
        cells = [f"{_money(row.prices[name])}" for name in FIELDS]
        batch = f"{_money(row.batch['Input'])}, {_money(row.batch['Output'])}" if row.batch else "—"
        since = f"<br><small>since {_day(row.since)}</small>" if row.since else ""
        context = f"{row.context:,}" if row.context else "—"
        lines.append(f"| `{row.id}`{since} | {' | '.join(cells)} | {batch} | {context} | {_day(row.shutdown)} |")
    if unpriced := [id for id in text_models() if id not in {row.id for row in table}]:
        names = ", ".join(f"`{id}`" for id in unpriced)
        lines += ["", f"The SDK also names {names}. genai-prices has no price for them yet."]
    tiered = [row for row in current if row.long_from]
    lines += [
        "",
        "## Long prompts cost more",
        "",
        f"On these models a prompt of more than {long_from:,} tokens raises the price of the whole request.",
        "",
        "| Model | Input | Cached input | Output |",
        "|---|---:|---:|---:|",
        *(
            f"| `{row.id}` | {_rise(row, 'Input')} | {_rise(row, 'Cached input')} | {_rise(row, 'Output')} |"
            for row in tiered
        ),
        "",
        "## Models of the past",
        "",
        "OpenAI announced that these shut down before today. Old code names them; new code should not.",
        "",
        "| Model | Announced shutdown | Input | Output |",
        "|---|---|---:|---:|",
        *(
            f"| `{row.id}` | {_day(row.shutdown)} | {_money(row.prices['Input'])} | {_money(row.prices['Output'])} |"
            for row in past
        ),
        "",
        f"<small>Prices: genai-prices {version('genai-prices')}, from <{provider().pricing_urls[0]}>. Shutdown dates: "  # type: ignore[index]
        f"openai {version('openai')}. All as of {day}.</small>",
        "",
    ]
    return "\n".join(lines)


def _money(price: Decimal | None) -> str:
    return "—" if price is None else f"{price.normalize():f}"


def _day(day: date | None) -> str:
    return f"<time>{day}</time>" if day else "—"


def _rise(row: Row, name: str) -> str:
    return f"{_money(row.prices[name])} → {_money(row.long[name])}" if row.long[name] is not None else "—"
