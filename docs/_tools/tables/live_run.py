"""What a run of the snippets against the real API found, for the page about proofs. Says "never run" until there is
one.

uv run pytest --live --live-report docs/_tools/data/live_run.json

writes the report that this reads.
"""

from pydantic.dataclasses import dataclass

from ..data.as_of import ROOT
from ..data.files import CLOSED, checked, load
from ..data.generated import generates

REPORT = ROOT / "docs" / "_tools" / "data" / "live_run.json"


@dataclass(frozen=True, slots=True, config=CLOSED)
class Ran:
    """The result of one snippet: how it ended, how its answers differed from the sandbox's, and the cost."""

    snippet: str
    ended: str
    requests: int
    differences: list[str]
    untyped: list[str]
    dollars: float

    @property
    def fine(self) -> bool:
        """Tell whether it ended as its page shows."""
        return self.ended == "as shown"


@dataclass(frozen=True, slots=True, config=CLOSED)
class Run:
    """The result of a run."""

    date: str
    openai: str
    stopped_by_cap: bool
    dollars: float
    snippets: list[Ran]


@generates("docs/includes/generated/live-run.md")
def render() -> str:
    """Return the summary of the last run, and a line for each snippet with a different result."""
    if not REPORT.exists():
        return "Against the real API: never run.\n"
    file = REPORT.relative_to(ROOT).as_posix()
    return summary(checked(Run, load(REPORT, file), file))


def summary(run: Run) -> str:
    """Return a run in words."""
    ran = run.snippets
    fine = [one for one in ran if one.fine]
    alike = [one for one in fine if not one.differences]
    lines = [
        f"Against the real API: run on <time>{run.date}</time> with openai {run.openai}, for "
        f"${run.dollars:.2f}. "
        f"Of {len(ran)} snippets {len(fine)} ended as their page shows, {len(alike)} of them with answers of the same "
        f"structure as the sandbox's.{' The cap stopped the run.' if run.stopped_by_cap else ''}"
    ]
    others = [one for one in ran if one not in alike]
    if others:
        lines += ["", "| Snippet | Ended | Differs |", "|---|---|---|"]
        lines += [f"| `{one.snippet}` | {one.ended} | {len(one.differences)} members |" for one in others]
    return "\n".join([*lines, ""])
