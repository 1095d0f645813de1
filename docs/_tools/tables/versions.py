"""How the pages' programs run on old and new versions of openai, as recorded by tests/versions/run.py.

An outcome is `same` if a program prints what its page shows; otherwise it says what happens instead. For every such
outcome on an old version, docs/about/versions.yml says what to write there.
"""

import json
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from itertools import groupby
from pathlib import Path
from typing import Any

from pydantic.dataclasses import dataclass as closed_dataclass

from ..data.as_of import ROOT
from ..data.files import CLOSED, DataError, checked, load_list
from ..data.generated import generates, with_writer
from ..ledger.pages import folder_of, markdown_pages
from ..ledger.programs import imports

RESULTS = ROOT / "tests" / "versions" / "results.json"
REMEDIES = ROOT / "docs" / "about" / "versions.yml"
SNIPPETS = ROOT / "snippets"
OWN = "about/versions/"
SECTIONS = ("lessons/", "reference/")
COMMAND = "uv run python -m tests.versions.run --write"
SAME = "same"
CURRENT = "3"
NEW_ONLY = frozenset(["agents"])
"""Modules whose package needs the current major version of the SDK."""
LONGEST_OUTCOME = 120


@dataclass(frozen=True, slots=True)
class Release:
    """The version that was tried for a major version, and the day the major version began."""

    openai: str
    published: str
    first: str
    python: str
    http: str


@dataclass(frozen=True, slots=True)
class Results:
    """What was found.

    `releases` are the versions tried for each major version, `programs` are the outcomes of each program by major
    version, and `changes` are the outcomes on versions between which something changed, by version.
    """

    releases: Mapping[str, Release]
    programs: Mapping[str, Mapping[str, str]]
    changes: Mapping[str, Mapping[str, str]]

    def failures(self) -> dict[tuple[str, str], str]:
        """Return every outcome that is not `same`, by program and major version."""
        return {
            (program, major): outcome
            for program, outcomes in self.programs.items()
            for major, outcome in outcomes.items()
            if outcome != SAME
        }


@closed_dataclass(frozen=True, slots=True, config=CLOSED)
class Remedy:
    """An entry of versions.yml, which explains the fields."""

    failure: str
    example: str
    section: str
    until: str
    since: str
    write: str
    program: str | None = None

    def fits(self, outcome: str) -> bool:
        """Return whether this is what happened."""
        return re.search(self.failure, outcome) is not None

    def changes(self) -> dict[str, dict[str, Callable[[str], bool]]]:
        """Return what to try around the change: by version and program, the test that the outcome has to pass."""
        wanted: dict[str, dict[str, Callable[[str], bool]]] = {
            self.until: {OWN + self.example: self.fits},
            self.since: {OWN + self.example: SAME.__eq__},
        }
        if self.program:
            wanted[self.until][OWN + self.program] = SAME.__eq__
        return wanted


def programs() -> list[str]:
    """Return the Python files of the lessons, the reference and the page about versions, relative to snippets/.

    Files named `test_*.py` are left out: they import the sandbox, which needs the current SDK. So are programs that
    import openai-agents, which cannot be installed with an older one.
    """
    return sorted(
        path.relative_to(SNIPPETS).as_posix()
        for section in (OWN, *SECTIONS)
        for path in (SNIPPETS / section).rglob("*.py")
        if path.name != "__init__.py" and not path.name.startswith("test_")
        if not imports(path.read_text("utf-8")) & NEW_ONLY
    )


@cache
def results() -> Results:
    """Return the committed results."""
    return read(RESULTS.read_text("utf-8"))


def read(text: str) -> Results:
    """Read results as `written()` writes them."""
    data: dict[str, Any] = json.loads(text)
    rows = {major: Release(**row) for major, row in data["releases"].items()}
    return Results(rows, data["programs"], data["changes"])


@cache
def remedies() -> list[Remedy]:
    """Return the entries of versions.yml.

    Raises:
        DataError: an entry lacks something, or has something unknown.
    """
    file = REMEDIES.relative_to(ROOT).as_posix()
    rows = load_list(REMEDIES, file)
    return [checked(Remedy, row, f"{file}: entry {number}") for number, row in enumerate(rows, 1)]


def remedy_of(outcome: str, known: Iterable[Remedy]) -> Remedy | None:
    """Return the first remedy that fits what happened."""
    return next((remedy for remedy in known if remedy.fits(outcome)), None)


def problems(found: Results, known: list[Remedy]) -> list[str]:
    """Return what is wrong with results and remedies, each with its place and what to do."""
    wrong = []
    used = set()
    for (program, major), outcome in found.failures().items():
        place = f"snippets/{program} on openai {found.releases[major].openai}: {outcome}"
        remedy = remedy_of(outcome, known)
        used.add(remedy)
        if major == CURRENT:
            wrong.append(f"{place}: on the current version a program prints what its page shows")
        elif remedy is None:
            wrong.append(f"{place}: say in docs/about/versions.yml what to write there")
        elif remedy.program and found.programs.get(OWN + remedy.program, {}).get(major) != SAME:
            wrong.append(f"{place}: the remedy, snippets/{OWN}{remedy.program}, does not work there")
    for remedy in known:
        entry = f"docs/about/versions.yml: '{remedy.failure}'"
        if remedy not in used:
            wrong.append(f"{entry}: nothing fails like this: delete it or correct it")
        for tried, programs in remedy.changes().items():
            for program, passes in programs.items():
                outcome = found.changes.get(tried, {}).get(program, "was not tried")
                if not passes(outcome):
                    wrong.append(f"{entry}: on openai {tried}, snippets/{program} {outcome}: correct since and until")
    return wrong


@generates("docs/includes/generated/version-releases.md")
def releases() -> str:
    """Return the table of the versions that were tried."""
    lines = ["| openai | Published | Python | HTTP library | Major version since |", "|---|---|---|---|---|"]
    lines += [
        f"| {release.openai} | <time>{release.published}</time> | {release.python.removeprefix('>=')} or newer "
        f"| `{release.http}` | <time>{release.first}</time> |"
        for release in results().releases.values()
    ]
    return "\n".join([*lines, ""])


@generates("docs/includes/generated/version-failures.md")
def failures() -> str:
    """Return a list of what happens on old versions, and what to write there."""
    lines = []
    found = results()
    rows = sorted((program, outcome, major) for (program, major), outcome in found.failures().items())
    for (program, outcome), group in groupby(rows, key=lambda row: row[:2]):
        remedy = remedy_of(outcome, remedies())
        if remedy is None:
            raise DataError(f"docs/about/versions.yml: no entry fits snippets/{program}: {outcome}: add one")
        address = f"#{remedy.section}" if program.startswith(OWN) else page_of(program)[1]
        where = " and ".join(found.releases[major].openai for *_, major in group)
        shown = f" as [`{remedy.program}`](#{remedy.section}) does" if remedy.program else ""
        lines.append(
            f"- [`{Path(program).name}`]({address}) {in_words(outcome)} with openai {where}. It works since "
            f"{remedy.since}. Before, {remedy.write}{shown}."
        )
    return "\n".join([*lines, ""])


def in_words(outcome: str) -> str:
    """Return an outcome for a sentence: its first word, and the rest as code, cut off if it is long."""
    verb, _, rest = outcome.partition(" ")
    short = rest if len(rest) <= LONGEST_OUTCOME else f"{rest[:LONGEST_OUTCOME]}..."
    code = short.replace("`", "'")
    return f"{verb} `{code}`"


def page_of(program: str) -> tuple[str, str]:
    """Return the title and address, relative to the page about versions, of the page that shows a program."""
    folder = f"{Path(program).parent.as_posix()}/"
    page = pages()[folder]
    title = next(line for line in page.read_text("utf-8").splitlines() if line.startswith("# "))
    return title.removeprefix("# "), f"../{page.relative_to(ROOT / 'docs').as_posix()}"


@cache
def pages() -> dict[str, Path]:
    """Return the pages by the folder of their snippets."""
    docs = ROOT / "docs"
    return {folder_of(page, docs): page for page in markdown_pages(docs)}


@generates("docs/includes/generated/version-summary.md")
def summary() -> str:
    """Say in a sentence how many programs of the lessons and the reference print the same on each version."""
    found = results()
    listed = [outcomes for program, outcomes in found.programs.items() if program.startswith(SECTIONS)]
    counts = [
        f"{sum(outcomes[major] == SAME for outcomes in listed)} with openai {release.openai}"
        for major, release in found.releases.items()
    ]
    return f"Of {len(listed)} programs, these print the same: {', '.join(counts[:-1])} and {counts[-1]}.\n"


@generates("docs/includes/generated/version-table.md")
def table() -> str:
    """Return the table by page: every program and what it does on each version. Programs with the same outcomes share a
    row."""
    found = results()
    heads = [release.openai for release in found.releases.values()]
    lines = [f"| Page | Programs | {' | '.join(heads)} |", "|---|---|" + "---|" * len(heads)]
    listed = [program for program in found.programs if program.startswith(SECTIONS)]
    for folder, group in groupby(listed, key=lambda program: Path(program).parent):
        rows: dict[tuple[str, ...], list[str]] = {}
        for program in group:
            rows.setdefault(tuple(map(verdict, found.programs[program].values())), []).append(Path(program).name)
        title, address = page_of(f"{folder}/any.py")
        for verdicts, names in rows.items():
            shown = ", ".join(f"`{name}`" for name in names)
            lines.append(f"| [{title}]({address}) | {shown} | {' | '.join(verdicts)} |")
    return "\n".join([*lines, ""])


def verdict(outcome: str) -> str:
    """Return an outcome in a word or two: the exception, if there is one."""
    if match := re.match(r"raises ([\w.]+)", outcome):
        return f"`{match[1]}`"
    return outcome if outcome == SAME else "other output"


def written(found: Results) -> str:
    """Return results as a file: sorted, one program per line."""
    parts: dict[str, Mapping[str, Mapping[str, str]]] = {
        "releases": {major: fields(release) for major, release in found.releases.items()},
        "changes": found.changes,
        "programs": found.programs,
    }
    blocks = []
    for part, rows in parts.items():
        lines = [f"  {json.dumps(name)}: {json.dumps(row, ensure_ascii=False)}" for name, row in sorted(rows.items())]
        blocks.append(f' "{part}": {{\n' + ",\n".join(lines) + "\n }")
    return with_writer("{\n" + ",\n".join(blocks) + "\n}\n", ".json", "tests/versions/run.py", COMMAND)


def fields(release: Release) -> dict[str, str]:
    """Return a release in the file's form."""
    return {name: getattr(release, name) for name in Release.__dataclass_fields__}
