"""Lists what has to be read again, and what is new: `uv run python -m docs._tools.tables.freshness [--accept]`.

Prints both as Markdown, for the pull request of a refresh. `--accept` records that everything that the SDK and the
price sources have now was reviewed; see `data.looked_at`.
"""

import argparse
import sys
from collections import defaultdict
from datetime import date

from genai_prices.types import ModelInfo

from openai_sandbox.model.families import families

from ..data.as_of import ROOT, as_of, noon
from ..data.generated import generates
from ..data.looked_at import FILE, Found, accept, found, looked_at, new
from ..data.model_advice import advice
from ..ledger.claims import due, ledger, proofs
from ..ledger.freshness import LIVES, MEANINGS, Kind, overdue_since
from .model_prices import provider

CALLED = {"event": "stream event", "shutdown": "shutdown date"}
"""Kinds that a reader needs a longer name for."""
SHOWN = 40
"""How many new things of each kind are listed."""


def read_on() -> dict[Kind, list[tuple[str, date, str | None]]]:
    """Return everything that was read, by kind: what it is, when it was read, and why it is due again, if it is."""
    read: dict[Kind, list[tuple[str, date, str | None]]] = defaultdict(list)
    proven = {id for proof in proofs(ROOT) for id in proof.claims}
    for claim in ledger(ROOT).values():
        if claim.kind and claim.checked:
            why = due(claim, as_of(), proven=claim.id in proven)
            read[claim.kind].append((f"`{claim.id}`", claim.checked, why))
    for family in families():
        checked = date.fromisoformat(family.checked)
        name = f"what models take whose id matches `{family.match}`".replace("|", "&#124;")
        read["model"].append((name, checked, overdue_since("model", checked, as_of())))
    told = advice()
    read["model"].append(("which models OpenAI advises", told.read, overdue_since("model", told.read, as_of())))
    return read


def now() -> Found:
    """Return what the SDK and the price sources have now."""
    return found({model.id: _prices(model) for model in provider().models})


def _prices(model: ModelInfo) -> str:
    """Return a model's standard prices as text, in dollars per million tokens."""
    rates = model.get_prices(noon())
    named = {"input": rates.input_mtok, "cached": rates.cache_read_mtok, "output": rates.output_mtok}
    told = {name: getattr(price, "base", price) for name, price in named.items() if price is not None}
    return ", ".join(f"{name} ${price}" for name, price in told.items()) or "none in tokens"


@generates("docs/includes/generated/freshness.md")
def render() -> str:
    """Return how old the readings are, by kind, what is overdue, and what has not been reviewed yet."""
    read = read_on()
    lines = ["| What was read | Number | Read again after | Oldest | Overdue |", "|---|---:|---|---|---:|"]
    for kind, meaning in MEANINGS.items():
        entries = read.get(kind, [])
        life = LIVES[kind]
        again = f"{life.days} days" if life else "a new version of the SDK"
        oldest = f"<time>{min(checked for _, checked, _ in entries)}</time>" if entries else ""
        overdue = sum(why is not None for *_, why in entries)
        lines.append(f"| {meaning} | {len(entries)} | {again} | {oldest} | {overdue} |")
    return "\n".join([*lines, "", *overdue_lines(read), "", *new_lines(), ""])


def overdue_lines(read: dict[Kind, list[tuple[str, date, str | None]]]) -> list[str]:
    """Return what is overdue as Markdown."""
    due = [(name, why) for entries in read.values() for name, _, why in entries if why]
    if not due:
        return ["Nothing is overdue."]
    return [f"{len(due)} overdue:", "", *(f"- {name}: {why}" for name, why in due)]


def new_lines() -> list[str]:
    """Return what has not been reviewed yet as Markdown."""
    fresh = new(now(), looked_at())
    if not fresh:
        return ["Everything that the SDK and the price sources bring has been looked at."]
    lines = ["Not looked at yet:", ""]
    for kind, names in fresh.items():
        lines += [f"- {CALLED.get(kind, kind)} `{name}`" for name in names[:SHOWN]]
        if len(names) > SHOWN:
            lines.append(f"- and {len(names) - SHOWN} more of this kind")
    return lines


def main(arguments: list[str] | None = None) -> int:
    """Print what is overdue and what is new, and accept what is new if told to."""
    parser = argparse.ArgumentParser(prog="python -m docs._tools.tables.freshness", description=__doc__)
    parser.add_argument("--accept", action="store_true", help="record that everything new has been reviewed")
    options = parser.parse_args(arguments)
    if options.accept:
        accept(now())
        print(f"wrote {FILE.relative_to(ROOT)}")
        return 0
    print("\n".join([*overdue_lines(read_on()), "", *new_lines()]))
    return 0


if __name__ == "__main__":
    sys.exit(main())
