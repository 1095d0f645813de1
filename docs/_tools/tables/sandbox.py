"""What the sandbox simulates: its behavior and errors, with the evidence for each, and its routes."""

import re
from collections import Counter
from datetime import date
from itertools import groupby
from pathlib import Path
from typing import Literal

from typing_extensions import TypedDict

from openai_sandbox.api.routes import ENDPOINTS, UNSIMULATED
from openai_sandbox.faults import KINDS
from openai_sandbox.verdict import KINDS as FINDINGS
from openai_sandbox.wire.errors import ErrorCase, catalog

from ..data import sandbox_wheel
from ..data.as_of import ROOT, written_out
from ..data.files import CLOSED, checked, load, load_list
from ..data.generated import generates
from ..ledger import claims

DATA = ROOT / "sandbox" / "behavior.json"
COMPARED = ROOT / "docs" / "_tools" / "data" / "compared.json"

EVIDENCE = {
    "recorded": "recorded from the live API",
    "specified": "documented by OpenAI",
    "pasted": "pasted in public issues",
    "inferred": "inferred",
    "designed": "by design",
}

ARRIVES = {"http_error": "400 to 599", "stream_failed.responses": "200", "stream_failed.chat": "200"}
"""The statuses of an error whose status a fault sets, and of errors inside an answer with status 200."""

APIS = {"responses": "Responses", "chat": "Chat Completions", "embeddings": "Embeddings"}

LONGEST = 120
"""How many characters of a message the table of errors shows."""


class Behavior(TypedDict):
    """What the sandbox does, and how it is known that the API does the same."""

    __pydantic_config__ = CLOSED  # type: ignore[misc]
    id: str
    area: str
    does: str
    evidence: Literal["recorded", "specified", "pasted", "inferred", "designed"]
    source: str


def behaviors() -> list[Behavior]:
    """Read sandbox/behavior.json.

    Raises:
        DataError: a row lacks something, or has something unknown.
    """
    file = DATA.relative_to(ROOT).as_posix()
    return [checked(Behavior, row, f"{file}: row {number}") for number, row in enumerate(load_list(DATA, file), 1)]


BEHAVIOR = behaviors()


@generates("docs/includes/generated/sandbox-download.md")
def download() -> str:
    """Return how to get the sandbox from the site."""
    return (
        f"Download [`{sandbox_wheel.NAME}`](../{sandbox_wheel.PLACE}). In the folder where you saved it, run "
        f"`pip install {sandbox_wheel.NAME}` or `uv add --dev ./{sandbox_wheel.NAME}`. To share the sandbox, "
        f"send someone this file.\n"
    )


@generates("docs/includes/generated/sandbox-routes.md")
def routes() -> str:
    """Return the routes as a list, one item per resource."""
    lines = []
    for (root, resource), found in groupby(ENDPOINTS, key=lambda endpoint: endpoint[1].split("/")[1:3]):
        named = f"{resource} (Azure)" if root == "openai" else resource
        lines.append(f"- **{named}**: " + ", ".join(f"`{method} {path.removeprefix('/v1')}`" for method, path in found))
    return "\n".join([*lines, ""])


@generates("docs/includes/generated/sandbox-missing.md")
def missing() -> str:
    """Return the API resources that the sandbox does not have, and what it says about each."""
    rows = ["| Not simulated | Alternative |", "|---|---|"]
    rows += [f"| {name} | {instead} |" for name, instead in UNSIMULATED.items()]
    return "\n".join([*rows, ""])


class Compared(TypedDict):
    """How many of an endpoint's recordings agree with the sandbox, and in what."""

    __pydantic_config__ = CLOSED  # type: ignore[misc]
    tried: int
    status: int
    structure: int
    values: int
    unsupported: int


class Comparison(TypedDict):
    """What tests/recordings/run.py found: the dates of the recordings, and the shares by endpoint."""

    __pydantic_config__ = CLOSED  # type: ignore[misc]
    first: str
    last: str
    built_in: Compared
    endpoints: dict[str, Compared]


@generates("docs/includes/generated/sandbox-compared.md")
def compared() -> str:
    """Return the table: for each endpoint, how many recordings the sandbox answers in the same way."""
    file = COMPARED.relative_to(ROOT).as_posix()
    found = checked(Comparison, load(COMPARED, file), file)
    rows = ["| Request | Recordings | Same status | Same structure |", "|---|---:|---:|---:|"]
    for name, row in [(re.sub(r"^([^,]+)", r"`\1`", name), row) for name, row in found["endpoints"].items()] + [
        ("with built-in tools", found["built_in"])
    ]:
        shares = [f"{100 * row[kind] / row['tried']:.1f}%" for kind in ("status", "structure")]
        rows.append(f"| {name} | {row['tried']} | {' | '.join(shares)} |")
    first, last = (written_out(date.fromisoformat(day)) for day in (found["first"], found["last"]))
    missing = found["built_in"]["unsupported"]
    lacking = f"{missing} of them ask for a feature" if missing else "none of them asks for a feature"
    about = (
        f"<small>The requests were recorded from {first}, to {last}. Requests with built-in tools are counted "
        f"separately; {lacking} that the sandbox lacks.</small>"
    )
    return "\n".join([*rows, "", about, ""])


@generates("docs/includes/generated/sandbox-behavior.md")
def behavior() -> str:
    """Return the table of behaviors: what the sandbox does, how that is known, and the files with the tests of it."""
    files: dict[str, dict[str, None]] = {}
    for test in claims.marked(ROOT, "sandbox", "simulates"):
        for id in test.claims:
            files.setdefault(id, {})[f"`{Path(test.path).name}`"] = None
    lines = ["| Area | What it does | Source | Tests |", "|---|---|---|---|"]
    for row in BEHAVIOR:
        known = f"{EVIDENCE[row['evidence']]}: {row['source']}"
        lines.append(f"| {row['area']} | {row['does']} | {known} | {', '.join(files[row['id']])} |")
    return "\n".join([*lines, ""])


@generates("docs/includes/generated/sandbox-errors.md")
def errors() -> str:
    """Return the table of errors by status. Where two rows would look alike, it says how they differ."""
    cases = sorted(
        catalog().values(), key=lambda case: (int(str(ARRIVES.get(case.id, case.status))[:3]), case.code or "", case.id)
    )
    same = Counter(case.message for case in cases)
    begin = Counter(_shortened(message) for message in same)
    lines = ["| Status | Code | Message | Source |", "|---:|---|---|---|"]
    for case in cases:
        message = _shortened(case.message)
        if begin[message] > 1:
            message = f"{message} {case.message[-40:].partition(' ')[2]}"
        # attr_list would take a "{name}" at the end of a cell for attributes
        message = message.replace("|", "\\|").replace("`", "'").replace("{", "\\{")
        if same[case.message] > 1:
            message += f" *(in {APIS[case.api]})*"
        code = f"`{case.code}`" if case.code else "—"
        lines.append(f"| {ARRIVES.get(case.id, case.status)} | {code} | {message} | {_source_of(case)} |")
    return "\n".join([*lines, ""])


def _shortened(message: str) -> str:
    return message if len(message) <= LONGEST else f"{message[: LONGEST - 3].rpartition(' ')[0]} ..."


@generates("docs/includes/generated/fault-table.md")
def faults() -> str:
    """Return the table: each fault, what it does, what the Python SDK raises, and how its error body is known."""
    rows = ["| Fault | What it does | What the Python SDK raises | Source of the error body |", "|---|---|---|---|"]
    for fault in KINDS.values():
        known = _source_of(catalog()[fault.error]) if fault.error else "none"
        rows.append(f"| `{fault.name}` | {fault.does} | {fault.raises} | {known} |")
    return "\n".join(rows) + "\n"


def _source_of(case: ErrorCase) -> str:
    """Return how an error's wording is known. What the sandbox says in its own name is not inferred from the API."""
    return EVIDENCE["designed" if case.type == "sandbox_error" else case.evidence]


@generates("docs/includes/generated/verdict-table.md")
def findings() -> str:
    """Return the table: each finding of a verdict, what it says, how it is detected, how certain it is, and what to
    do."""
    rows = ["| Finding | What the client did | Evidence | Certainty | What to do instead |", "|---|---|---|---|---|"]
    rows += [
        f"| `{kind.id}` | {kind.what} | {kind.seen} | {' or '.join(kind.certainties)} | {kind.remedy} |"
        for kind in FINDINGS.values()
    ]
    return "\n".join(rows) + "\n"
