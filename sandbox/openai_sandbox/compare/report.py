"""Reports the result of a comparison, as text and as data."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple

from .replay import Outcome

MOST_SHOWN = 40
"""How many kinds of differences are listed by default."""


class Tally(NamedTuple):
    """How many recordings were compared, and how many of them agree."""

    tried: int
    status: int
    structure: int
    values: int
    unsupported: int

    @property
    def status_percent(self) -> float:
        """The share with the same status, in percent."""
        return percent(self.status, self.tried)

    @property
    def structure_percent(self) -> float:
        """The share with the same structure, in percent."""
        return percent(self.structure, self.tried)


def percent(part: int, whole: int) -> float:
    """Return a share in percent; 100 if there is nothing."""
    return 100 * part / whole if whole else 100.0


def tally(outcomes: Sequence[Outcome]) -> Tally:
    """Count outcomes."""
    return Tally(
        len(outcomes),
        sum(outcome.same_status for outcome in outcomes),
        sum(outcome.same_structure for outcome in outcomes),
        sum(outcome.same_structure and not outcome.values for outcome in outcomes),
        sum(outcome.unsupported is not None for outcome in outcomes),
    )


def by_endpoint(outcomes: Iterable[Outcome]) -> dict[str, list[Outcome]]:
    """Group outcomes by endpoint, most frequent first."""
    groups: dict[str, list[Outcome]] = defaultdict(list)
    for outcome in outcomes:
        groups[outcome.recording.endpoint].append(outcome)
    return dict(sorted(groups.items(), key=lambda group: -len(group[1])))


def text(outcomes: Sequence[Outcome], *, every: bool = False) -> str:
    """Return the report: a line for each endpoint, then each difference with the number of recordings and the first
    one."""
    groups = {name: tally(group) for name, group in by_endpoint(outcomes).items()}
    width = max(map(len, groups), default=0)
    lines = [f"{'':<{width}}  tried  same status  same structure  same values"]
    lines += [
        f"{name:<{width}}  {found.tried:>5}  {found.status_percent:>10.1f}%  {found.structure_percent:>13.1f}%"
        f"  {percent(found.values, found.tried):>10.1f}%"
        for name, found in groups.items()
    ]
    missing = Counter(outcome.unsupported for outcome in outcomes if outcome.unsupported)
    if missing:
        lines += ["", "The sandbox does not have yet:"]
        lines += [f"{count:>5}  {name}" for name, count in missing.most_common()]
    for title, field in (("In structure:", "structure"), ("In values:", "values")):
        found_in: dict[str, list[str]] = defaultdict(list)
        for outcome in outcomes:
            for difference in getattr(outcome, field) if not outcome.unsupported else ():
                found_in[str(difference)].append(outcome.recording.id)
        rows = sorted(found_in.items(), key=lambda row: -len(row[1]))
        shown = rows if every else rows[:MOST_SHOWN]
        if shown:
            lines += ["", title]
            lines += [f"{len(ids):>5}  {difference}  ({ids[0]})" for difference, ids in shown]
        if len(rows) > len(shown):
            lines.append(f"       and {len(rows) - len(shown)} more kinds: see all with --all")
    return "\n".join(lines)


def data(outcomes: Iterable[Outcome]) -> list[dict[str, Any]]:
    """Return a JSON object for each recording."""
    return [
        {
            "id": outcome.recording.id,
            "endpoint": outcome.recording.endpoint,
            "recorded": outcome.recording.recorded and outcome.recording.recorded.isoformat(),
            "status": {"recording": outcome.recording.live.status, "sandbox": outcome.here.status},
            "structure": [difference._asdict() for difference in outcome.structure],
            "values": [difference._asdict() for difference in outcome.values],
            "unsupported": outcome.unsupported,
        }
        for outcome in outcomes
    ]
