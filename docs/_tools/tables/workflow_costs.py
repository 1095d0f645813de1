"""What the patterns of lesson 07 cost: tokens from its programs' recorded outputs, times the prices in genai-prices."""

import re
from dataclasses import dataclass
from decimal import Decimal

from ..data.as_of import ROOT
from ..data.generated import generates
from .lesson_costs import model_of, price, simulated

PROGRAMS = ROOT / "snippets" / "lessons" / "workflow_patterns"
RUNS = 1_000
SPENT = re.compile(r"^\{'calls': (?P<calls>\d+), 'in': (?P<read>\d+), 'out': (?P<wrote>\d+)\}$", re.M)


@dataclass(frozen=True, slots=True)
class Row:
    """A run of a program: the task it does, its name for readers, and how many of its calls wait for each other."""

    task: str
    pattern: str
    program: str
    run: int
    in_a_row: int


ROWS = (
    Row("one question", "one call", "single.py", 0, 1),
    Row("one question", "chain", "chain.py", 0, 2),
    Row("one question", "router", "route.py", 0, 2),
    Row("one question", "optimizer, passed in round 2", "optimize.py", 0, 4),
    Row("one question", "optimizer, not passed in 3 rounds", "optimize.py", 1, 6),
    Row("three questions", "one call", "single.py", 1, 1),
    Row("three questions", "sections, two at once", "sections.py", 0, 2),
    Row("three questions", "orchestrator, three workers", "orchestrate.py", 0, 3),
    Row("one verdict", "one vote", "votes.py", 0, 1),
    Row("one verdict", "five votes", "votes.py", 1, 1),
    Row("one verdict", "five votes with `n=5`", "votes_chat.py", 0, 1),
)
"""The first row of each task is its single call."""


@dataclass(frozen=True, slots=True)
class Spent:
    """What a run took."""

    calls: int
    read: int
    wrote: int


def spent(program: str) -> list[Spent]:
    """Return what each run of a program took, from lines such as `{'calls': 2, 'in': 139, 'out': 47}`.

    Raises:
        ValueError: its output has no such line.
    """
    output = (PROGRAMS / program).with_suffix(".out").read_text("utf-8")
    found = [Spent(int(match["calls"]), int(match["read"]), int(match["wrote"])) for match in SPENT.finditer(output)]
    if not found:
        raise ValueError(f"{program}: its output has no line such as {{'calls': 2, 'in': 139, 'out': 47}}")
    return found


@generates("docs/includes/generated/workflow-costs.md")
def workflows() -> str:
    """Return a table of all runs, in which each task begins with its single call."""
    (model,) = {model_of(PROGRAMS / row.program) for row in ROWS}
    singles: dict[str, Decimal] = {}
    rows = []
    for row in ROWS:
        run = spent(row.program)[row.run]
        cost = price(model, run.read, run.wrote)
        single = singles.setdefault(row.task, cost)
        rows.append(
            f"| {row.task} | {row.pattern} | {run.calls} | {row.in_a_row} | {run.read} | {run.wrote} "
            f"| ${cost * RUNS:.4f} | {cost / single:.1f} |"
        )
    return "\n".join(
        [
            f"| Task | Pattern | Calls | In a row | Input tokens | Output tokens | {RUNS:,} runs | Times one call |",
            "|---|---|---:|---:|---:|---:|---:|---:|",
            *rows,
            "",
            '"In a row" counts the calls that wait for each other.',
            "",
            simulated(
                f", on `{model}`, without reasoning, nothing cached; how much a real model writes in each step varies"
            ),
            "",
        ]
    )
