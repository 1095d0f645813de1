"""How prices changed: a step chart of every model whose price has a history in genai-prices, and the same as a
table."""

from datetime import date
from decimal import Decimal

from ..data.as_of import as_of
from ..data.generated import generates
from .model_prices import FIELDS, Row, Step, day, money, rows

# Sizes of a drawing, in units of about a pixel on a phone. The first price has no start date, so its width is fixed.
WIDTH, HEIGHT = 320, 190
LEFT, RIGHT, TOP, BOTTOM = 42, 312, 22, 160
UNDATED = 70
NARROW = 40
DRAWN = ("Output", "Input")
DOUBTED = {
    ("o3", None, "Cached input"): (
        "The table has a dash for the earlier price of cached input of `o3`: genai-prices has $0.50, but "
        "[Roo-Code#2691](https://github.com/RooCodeInc/Roo-Code/issues/2691) of April 17, 2025 has $2.50."
    ),
}
"""Prices of the data that other sources contradict: model, first day and kind. The table has a dash for them, and
the note below it says why."""


def changed() -> list[Row]:
    """Return the models that can be called and had a price change by the as-of date."""
    return [row for row in rows() if row.since and not row.past]


@generates("docs/includes/generated/price-history.md")
def render() -> str:
    """Return the charts, the table, and what the data says about the future."""
    lines = ['<div class="price-history">', *(_figure(row) for row in changed()), "</div>", ""]
    lines += [
        '??? info "The same as a table"',
        "",
        f"    | Model | From | {' | '.join(FIELDS)} |",
        f"    |---|---|{'---:|' * len(FIELDS)}",
    ]
    for row in changed():
        for step in row.begun:
            doubted = {name for id, since, name in DOUBTED if (id, since) == (row.id, step.since)}
            cells = [money(None if name in doubted else step.rates.base[name]) for name in FIELDS]
            since = day(step.since) if step.since else "earlier"
            lines.append(f"    | `{row.id}` | {since} | {' | '.join(cells)} |")
    for row in rows():
        for step in row.steps[len(row.begun) :]:
            base = step.rates.base
            lines += [
                "",
                f"The data already has a later price of `{row.id}`: from {day(step.since)} {money(base['Input'])} in "
                f"and {money(base['Output'])} out.",
            ]
    others = sum(not row.past and not row.since for row in rows())
    lines += [
        "",
        f"Where a line is dashed, the data does not say when that price began. For the other {others} models in "
        "the first table that genai-prices lists, it has one price each, without a date.",
        "",
        *(f"{said}\n" for said in DOUBTED.values()),
    ]
    return "\n".join(lines)


def told(row: Row) -> str:
    """Return a description of a chart for readers who cannot see it."""
    kinds = []
    for name in reversed(DRAWN):
        prices = [money(step.rates.base[name]) + (f" from {step.since}" if step.since else "") for step in row.begun]
        kinds.append(f"{name.lower()} {', '.join(prices)}")
    return f"Step chart of {row.id}, dollars for a million tokens: {'; '.join(kinds)}."


def _figure(row: Row) -> str:
    head = f'<svg viewBox="0 0 {WIDTH} {HEIGHT}" role="img" aria-label="{told(row)}">'
    drawing = "".join(_drawing(row))
    return f"<figure><figcaption><code>{row.id}</code></figcaption>{head}{drawing}</svg></figure>"


def _drawing(row: Row) -> list[str]:
    steps = row.begun
    top = max(step.rates.base[name] or Decimal(0) for step in steps for name in DRAWN)
    edges = [LEFT, *(_x(step.since, steps) for step in steps if step.since), RIGHT]

    def y(price: Decimal) -> int:
        return round(BOTTOM - float(price / top) * (BOTTOM - TOP))

    parts = []
    for tick in (Decimal(0), top / 2, top):
        parts.append(f'<path class="grid" d="M{LEFT} {y(tick)}H{RIGHT}"/>')
        parts.append(f'<text x="{LEFT - 5}" y="{y(tick) + 4}" text-anchor="end">{money(tick)}</text>')
    for name in DRAWN:
        prices = [step.rates.base[name] or Decimal(0) for step in steps]
        kind = name.lower()
        parts.append(f'<path class="{kind} undated" d="M{LEFT} {y(prices[0])}H{edges[1]}"/>')
        line = "".join(f"V{y(price)}H{end}" for price, end in zip(prices[1:], edges[2:], strict=True))
        parts.append(f'<path class="{kind}" d="M{edges[1]} {y(prices[0])}{line}"/>')
        for number, price in enumerate(prices):
            if edges[number + 1] - edges[number] >= NARROW:
                said = f"{kind} {money(price)}" if number == 0 else money(price)
                parts.append(f'<text x="{edges[number] + 4}" y="{y(price) - 5}">{said}</text>')
    for step, x in zip(steps[1:], edges[1:-1], strict=True):
        parts.append(f'<path class="grid" d="M{x} {BOTTOM}v5"/>')
        parts.append(f'<text x="{x}" y="{BOTTOM + 19}" text-anchor="middle">{step.since}</text>')
    parts.append(f'<text x="{RIGHT}" y="{BOTTOM + 19}" text-anchor="end">{as_of()}</text>')
    return parts


def _x(since: date, steps: list[Step]) -> int:
    """Return the position of a day: to scale from the first change to the as-of date."""
    first = next(step.since for step in steps if step.since)
    share = (since - first).days / max((as_of() - first).days, 1)
    return round(LEFT + UNDATED + share * (RIGHT - LEFT - UNDATED))
