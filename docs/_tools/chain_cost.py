"""What a chain costs turn by turn: the usage that growth.py printed times the prices of genai-prices."""

import re
from decimal import Decimal
from importlib.metadata import version

from genai_prices import Usage, calc_price

from .as_of import ROOT, as_of, noon
from .first_call_cost import dollars

TARGET = ROOT / "docs" / "includes" / "generated" / "chain-cost.md"
PROGRAM = ROOT / "snippets" / "lessons" / "conversation_memory" / "growth.py"
LONG = (10, 50, 100)
KEPT = 5


def usage() -> list[tuple[int, int]]:
    """Return (input tokens, output tokens) of each turn, from the program's recorded output.

    Raises:
        ValueError: the output has other lines than `1: 16 in, 80 out`.
    """
    output = PROGRAM.with_suffix(".out")
    turns = re.findall(r"^\d+: (\d+) in, (\d+) out$", output.read_text("utf-8"), re.MULTILINE)
    if len(turns) < 2:
        raise ValueError(f"{output.relative_to(ROOT)}: expected two or more lines such as '1: 16 in, 80 out'")
    return [(int(read), int(written)) for read, written in turns]


def render() -> str:
    """Return a table of the measured turns, and one that goes on at the same pace."""
    (model,) = set(re.findall(r'model="([\w.-]+)"', PROGRAM.read_text("utf-8")))
    turns = usage()
    rows, total = [], Decimal(0)
    for number, (read, written) in enumerate(turns, 1):
        cost = price(model, read, written)
        total += cost
        rows.append(f"| {number} | {read} | {written} | {dollars(cost)} | {dollars(total)} |")
    first, last = turns[0][0], turns[-1][0]
    step = (last - first) / (len(turns) - 1)
    longer = []
    for count in LONG:
        whole = sum(round(first + step * turn) for turn in range(count))
        kept = sum(round(first + step * min(turn, KEPT - 1)) for turn in range(count))
        longer.append(f"| {count} | {whole:,} | {kept:,} | {whole / kept:.1f} |")
    return "\n".join(
        [
            "| Turn | Input tokens | Output tokens | Cost of the turn | Cost so far |",
            "|---:|---:|---:|---:|---:|",
            *rows,
            "",
            f"Turn {len(turns)} read {last / first:.0f} times as much as turn 1. If the conversation went on at this",
            f"pace, about {step:.0f} tokens more with every turn, all its input together would be:",
            "",
            f"| Turns | Whole chain, input tokens | Last {KEPT} turns only | Ratio |",
            "|---:|---:|---:|---:|",
            *longer,
            "",
            f"<small>Token counts are simulated, on `{model}`, nothing cached. Prices: genai-prices "
            f"{version('genai-prices')}, as of {as_of()}.</small>",
            "",
        ]
    )


def price(model: str, read: int, written: int) -> Decimal:
    """Return the price of one call in dollars, on the as-of date."""
    tokens = Usage(input_tokens=read, output_tokens=written)
    return calc_price(tokens, model, provider_id="openai", genai_request_timestamp=noon()).total_price
