"""What claims rest on, and whether the proofs notice changes in the SDK, for the page about proofs.

tests/mutations/run.py makes the changes and writes the results that this reads.
"""

from collections import Counter
from importlib.metadata import version
from pathlib import Path

from pydantic.dataclasses import dataclass

from ..data.as_of import ROOT
from ..data.files import CLOSED, DataError, checked, load, load_list
from ..data.generated import generates
from ..ledger.claims import ledger

FOLDER = ROOT / "tests" / "mutations"
MUTATIONS = FOLDER / "mutations.yml"
OUT_OF_SCOPE = FOLDER / "out_of_scope.yml"
RESULT = FOLDER / "result.json"
COMMAND = "uv run python -m tests.mutations.run --write"
CAUGHT = "caught"
SURVIVED = "survived"
LEAST = 2  # mutations per claim


@dataclass(frozen=True, slots=True, config=CLOSED)
class Mutation:
    """An entry of mutations.yml, which explains the fields."""

    claim: str
    file: str
    find: str
    replace: str
    why: str
    count: int = 1
    also: tuple[str, ...] = ()
    package: str = "openai"


@dataclass(frozen=True, slots=True, config=CLOSED)
class OutOfScope:
    """Claims that no change in the SDK makes false, and the reason."""

    reason: str
    claims: list[str]


@dataclass(frozen=True, slots=True, config=CLOSED)
class Outcome:
    """The result of one mutation: caught, survived, broken (the SDK cannot be imported) or stale (text not found)."""

    claim: str
    why: str
    outcome: str


@dataclass(frozen=True, slots=True, config=CLOSED)
class Result:
    """The results of a run."""

    date: str
    openai: str
    mutations: list[Outcome]


def mutations(path: Path = MUTATIONS) -> list[Mutation]:
    """Return the entries of mutations.yml.

    Raises:
        DataError: an entry lacks something, or has something unknown.
    """
    return [
        checked(Mutation, row, f"{path.name}: entry {number}")
        for number, row in enumerate(load_list(path, path.name), 1)
    ]


def out_of_scope() -> list[OutOfScope]:
    """Return the entries of out_of_scope.yml."""
    name = OUT_OF_SCOPE.name
    return [
        checked(OutOfScope, row, f"{name}: entry {number}")
        for number, row in enumerate(load_list(OUT_OF_SCOPE, name), 1)
    ]


def result() -> Result:
    """Return what the last run found."""
    data = load(RESULT, RESULT.name)
    if not isinstance(data, dict):
        raise DataError(f"{RESULT.name}: an object belongs here: run {COMMAND}")
    data.pop("$comment", None)
    return checked(Result, data, RESULT.name)


def too_few() -> list[str]:
    """Return the claims that are proven by experiment with the SDK and have fewer than two mutations."""
    listed = Counter(mutation.claim for mutation in mutations())
    beyond = {id for row in out_of_scope() for id in row.claims}
    return [id for id, claim in ledger(ROOT).items() if not claim.source and id not in beyond and listed[id] < LEAST]


@generates("docs/includes/generated/mutations.md")
def render() -> str:
    """Return how many claims rest on which evidence, and the result of the mutations."""
    if not RESULT.exists():
        return "Changes of the SDK: never tried.\n"
    claims = ledger(ROOT)
    proven = {id for id, claim in claims.items() if not claim.source}
    beyond = {id for row in out_of_scope() for id in row.claims} & proven
    return summary(len(claims) - len(proven), len(proven - beyond), len(beyond), result()) + others()


def others() -> str:
    """Return how many of the recorded mutations are changes of another package, in a sentence for each."""
    recorded = {(row.claim, row.why) for row in result().mutations}
    packages = Counter(row.package for row in mutations() if (row.claim, row.why) in recorded)
    del packages["openai"]
    lines = [f"{number} of these are changes of {name} {version(name)}." for name, number in sorted(packages.items())]
    return "".join(f"\n{line}\n" for line in lines)


def summary(sourced: int, of_the_sdk: int, others: int, found: Result) -> str:
    """Return the text for the numbers of claims and the result."""
    outcomes = Counter(row.outcome for row in found.mutations)
    survived = [row for row in found.mutations if row.outcome == SURVIVED]
    lines = [
        "| Claims | Number |",
        "|---|---|",
        f"| proven by a test of the SDK | {of_the_sdk} |",
        f"| proven by a test of something else | {others} |",
        f"| sourced | {sourced} |",
        "",
        f"On <time>{found.date}</time>, with openai {found.openai}, "
        f"{len(found.mutations)} changes of the SDK were tried, "
        f"each of which makes one of {len({row.claim for row in found.mutations})} claims false. "
        f"The proofs caught {outcomes[CAUGHT]} of them; {outcomes[SURVIVED]} went unnoticed.",
    ]
    if survived:
        lines += ["", "| Claim | Unnoticed |", "|---|---|"]
        lines += [f"| `{row.claim}` | {row.why} |" for row in survived]
    return "\n".join([*lines, ""])
