"""Models and prices: what genai-prices says on the as-of date, and when the models shut down."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from importlib.metadata import version

from genai_prices.data_snapshot import get_snapshot
from genai_prices.types import ModelInfo, ModelPrice, Provider, StartDateConstraint

from ..data import price_sources
from ..data.as_of import as_of, noon, written_out
from ..data.generated import generates
from ..data.model_advice import Named, advice
from ..data.models import model_ids
from ..data.shutdowns import Shutdown, shutdowns

# Families of general text models, newest first. Models for other media or a special purpose are left out.
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
# The other ways in which a request can be served, and what genai-prices calls them.
WAYS = {
    "Batch": {"processing": "batch"},
    "Flex": {"service_tier": "flex"},
    "Fast": {"service_tier": "fast"},
}


@dataclass(frozen=True, slots=True)
class Rates:
    """Prices in dollars per million tokens: for a usual prompt, and for a long one if that costs more."""

    base: Mapping[str, Decimal | None]
    long: Mapping[str, Decimal | None]


@dataclass(frozen=True, slots=True)
class Step:
    """Rates and the day from which they apply. The first rates, from before the first change, have no day."""

    since: date | None
    rates: Rates


@dataclass(frozen=True, slots=True)
class Promotion:
    """A price that OpenAI calls promotional: the day it began, and the last day for which it is promised."""

    since: date
    through: date


# Facts that no package has. Each is a claim in docs/claims.yml and stops mattering once the data has a newer price.
PROMOTIONS = {"gpt-5.6-sol": Promotion(date(2026, 8, 21), date(2026, 11, 21))}


@dataclass(frozen=True, slots=True)
class Row:
    """A model on the as-of date: prices in dollars per million tokens, how much it reads and writes, its shutdown.

    `ways` has what the data states about each other way to be served; a kind of token may be missing there. `disputed`
    is litellm's context window if that contradicts genai-prices.
    """

    id: str
    prices: Mapping[str, Decimal | None]
    long: Mapping[str, Decimal | None]
    long_from: int | None
    ways: Mapping[str, Rates]
    context: int | None
    limits: price_sources.Limits | None
    end: Shutdown | None
    steps: tuple[Step, ...]

    @property
    def shutdown(self) -> date | None:
        """The day on which the model shuts down: the earliest that the sources announce."""
        return self.end.day if self.end else None

    @property
    def past(self) -> bool:
        """Whether the model has shut down, as announced."""
        return self.shutdown is not None and self.shutdown <= as_of()

    @property
    def begun(self) -> list[Step]:
        """The steps up to the as-of date."""
        return [step for step in self.steps if step.since is None or step.since <= as_of()]

    @property
    def since(self) -> date | None:
        """The day from which the prices apply, if they have changed."""
        return self.begun[-1].since

    @property
    def promised(self) -> date | None:
        """The last day for which a promotional price is promised."""
        promotion = PROMOTIONS.get(self.id)
        return promotion.through if promotion and promotion.since == self.since else None

    @property
    def disputed(self) -> int | None:
        """litellm's context window, if its limits do not add up to the one in genai-prices."""
        if not self.limits or self.context in (None, self.limits.reads, self.limits.reads + self.limits.writes):
            return None
        return self.limits.reads

    def in_full(self, way: str) -> Rates:
        """Return the rates of a way to be served, with standard rates where it states no price."""
        stated = self.ways[way]
        base = {name: self.prices[name] if price is None else price for name, price in stated.base.items()}
        long = {name: self.long[name] if stated.base[name] is None else stated.long[name] for name in base}
        return Rates(base, long)


def provider() -> Provider:
    """Return the data in genai-prices about OpenAI."""
    return next(provider for provider in get_snapshot().providers if provider.id == "openai")


def text_models() -> list[str]:
    """Return the general text models that the SDK names, without dated snapshots, in its order."""
    return [id for id in model_ids() if general(id)]


def general(id: str) -> bool:
    """Return whether this names a general text model, other than by a dated snapshot."""
    return bool(TEXT.match(id)) and not OTHER.search(id)


def unnamed() -> list[str]:
    """Return the general text models that genai-prices lists and the SDK does not name."""
    return [model.id for model in provider().models if general(model.id) and model.id not in model_ids()]


def rows() -> list[Row]:
    """Return the general text models that both the SDK and genai-prices know, in the SDK's order, with past ones
    last."""
    known = {model.id: model for model in provider().models}
    return sorted(
        (_row(known[id], shutdowns().get(id)) for id in text_models() if id in known),
        key=lambda row: row.past,
    )


def _row(model: ModelInfo, end: Shutdown | None) -> Row:
    now = noon()
    standard = model.get_prices(now)
    rates = _rates(standard)
    tiers = [getattr(getattr(standard, field), "tiers", None) for field in FIELDS.values()]
    return Row(
        model.id,
        rates.base,
        rates.long,
        next((found[0].start for found in tiers if found), None),
        {way: stated for way, context in WAYS.items() if (stated := _stated(model, context, now))},
        model.context_window,
        price_sources.limits().get(model.id),
        end,
        tuple(steps(model)),
    )


def _rates(prices: ModelPrice) -> Rates:
    found = {name: getattr(prices, field) for name, field in FIELDS.items()}
    return Rates(
        {name: getattr(price, "base", price) for name, price in found.items()},
        {name: price.tiers[0].price if getattr(price, "tiers", None) else None for name, price in found.items()},
    )


def _stated(model: ModelInfo, context: Mapping[str, str], now: datetime) -> Rates | None:
    """Return what the data states about a way to be served. `get_prices` would fill gaps with standard prices."""
    for variant in model.price_variants or ():
        if variant.when == context and (variant.constraint is None or variant.constraint.active(now)):
            return _rates(variant.prices)
    return None


def steps(model: ModelInfo) -> list[Step]:
    """Return the rates that a model has had and, if the data has them, future ones, oldest first.

    Raises:
        ValueError: the prices depend on something other than the date.
    """
    if isinstance(model.prices, ModelPrice):
        return [Step(None, _rates(model.prices))]
    found: list[Step] = []
    for conditional in model.prices:
        if conditional.constraint is not None and not isinstance(conditional.constraint, StartDateConstraint):
            raise ValueError(f"genai-prices: the price of {model.id} depends on {conditional.constraint}")
        rates = _rates(conditional.prices)
        if not found or found[-1].rates != rates:
            found.append(Step(conditional.constraint.start_date if found and conditional.constraint else None, rates))
    return found


@generates("docs/includes/generated/models-and-prices.md")
def render() -> str:
    """Return the table of models that can be called, notes about single rows, and the sources."""
    current = {row.id: row for row in rows() if not row.past}
    read = {model.id: model for model in unpriced()}
    lines = [
        f"| Model | {' | '.join(FIELDS)} | Context window | Longest output | Shutdown |",
        f"|---|{'---:|' * len(FIELDS)}---:|---:|---|",
    ]
    for id in text_models():
        if row := current.get(id):
            lines.append(_line(row))
        elif model := read.get(id):
            lines.append(_read_line(model))
    lines.append("")
    lines += [_promotion(row, row.promised) + "\n" for row in current.values() if row.promised]
    if read:
        lines += [
            f"genai-prices lists no price yet for {code(list(read))}. Their prices are those that "
            f"[OpenAI's models page]({advice().url}) had when it was read on {day(advice().read)}. "
            "The calculator leaves these models out.",
            "",
        ]
    known = {model.id for model in provider().models}
    if unknown := [id for id in text_models() if id not in known and id not in read]:
        lines += [f"The SDK also names {code(unknown)}. No source has a price for them yet.", ""]
    lines += [
        "Left out are dated snapshots, previews, names with `latest`, and models for audio, images, search, research, "
        "code (Codex), security (cyber) or a single industry. "
        "So are `gpt-3.5-turbo-16k` and models that the SDK does not name, such as "
        f"{' and '.join(f'`{id}`' for id in unnamed())}.",
        "",
    ]
    lines += [
        f"<small>Prices: {price_sources.genai_prices()}, from <{provider().pricing_urls[0]}>. "  # type: ignore[index]
        f"Shutdown dates: openai {version('openai')} and litellm, the earlier one where they differ. Longest output: "
        f"litellm {price_sources.release('litellm')}. "
        f"All as of {written_out(as_of())}.</small>",
        "",
    ]
    return "\n".join(lines)


def unpriced() -> list[Named]:
    """Return the models on OpenAI's models page that the SDK names and genai-prices does not price."""
    known = {row.id for row in rows()}
    return [model for model in advice().models if model.id in text_models() and model.id not in known]


def _line(row: Row) -> str:
    cells = [money(row.prices[name]) for name in FIELDS]
    written = f"{row.limits.writes:,}" if row.limits else "—"
    return f"| `{row.id}`{_remark(row)} | {' | '.join(cells)} | {window(row)} | {written} | {ends(row)} |"


def _read_line(model: Named) -> str:
    prices = {"Input": model.input, "Output": model.output}
    cells = [money(prices.get(name)) for name in FIELDS]
    end = shutdowns().get(model.id)
    mark = f"<br><small>from OpenAI's models page, read {day(advice().read)}</small>"
    return f"| `{model.id}`{mark} | {' | '.join(cells)} | — | — | {day(end.day if end else None)} |"


def _remark(row: Row) -> str:
    parts = [f"since {day(row.since)}"] if row.since else []
    if row.promised:
        parts.append(f"promotional at least through {day(row.promised)}")
    return f"<br><small>{', '.join(parts)}</small>" if parts else ""


def _promotion(row: Row, promised: date) -> str:
    before = row.begun[-2].rates.base
    return (
        f"OpenAI called the price of `{row.id}` promotional, available at least through {day(promised)}. Before, it "
        f"was {money(before['Input'])} in and {money(before['Output'])} out. genai-prices {version('genai-prices')} "
        f"has {'a' if len(row.steps) > len(row.begun) else 'no'} later price."
    )


def without_price() -> list[str]:
    """Return a line on the models that OpenAI recommends and genai-prices lists no prices for, if there are any."""
    known = {row.id for row in rows()}
    missing = [model.id for model in advice().models if model.id not in known]
    return (
        [f"Not in this table, because genai-prices lists no prices for them: {code(missing)}.", ""] if missing else []
    )


@generates("docs/includes/generated/long-prompt-prices.md")
def render_long() -> str:
    """Return the table of the models on which a long prompt costs more."""
    tiered = [row for row in rows() if row.long_from and not row.past]
    (long_from,) = {row.long_from for row in tiered}
    return "\n".join(
        [
            f"On these models a prompt of more than {long_from:,} tokens raises the price of the whole request.",
            "",
            f"| Model | {' | '.join(FIELDS)} |",
            f"|---|{'---:|' * len(FIELDS)}",
            *(f"| `{row.id}` | {' | '.join(rise(Rates(row.prices, row.long)))} |" for row in tiered),
            "",
            *without_price(),
        ]
    )


@generates("docs/includes/generated/past-models.md")
def render_past() -> str:
    """Return the table of the models that have shut down."""
    return "\n".join(
        [
            "| Model | Announced shutdown | Input | Output |",
            "|---|---|---:|---:|",
            *(
                f"| `{row.id}` | {ends(row)} | {money(row.prices['Input'])} | {money(row.prices['Output'])} |"
                for row in rows()
                if row.past
            ),
            "",
        ]
    )


def money(price: Decimal | None) -> str:
    """Write a price: $10, $2.50, $0.125, or a dash if there is none. Cents have two digits, and no digit is lost."""
    if price is None:
        return "—"
    cents = price.as_integer_ratio()[1] != 1
    return f"${price:,.2f}" if cents and price == round(price, 2) else f"${price.normalize():,f}"


def day(day: date | None) -> str:
    """Write a date, or a dash if there is none."""
    return f"<time>{day}</time>" if day else "—"


def ends(row: Row) -> str:
    """Write the day on which a model shuts down, and what other sources say if they disagree."""
    others = "".join(
        f"<br><small>{source}: {day(other)}</small>" for source, other in (row.end.others if row.end else {}).items()
    )
    return day(row.shutdown) + others


def code(names: list[str]) -> str:
    """Write names as a list in a sentence."""
    return ", ".join(f"`{name}`" for name in names)


def window(row: Row) -> str:
    """Write a context window, with both numbers if the sources disagree."""
    if row.context is None:
        return "—"
    return f"{row.context:,}" + (f"<br><small>or {row.disputed:,}</small>" if row.disputed else "")


def rise(rates: Rates) -> list[str]:
    """Write the four prices, each followed by an arrow and the price for a long prompt if there is one."""
    return [
        money(rates.base[name]) + (f" → {money(rates.long[name])}" if rates.long[name] is not None else "")
        for name in FIELDS
    ]
