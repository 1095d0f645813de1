"""How many tokens the models read and write, from genai-prices and litellm, and where the two disagree."""

from ..data import price_sources
from ..data.generated import generates
from .model_prices import Row, code, rows, window


@generates("docs/includes/generated/model-limits.md")
def render() -> str:
    """Return a table of the limits, with one line for models with equal limits, and where the two sources disagree."""
    current = [row for row in rows() if not row.past]
    lines = [
        "| Models | Context window | Longest input | Longest output |",
        "|---|---:|---:|---:|",
    ]
    sizes: dict[object, list[Row]] = {}
    for row in current:
        sizes.setdefault((row.context, row.limits), []).append(row)
    for alike in sizes.values():
        limits, whole = alike[0].limits, (alike[0].context, alike[0].disputed)
        reads = "—" if not limits else "the window" if limits.reads in whole else f"{limits.reads:,}"
        writes = f"{limits.writes:,}" if limits else "—"
        lines.append(f"| {code([row.id for row in alike])} | {window(alike[0])} | {reads} | {writes} |")
    lines += [
        "",
        "“The window” means that litellm lists no lower limit for the input. The real one may be lower, because the "
        "window also holds the output. “—” means that litellm lists no limits.",
    ]
    if disputed := [row.id for row in current if row.disputed]:
        lines += [
            "",
            f"On the context window of {code(disputed)} the sources disagree: the first number is from genai-prices, "
            "the one after “or” from litellm.",
        ]
    lines += [
        "",
        f"<small>Context windows: {price_sources.genai_prices()}. Longest input and output: litellm "
        f"{price_sources.release('litellm')}.</small>",
        "",
    ]
    return "\n".join(lines)
