"""What a call with a mistake costs in lesson 06: tokens from a recorded output, times the prices in genai-prices."""

import re

from ..data.as_of import ROOT
from ..data.generated import generates
from .lesson_costs import model_of, price, simulated

COST = ROOT / "snippets" / "lessons" / "typed_tools" / "cost.py"
LINE = re.compile(r"^(?P<place>[a-z ]+): (?P<read>\d+) in, (?P<said>\d+) out$", re.MULTILINE)
THOUSAND = 1_000
NAMES = ("right at once", "with one mistake")


def questions(output: str) -> list[list[tuple[int, int]]]:
    """Return (input tokens, output tokens) of each request of both questions, the one without a mistake first.

    Raises:
        ValueError: there are not two questions, or the second did not take one request more.
    """
    found: dict[str, list[tuple[int, int]]] = {}
    for line in LINE.finditer(output):
        found.setdefault(line["place"], []).append((int(line["read"]), int(line["said"])))
    asked = list(found.values())
    if [len(one) for one in asked] != [2, 3]:
        raise ValueError(
            f"{COST.stem}.out: expected two lines such as 'inside: 96 in, 29 out', and three with another name"
        )
    return asked


@generates("docs/includes/generated/typed-tools-cost.md")
def typed_tools() -> str:
    """Return what both questions cost, and how much more the one with a mistake."""
    model = model_of(COST)
    rows, costs = [], []
    for name, requests in zip(NAMES, questions(COST.with_suffix(".out").read_text("utf-8")), strict=True):
        read, said = (sum(counts) for counts in zip(*requests, strict=True))
        costs.append(price(model, read, said))
        rows.append(f"| {name} | {len(requests)} | {read} | {said} | ${costs[-1] * THOUSAND:.4f} |")
    more = costs[1] / costs[0] - 1
    return "\n".join(
        [
            "| The call is | Requests | Input tokens | Output tokens | 1,000 questions |",
            "|---|---:|---:|---:|---:|",
            *rows,
            "",
            f"Here, a mistake makes a question {more:.0%} more expensive.",
            "",
            simulated(f", on `{model}`, without reasoning, nothing cached"),
            "",
        ]
    )
