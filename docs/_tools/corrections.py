"""What popular tutorials say and what is true: docs/about/corrections.yml, and the list made from it.

Every correction ends in claims of docs/claims.yml, so in a test or a dated source, and leads to the right page.
"""

import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, fields
from itertools import groupby
from pathlib import Path
from typing import Any

import yaml
from markdown.extensions.toc import slugify

from . import claims
from .as_of import ROOT
from .pages import markdown_lines

DATA = "docs/about/corrections.yml"
TARGET = ROOT / "docs" / "includes" / "generated" / "corrections.md"
VERDICTS = ("false", "outdated", "imprecise")
LONGEST = 500


@dataclass(frozen=True, slots=True)
class Correction:
    """An entry: what tutorials say, what is true, and where it is said right (a page below docs/, with its anchor)."""

    id: str
    topic: str
    verdict: str
    says: str
    true: str
    claims: tuple[str, ...]
    see: str


class CorrectionError(ValueError):
    """A correction that cannot be shown. The message names the file, the entry and the remedy."""


def corrections(root: Path = ROOT) -> list[Correction]:
    """Read docs/about/corrections.yml, in its order.

    Raises:
        CorrectionError: an entry lacks something, has something unknown, or leads nowhere.
    """
    try:
        # `true` and `false` are words here: this loader makes nothing but strings.
        rows = yaml.load((root / DATA).read_text("utf-8"), Loader=yaml.BaseLoader)  # noqa: S506
    except yaml.YAMLError as problem:
        raise CorrectionError(f"{DATA} is not YAML: {problem}") from None
    if not isinstance(rows, list):
        raise CorrectionError(f"{DATA}: a list of entries, each with {_names()}")
    ledger = claims.ledger(root)
    found = [_correction(row, f"{DATA}: entry {number}", ledger, root) for number, row in enumerate(rows, 1)]
    for what, values in (
        ("id", [correction.id for correction in found]),
        ("topic", [topic for topic, _ in groupby(correction.topic for correction in found)]),
    ):
        if twice := [value for value, count in Counter(values).items() if count > 1]:
            remedy = "rename one" if what == "id" else "put all of its entries together"
            raise CorrectionError(f"{DATA}: the {what} '{twice[0]}' is there twice: {remedy}")
    return found


def _names() -> str:
    return ", ".join(field.name for field in fields(Correction))


def _correction(row: Any, name: str, ledger: Mapping[str, claims.Claim], root: Path) -> Correction:
    if not isinstance(row, dict) or row.keys() != {field.name for field in fields(Correction)}:
        raise CorrectionError(f"{name}: has {_names()}, all of them and nothing else")
    name = f"{name} ({row['id']})"
    for key in row.keys() - {"claims"}:
        if not isinstance(row[key], str) or not row[key] or "\n" in row[key].strip() or len(row[key]) > LONGEST:
            raise CorrectionError(f"{name}: {key} is one paragraph of 1 to {LONGEST} characters")
    if not re.fullmatch(r"[a-z][a-z0-9]*(-[a-z0-9]+)*", row["id"]):
        raise CorrectionError(f"{name}: id is lower-case words with hyphens, such as temperature-zero")
    if row["verdict"] not in VERDICTS:
        raise CorrectionError(f"{name}: verdict is one of {', '.join(VERDICTS)}, not '{row['verdict']}'")
    if match := re.search(r"\[\^|<", row["says"] + row["true"]):
        raise CorrectionError(f"{name}: '{match[0]}' does not belong into says and true: citations go into claims")
    if not isinstance(row["claims"], list) or not row["claims"]:
        raise CorrectionError(f"{name}: claims lists what proves it: at least one id of docs/claims.yml")
    if unknown := [id for id in row["claims"] if id not in ledger]:
        raise CorrectionError(f"{name}: docs/claims.yml does not list '{unknown[0]}': add it there, or correct the id")
    _place(row["see"], name, root)
    return Correction(**row | {"claims": tuple(row["claims"])})


def _place(see: str, name: str, root: Path) -> str:
    """Return the title of a page, and of the section that the anchor names."""
    path, _, anchor = see.partition("#")
    page = root / "docs" / path
    if page.suffix not in (".md", ".py") or not page.is_file():
        raise CorrectionError(
            f"{name}: see is a page below docs/, such as lessons/first-call.md#stream-the-answer, not '{see}'"
        )
    headings = _headings(page)
    title = next(iter(headings.values()))
    if not anchor:
        return title
    if page.suffix == ".py" or anchor not in headings:
        raise CorrectionError(
            f"{name}: docs/{path} has no heading with the anchor '{anchor}': correct it, or leave it out"
        )
    return f"{title}: {headings[anchor]}"


def _headings(page: Path) -> dict[str, str]:
    """Return the headings of a page by their anchors, the title first."""
    found, fenced = {}, False
    for line in markdown_lines(page):
        fenced ^= line.lstrip().startswith("```")
        if not fenced and (heading := re.match(r"#{1,6} (.+)", line)):
            found[slugify(re.sub(r"[`*]", "", heading[1]), "-")] = heading[1]
    return found


def _ground(correction: Correction, ledger: Mapping[str, claims.Claim], proven: set[str]) -> str:
    """Return in a few words how it was shown."""
    grounds = []
    if any(id in proven for id in correction.claims):
        grounds.append("proven by a test")
    if read := [date for id in correction.claims if (date := ledger[id].checked)]:
        grounds.append(f"source read {min(read)}")
    return "; ".join(grounds).capitalize()


def render(root: Path = ROOT) -> str:
    """Return how many corrections there are, and all of them by topic."""
    found, ledger = corrections(root), claims.ledger(root)
    proven = {id for proof in claims.proofs(root) for id in proof.claims}
    counts = Counter(correction.verdict for correction in found)
    lines = [f"{', '.join(f'{counts[verdict]} {verdict}' for verdict in VERDICTS)}: {len(found)} in all."]
    for topic, group in groupby(found, key=lambda correction: correction.topic):
        lines += ["", f"## {topic}"]
        for correction in group:
            note = f"[^{'+'.join(correction.claims)}]"
            place = _place(correction.see, correction.id, root)
            lines += [
                "",
                f"*{correction.says.strip()}*{{ #{correction.id} }}",
                f":   **{correction.verdict.capitalize()}.** {correction.true.strip()}{note}<br>",
                f"    <small>{_ground(correction, ledger, proven)}. More: [{place}](../{correction.see}).</small>",
            ]
    return "\n".join([*lines, ""])
