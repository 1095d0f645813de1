"""Compares mocks of the API: what tests/mocks/compare.py found, and what was read about them.

What was read is in mocks_reviewed.json, each row with its source. It fills the rows that have no check, and single
cells of others. If a row does not name a mock, that mock's README says nothing on the subject.
"""

from collections.abc import Callable, Mapping
from datetime import date
from functools import cache
from typing import Any

from pydantic.dataclasses import dataclass

from ..data.as_of import ROOT
from ..data.files import CLOSED, checked, load, load_list
from ..data.generated import generates

DATA = ROOT / "docs" / "_tools" / "data" / "mocks.json"
REVIEWED = ROOT / "docs" / "_tools" / "data" / "mocks_reviewed.json"
NOT_READ = "unknown"
NOT_THERE = "\N{EN DASH}"

Found = Mapping[str, Mapping[str, bool]]


@dataclass(frozen=True, slots=True, config=CLOSED)
class Reviewed:
    """What was read about mocks, or seen without a check: the cells of a row, with source and date."""

    row: str
    values: dict[str, str]
    source: str
    read: date


@dataclass(frozen=True, slots=True, config=CLOSED)
class Results:
    """The results, by mock, subject and check."""

    as_of: date
    conditions: dict[str, str]
    versions: dict[str, str]
    found: dict[str, dict[str, dict[str, bool]]]


@cache
def results() -> Results:
    """Return the committed results.

    Raises:
        DataError: the file does not have the form that the run writes.
    """
    place = DATA.relative_to(ROOT).as_posix()
    data = load(DATA, place)
    return checked(Results, {name: value for name, value in data.items() if name != "$comment"}, place)


@cache
def reviewed() -> dict[str, Reviewed]:
    """Return what was read, by row.

    Raises:
        DataError: an entry lacks something, or has something unknown.
    """
    place = REVIEWED.relative_to(ROOT).as_posix()
    rows = [
        checked(Reviewed, row, f"{place}: entry {number}") for number, row in enumerate(load_list(REVIEWED, place), 1)
    ]
    return {row.row: row for row in rows}


def one(about: str, name: str) -> Callable[[Found], str]:
    """Show a check as yes or no."""
    return lambda found: "yes" if found[about][name] else "no"


def together(about: str) -> Callable[[Found], str]:
    """Show how many checks on a subject a mock passes."""
    return lambda found: f"{sum(found[about].values())} of {len(found[about])}"


def by_api(about: str) -> Callable[[Found], str]:
    """Show for which of the two APIs a check passes."""

    def show(found: Found) -> str:
        both = [name for name, title in (("responses", "Responses"), ("chat", "Chat")) if found[about][name]]
        return "both" if len(both) == 2 else {"responses": "Responses", "chat": "Chat"}[both[0]] if both else "no"

    return show


def of_responses(show: Callable[[Found], str]) -> Callable[[Found], str]:
    """Show a row about Responses, for mocks that have that API."""
    return lambda found: show(found) if found["apis"]["responses"] else NOT_THERE


def read(_: Found) -> str:
    """Show what no check can tell."""
    return NOT_READ


def counted(found: Found) -> str:
    """Tell whether input and output tokens are counted as the tokenizer counts them."""
    return "yes" if all(found["usage"].values()) else "no"


ROWS: tuple[tuple[str, str, Callable[[Found], str]], ...] = (
    ("from", "Comes from", read),
    ("language", "Runs in", read),
    ("apis", "Answers Responses and Chat Completions", by_api("apis")),
    ("refused_chat", "Bad requests it refuses, Chat Completions", together("refused_chat")),
    ("refused_responses", "Bad requests it refuses, Responses", of_responses(together("refused_responses"))),
    ("key", "Refuses a request without a key", one("key", "refuses a request without a key")),
    ("state", "State it keeps", together("state")),
    ("usage", "Counts tokens as the tokenizer does", counted),
    ("types", "Replies are strictly of the SDK's types", by_api("types")),
    ("streams", "Streams in the API's order", by_api("streams")),
    ("numbers", "Numbers the events of Responses", of_responses(one("streams", "numbers"))),
    ("tools", "Calls a tool as you say, and answers its output", by_api("tools")),
    ("made", "Makes up JSON that fits a schema", one("schemas", "an answer that nobody scripted fits the schema")),
    (
        "misfit",
        "Refuses a scripted answer that breaks the schema",
        one("schemas", "a scripted answer that does not fit the schema is an error"),
    ),
    ("limited", "Status 429 with `Retry-After`", one("faults", "status 429 with Retry-After")),
    ("broken", "Status 500", one("faults", "status 500")),
    ("cut", "A stream that breaks off", one("faults", "a stream that breaks off")),
    ("slow", "An answer that takes its time", one("faults", "an answer that takes its time")),
    ("embeddings", "Embeddings", one("resources", "embeddings")),
    ("base64", "Embeddings as base64", one("resources", "embeddings of the right length, also as base64")),
    ("files", "Files, and their list", one("resources", "files")),
    ("batches", "Batches that end", one("resources", "batches")),
    ("stores", "Vector stores", one("resources", "vector stores")),
    ("search", "Search in a vector store", one("resources", "search in a vector store")),
    ("background", "Background responses", of_responses(one("resources", "background responses"))),
    ("moderations", "Moderations", one("resources", "moderations")),
    ("webhooks", "Webhooks", read),
    ("images", "Images", one("others", "images")),
    ("speech", "Speech", one("others", "speech")),
    ("realtime", "Realtime", read),
    ("anthropic", "Answers like Anthropic, too", one("others", "anthropic")),
    ("fixture", "Fixture for pytest", one("pytest", "plugin")),
    ("record", "Records and replays", read),
    ("verdict", "Verdict on the client", read),
    ("image", "Container image", read),
)


@generates("docs/includes/generated/mocks.md")
def render() -> str:
    """Return the table, what was tried, and the conditions."""
    recorded = results()
    names = list(recorded.found)
    heads = [f"{name} {recorded.versions[name]}" for name in names]
    lines = [f"| Mock | {' | '.join(heads)} |", "|---|" + "---|" * len(names)]
    lines += [row(id, title, show, recorded) for id, title, show in ROWS]
    return "\n".join([*lines, "", *tried(recorded), "", f"<small>{conditions(recorded)}</small>", ""])


def row(id: str, title: str, show: Callable[[Found], str], recorded: Results) -> str:
    """Return a row: what was found, or what was read in its place."""
    said: dict[str, Any] = reviewed()[id].values if id in reviewed() else {}
    cells = [said.get(name) or show(found) for name, found in recorded.found.items()]
    return f"| {title} | {' | '.join(cells)} |"


def tried(recorded: Results) -> list[str]:
    """Return what the rows with numbers count."""
    found = recorded.found["sandbox"]

    def names(about: str) -> str:
        return ", ".join(found[about])

    return [
        f"- Bad requests, Chat Completions: {names('refused_chat')}.",
        f"- Bad requests, Responses: {names('refused_responses')}.",
        f"- State: {'; '.join(found['state'])}.",
    ]


def conditions(recorded: Results) -> str:
    """Return how the mocks were tried, with what and when, and where the rest was read."""
    given = recorded.conditions
    days: dict[date, dict[str, None]] = {}
    for row in reviewed().values():
        days.setdefault(row.read, {})[row.source] = None
    sources = " ".join(f"Read on {day}: {', '.join(some)}." for day, some in days.items())
    parts = [
        "Each mock was started on one machine as its documentation says, told the same answers, and sent the same",
        "requests. A bad request counts as refused if the same request without the mistake is answered.",
        f"Python {given['python']}, Node {given['node']}, types of openai {given['openai']}, packages as of",
        f"{recorded.as_of}. {sources}",
        f'"{NOT_READ}": not tried, and not in its README. "{NOT_THERE}": it has no Responses API.',
    ]
    return " ".join(parts)
