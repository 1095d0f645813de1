"""What batch, flex and fast cost: the other ways to be served, if genai-prices lists prices for them."""

import re
from datetime import date
from typing import get_args

from openai.types.responses.service_tier import ServiceTier

from ..data.generated import generates
from .model_prices import FIELDS, WAYS, Row, code, day, provider, rise, rows, without_price

# The SDK's tiers that have no separate price: the standard one, the project's setting, and another word for fast.
SAME = {"auto", "default", "priority"}


def unpriced() -> list[str]:
    """Return the values of `service_tier` that the SDK names and genai-prices lists no price for."""
    (tiers, _) = get_args(ServiceTier)
    priced = {context.get("service_tier") for context in WAYS.values()}
    return [tier for tier in get_args(tiers) if tier not in SAME | priced]


def verified(way: str, ids: set[str]) -> list[date]:
    """Return the days on which genai-prices, by its comments on these models, read the rates on OpenAI's page."""
    days: set[date] = set()
    for model in provider().models:
        if model.id in ids:
            for rates, when in re.findall(r"([\w/]+) rates verified on (\d{4}-\d\d-\d\d)", model.price_comments or ""):
                if way.lower() in rates.lower().split("/"):
                    days.add(date.fromisoformat(when))
    return sorted(days)


@generates("docs/includes/generated/service-prices.md")
def render() -> str:
    """Return a tab with a table for every way to be served, when its prices were read, and which models have no
    price."""
    current = [row for row in rows() if not row.past]
    (long_from,) = {row.long_from for row in current if row.long_from}
    lines, read, short = [], [], []
    for way in WAYS:
        offered = [row for row in current if way in row.ways]
        lines += [f'=== "{way}"', "", *(f"    {line}" for line in _table(way, offered)), ""]
        if days := verified(way, {row.id for row in offered}):
            span = day(days[0]) if len(days) == 1 else f"{day(days[0])} to {day(days[-1])}"
            read.append(f"{way.lower()} {span}")
        if names := [row.id for row in offered if row.long_from and not any(row.ways[way].long.values())]:
            short.append(f"{way.lower()} {code(names)}")
    lines += [
        f"A price after an arrow applies to prompts of more than {long_from:,} tokens. A dash means that genai-prices",
        "lists no separate price. It then calculates with the standard one, if there is one.",
        "",
        "For some models, it lists no separate price for long prompts, although the standard price rises: "
        f"{'; '.join(short)}.",
        "",
        f"The SDK's `service_tier` also takes {code(unpriced())}. genai-prices lists no prices for these.",
        "",
        *(line.replace("this table", "these tables") for line in without_price()),
        f"<small>When genai-prices read these on OpenAI's price page, by its comments: {'; '.join(read)}.</small>",
        "",
    ]
    return "\n".join(lines)


def _table(way: str, offered: list[Row]) -> list[str]:
    return [
        f"| Model | {' | '.join(FIELDS)} |",
        f"|---|{'---:|' * len(FIELDS)}",
        *(f"| `{row.id}` | {' | '.join(rise(row.ways[way]))} |" for row in offered),
    ]
