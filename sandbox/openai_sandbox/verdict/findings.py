"""Findings, what could not be found out, and the verdict made of both."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from .kinds import KINDS, Certainty

VERSION = 1
"""Version of the JSON form; see verdict.schema.json."""

MOST_EVIDENCE = 5


@dataclass(frozen=True, slots=True)
class Finding:
    """Something the client did wrong.

    Attributes:
        id: its id in `openai_sandbox.verdict.KINDS`.
        requests: the numbers of the requests that show it, counted from 1 in the order of the journal.
        evidence: what was seen: up to five lines.
        certainty: `certain`, or `likely` if something else might explain it.
    """

    id: str
    requests: tuple[int, ...]
    evidence: tuple[str, ...]
    certainty: Certainty

    @property
    def what(self) -> str:
        """What the client did."""
        return KINDS[self.id].what

    def __str__(self) -> str:
        kind = KINDS[self.id]
        seen = "\n".join(f"    seen: {line}" for line in self.evidence)
        return f"{self.id} ({self.certainty}): {kind.what}.\n{seen}\n    why:  {kind.why}\n    fix:  {kind.remedy}"


@dataclass(frozen=True, slots=True)
class Unknown:
    """Something that could not be found out: the possible finding, the requests, and why it is not known."""

    id: str
    requests: tuple[int, ...]
    why: str

    def __str__(self) -> str:
        return f"{self.id}, {_named(self.requests)}: {self.why}"


@dataclass(frozen=True, slots=True)
class Verdict(Sequence[Finding]):
    """What a client did wrong: a sequence of findings. It is empty, and therefore false, if nothing was found.

        verdict = api.verdict()
        assert not verdict, verdict

    Attributes:
        findings: what was found, one finding for each id.
        unknown: what could not be found out.
        requests: how many requests were looked at.
    """

    findings: tuple[Finding, ...]
    unknown: tuple[Unknown, ...] = ()
    requests: int = 0

    @property
    def ids(self) -> list[str]:
        """The ids of the findings."""
        return [finding.id for finding in self.findings]

    def assert_clean(self) -> None:
        """Fail if anything was found.

        Raises:
            AssertionError: something was found. The message is the verdict.
        """
        if self.findings:
            raise AssertionError(str(self))

    def as_json(self) -> dict[str, Any]:
        """Return the verdict as JSON, in the form that verdict.schema.json describes."""
        return {
            "version": VERSION,
            "requests": self.requests,
            "findings": [
                {
                    "id": finding.id,
                    "certainty": finding.certainty,
                    "requests": list(finding.requests),
                    "evidence": list(finding.evidence),
                    "what": finding.what,
                    "why": KINDS[finding.id].why,
                    "remedy": KINDS[finding.id].remedy,
                }
                for finding in self.findings
            ],
            "unknown": [
                {"id": unknown.id, "requests": list(unknown.requests), "why": unknown.why} for unknown in self.unknown
            ],
        }

    def __len__(self) -> int:
        return len(self.findings)

    def __getitem__(self, index: Any) -> Any:
        return self.findings[index]

    def __iter__(self) -> Iterator[Finding]:
        return iter(self.findings)

    def __str__(self) -> str:
        head = f"{_counted(len(self.findings), 'finding')} in {_counted(self.requests, 'request')}"
        lines = [head, *map(str, self.findings)]
        if self.unknown:
            lines += ["not known:", *(f"    {unknown}" for unknown in self.unknown)]
        return "\n".join(lines)


@dataclass(frozen=True, slots=True)
class Seen:
    """One place where a finding shows: the requests, and what was seen."""

    id: str
    sign: str
    requests: tuple[int, ...]
    evidence: str


def seen(id: str, sign: str, *requests: int, **values: object) -> Seen:
    """Return a place where a finding shows. `values` fill in the sign's template."""
    return Seen(id, sign, requests, KINDS[id].signs[sign].evidence.format(**values))


def gathered(places: Sequence[Seen]) -> tuple[Finding, ...]:
    """Return one finding for each id, in the order of `KINDS`."""
    found = []
    for id, kind in KINDS.items():
        of_kind = [place for place in places if place.id == id]
        if of_kind:
            certain = any(kind.signs[place.sign].certainty == "certain" for place in of_kind)
            lines = list(dict.fromkeys(place.evidence for place in of_kind))
            if len(lines) > MOST_EVIDENCE:
                lines[MOST_EVIDENCE - 1 :] = [f"and {len(lines) - MOST_EVIDENCE + 1} more like these"]
            numbers = tuple(sorted({number for place in of_kind for number in place.requests}))
            found.append(Finding(id, numbers, tuple(lines), "certain" if certain else "likely"))
    return tuple(found)


def _counted(number: int, word: str) -> str:
    return f"{number} {word}{'' if number == 1 else 's'}"


def _named(numbers: Sequence[int]) -> str:
    return (
        f"{'request' if len(numbers) == 1 else 'requests'} {', '.join(map(str, numbers))}" if numbers else "no request"
    )
