"""What the tools of lesson 05 cost: tokens from its program's recorded output, times the prices in genai-prices."""

import re
from decimal import Decimal

from ..data.as_of import ROOT
from ..data.generated import generates
from .lesson_costs import DIGITS, model_of, price, simulated

COST = ROOT / "snippets" / "lessons" / "tools" / "cost.py"
CALLS = 3  # in the program's first round
THOUSAND = 1_000


def offered(output: str) -> list[tuple[int, int]]:
    """Return (tools, input tokens of the question with them), from lines such as `tools: 10, input tokens: 617`.

    Raises:
        ValueError: there are fewer than two, or the first is not about a request without tools.
    """
    found = [
        (int(tools), int(tokens)) for tools, tokens in re.findall(r"^tools: (\d+), input tokens: (\d+)$", output, re.M)
    ]
    if len(found) < 2 or found[0][0]:
        raise ValueError(
            f"{COST.stem}.out: expected lines such as 'tools: 0, input tokens: 17', the first without tools"
        )
    return found


def rounds(output: str) -> list[tuple[int, int]]:
    """Return (input tokens, output tokens) of both rounds, from lines such as `round 1: 75 in, 47 out`.

    Raises:
        ValueError: there are not two.
    """
    found = [(int(read), int(said)) for read, said in re.findall(r"^round \d+: (\d+) in, (\d+) out$", output, re.M)]
    if len(found) != 2:
        raise ValueError(f"{COST.stem}.out: expected two lines such as 'round 1: 75 in, 47 out'")
    return found


def one_by_one(first: int, second: int, calls: int = CALLS) -> int:
    """Return the input tokens of all requests together if each call had its own round.

    `first` and `second` are the input tokens of the round with all the calls, and of the one that read the outputs.
    """
    step = (second - first) / calls
    return sum(round(first + step * done) for done in range(calls + 1))


@generates("docs/includes/generated/tools-cost.md")
def tools() -> str:
    """Return what definitions add, what both rounds cost, and what they would cost with one call in each."""
    model = model_of(COST)
    output = COST.with_suffix(".out").read_text("utf-8")
    bare = offered(output)[0][1]
    definitions = [
        f"| {count} | {tokens:,} | {tokens - bare:,} | ${price(model, tokens, 0) * THOUSAND:.4f} |"
        for count, tokens in offered(output)
    ]
    turns, total = [], Decimal(0)
    for number, (read, said) in enumerate(rounds(output), 1):
        cost = price(model, read, said)
        total += cost
        turns.append(f"| {number} | {read} | {said} | ${cost:.{DIGITS}f} | ${total:.{DIGITS}f} |")
    first, second = (read for read, _ in rounds(output))
    apart = one_by_one(first, second)
    return "\n".join(
        [
            "| Functions offered | Input tokens of the question | For the definitions | 1,000 requests, input |",
            "|---:|---:|---:|---:|",
            *definitions,
            "",
            "| Round | Input tokens | Output tokens | Cost of the round | Cost so far |",
            "|---:|---:|---:|---:|---:|",
            *turns,
            "",
            f"Here the {CALLS} calls came in one round. One call in each round would take {CALLS + 1} requests, which "
            f"would read about {apart} input tokens instead of {first + second}.",
            "",
            simulated(f", on `{model}`, without reasoning, nothing cached"),
            "",
        ]
    )
