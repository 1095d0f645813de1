"""What the agent of lesson 08 costs: tokens from its program's recorded output, times the prices in genai-prices."""

import re
from decimal import Decimal

from ..data.as_of import ROOT
from ..data.generated import generates
from .lesson_costs import DIGITS, model_of, price, simulated

BUDGET = ROOT / "snippets" / "lessons" / "agent_loop" / "budget.py"
THOUSAND = 1_000


def runs(output: str) -> list[list[tuple[int, int]]]:
    """Return (input tokens, output tokens) of each round, run by run, from lines as `model: call (53 in, 145 out)`.

    Raises:
        ValueError: there are not two runs, or one has no rounds.
    """
    parts = re.split(r"^limits: .*$", output, flags=re.M)[1:]
    found = [
        [(int(read), int(said)) for read, said in re.findall(r"^ +model: .*\((\d+) in, (\d+) out\)$", part, re.M)]
        for part in parts
    ]
    if len(found) != 2 or not all(found):
        raise ValueError(f"{BUDGET.stem}.out: expected two runs with lines such as 'model: call (53 in, 145 out)'")
    return found


@generates("docs/includes/generated/agent-cost.md")
def agent() -> str:
    """Return what each round of the agent costs, and what the last one alone reads."""
    model = model_of(BUDGET)
    whole, _ = runs(BUDGET.with_suffix(".out").read_text("utf-8"))
    rows, total = [], Decimal(0)
    for number, (read, said) in enumerate(whole, 1):
        cost = price(model, read, said)
        total += cost
        rows.append(f"| {number} | {read} | {said} | ${cost:.{DIGITS}f} | ${total:.{DIGITS}f} |")
    everything, last = sum(read for read, _ in whole), whole[-1][0]
    single = price(model, last, whole[-1][1])
    return "\n".join(
        [
            "| Round | Input tokens | Output tokens | Cost of the round | Cost so far |",
            "|---:|---:|---:|---:|---:|",
            *rows,
            "",
            f"The {len(whole)} requests read {everything} input tokens together. The last one alone, which contains "
            f"everything that was found, read {last}. If your program had looked the records up itself, one such call "
            f"would have cost about ${single:.{DIGITS}f} instead of ${total:.{DIGITS}f}. For {THOUSAND:,} tasks, that "
            f"is ${single * THOUSAND:.2f} instead of ${total * THOUSAND:.2f}.",
            "",
            simulated(
                f", on `{model}`, nothing cached. The hidden reasoning in the output tokens is made up: a real model's "
                "depends on the task"
            ),
            "",
        ]
    )
