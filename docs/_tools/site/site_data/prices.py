"""prices.json: what the tables of prices and limits say, for the calculator on the page and for other programs."""

from datetime import date
from typing import Self

from pydantic.dataclasses import dataclass

from ...data import price_sources
from ...tables import model_prices
from .document import PUBLISHED, Document

# tiktoken 0.14 names o200k_base for these; the tokenizer of later models is not documented.
DOCUMENTED = ("gpt-4o", "gpt-4.1", "gpt-5.5", "gpt-5.4", "gpt-5.2", "gpt-5.1", "gpt-5", "o1", "o3", "o4")
NAMES = {"input": "Input", "cached": "Cached input", "cache_write": "Cache write", "output": "Output"}
SOURCES = ("genai-prices", "litellm")


@dataclass(config=PUBLISHED)
class LongRates:
    """Prices of the whole request if its prompt is long, in US dollars per million tokens."""

    above: int
    """These prices apply to a prompt of more than this many tokens."""
    input: float | None
    """US dollars per million tokens of the prompt that are not read from the cache."""
    cached: float | None
    """US dollars per million tokens of the prompt that are read from the cache. Null: there is no separate price."""
    cache_write: float | None
    """US dollars per million tokens that are written to the cache. Null: there is no separate price."""
    output: float | None
    """US dollars per million tokens of the answer, reasoning included."""


@dataclass(config=PUBLISHED)
class Rates:
    """Prices in US dollars per million tokens."""

    input: float | None
    """US dollars per million tokens of the prompt that are not read from the cache."""
    cached: float | None
    """US dollars per million tokens of the prompt that are read from the cache. Null: there is no separate price."""
    cache_write: float | None
    """US dollars per million tokens that are written to the cache. Null: there is no separate price."""
    output: float | None
    """US dollars per million tokens of the answer, reasoning included."""
    long: LongRates | None
    """Prices for a long prompt. Null: the same."""


@dataclass(config=PUBLISHED)
class Price:
    """A model that can be called on the as-of date."""

    id: str
    """The name to send as `model`."""
    standard: Rates
    """Prices of a usual request."""
    batch: Rates | None
    """Prices in the Batch API. Null: none are known."""
    flex: Rates | None
    """Prices with `service_tier="flex"`. Null: none are known."""
    fast: Rates | None
    """Prices with `service_tier="fast"`. Null: none are known."""
    since: date | None
    """The day from which these prices apply. Null: no earlier ones are known."""
    promised: date | None
    """The last day for which a promotional price is promised. Null: the price is not promotional."""
    shutdown: date | None
    """The day it shuts down, the earliest that any source has. Null: none is announced."""
    window: int | None
    """The context window in tokens; the smaller number if the sources disagree. Null: not known."""
    reads: int | None
    """The longest prompt in tokens. Null: not known."""
    writes: int | None
    """The longest answer in tokens. Null: not known."""
    estimate: bool
    """Whether token counts made with o200k_base are estimates because the model's tokenizer is not documented."""


@dataclass(config=PUBLISHED)
class Release:
    """A version of a package that prices or limits come from."""

    version: str
    """The version."""
    published: date
    """The day it was published."""


@dataclass(kw_only=True, config=PUBLISHED)
class Prices(Document):
    """What each text model costs in US dollars per million tokens, and how many tokens it reads and writes."""

    sources: dict[str, Release]
    """Where the numbers come from: prices and windows from genai-prices, what is read and written from litellm."""
    models: list[Price]
    """The models, newest family first."""

    @classmethod
    def read(cls) -> Self:
        """Return what the tables say."""
        recorded = {name: price_sources.release(name) for name in SOURCES}
        sources = {name: Release(release.version, release.published) for name, release in recorded.items()}
        return cls(sources=sources, models=[_price(row) for row in model_prices.rows() if not row.past])


def _price(row: model_prices.Row) -> Price:
    ways = {way: _rates(row.in_full(way), row) if way in row.ways else None for way in model_prices.WAYS}
    return Price(
        id=row.id,
        standard=_rates(model_prices.Rates(row.prices, row.long), row),
        batch=ways["Batch"],
        flex=ways["Flex"],
        fast=ways["Fast"],
        since=row.since,
        promised=row.promised,
        shutdown=row.shutdown,
        window=min(size for size in (row.context, row.disputed) if size) if row.context else None,
        reads=row.limits.reads if row.limits else None,
        writes=row.limits.writes if row.limits else None,
        estimate=not any(row.id == name or row.id.startswith(f"{name}-") for name in DOCUMENTED),
    )


def _rates(rates: model_prices.Rates, row: model_prices.Row) -> Rates:
    base = {name: _dollars(rates.base[title]) for name, title in NAMES.items()}
    if row.long_from is None or all(price is None for price in rates.long.values()):
        return Rates(**base, long=None)
    long = {name: _dollars(rates.long[title]) or base[name] for name, title in NAMES.items()}
    return Rates(**base, long=LongRates(row.long_from, **long))


def _dollars(price: object) -> float | None:
    return None if price is None else float(str(price))
