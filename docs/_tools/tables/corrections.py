"""What popular tutorials say and what is true: reads docs/about/corrections.yml and makes the list from it.

Every correction cites claims in docs/claims.yml, so it has a test or a dated source, and links to the right page.
"""

import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import fields
from itertools import groupby
from pathlib import Path
from typing import Annotated, Literal, get_args

from pydantic import Field
from pydantic.dataclasses import dataclass

from ..data.as_of import ROOT
from ..data.files import BASE, CLOSED, DataError, checked, load_list
from ..data.generated import generates
from ..ledger import claims
from ..ledger.pages import headings

DATA = "docs/about/corrections.yml"
Verdict = Literal["false", "outdated", "imprecise"]
VERDICTS = get_args(Verdict)
LONGEST = 500

Paragraph = Annotated[
    str,
    Field(min_length=1, max_length=LONGEST, description=f"one paragraph of 1 to {LONGEST} characters"),
]


@dataclass(frozen=True, slots=True, config=CLOSED)
class Correction:
    """An entry: what tutorials say, what is true, and where the site explains it (a page in docs/, with its
    anchor)."""

    id: Paragraph
    topic: Paragraph
    verdict: Annotated[Verdict, Field(description=f"one of {', '.join(VERDICTS)}")]
    says: Paragraph
    true: Paragraph
    claims: Annotated[
        tuple[str, ...], Field(min_length=1, description="what proves it: at least one id of docs/claims.yml")
    ]
    see: Paragraph


_KEYS = {field.name for field in fields(Correction)}


class CorrectionError(DataError):
    """A correction that cannot be shown. The message says which file and entry, and how to fix it."""


def corrections(root: Path = ROOT) -> list[Correction]:
    """Read docs/about/corrections.yml, in its order.

    Raises:
        CorrectionError: an entry lacks something, has something unknown, or has a dead link.
    """
    # `true` and `false` are words here, so this loader only makes strings.
    rows = load_list(root / DATA, DATA, CorrectionError, BASE)
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


def _correction(row: object, name: str, ledger: Mapping[str, claims.Claim], root: Path) -> Correction:
    name = f"{name} ({row['id']})" if isinstance(row, dict) and row.keys() == _KEYS else name
    found = checked(Correction, row, name, CorrectionError)
    for key in _KEYS - {"claims"}:
        if "\n" in getattr(found, key).strip():
            raise CorrectionError(f"{name}: {key} is one paragraph of 1 to {LONGEST} characters")
    if not re.fullmatch(r"[a-z][a-z0-9]*(-[a-z0-9]+)*", found.id):
        raise CorrectionError(f"{name}: id is lower-case words with hyphens, such as temperature-zero")
    if match := re.search(r"\[\^|<", found.says + found.true):
        raise CorrectionError(f"{name}: '{match[0]}' does not belong in says and true: citations go into claims")
    if unknown := [id for id in found.claims if id not in ledger]:
        raise CorrectionError(f"{name}: docs/claims.yml does not list '{unknown[0]}': add it there or correct the id")
    _place(found.see, name, root)
    return found


def _place(see: str, name: str, root: Path) -> str:
    """Return the title of a page, and of the section that the anchor names."""
    path, _, anchor = see.partition("#")
    page = root / "docs" / path
    if page.suffix not in (".md", ".py") or not page.is_file():
        raise CorrectionError(
            f"{name}: see is a page in docs/, such as lessons/first-call.md#stream-the-answer, not '{see}'"
        )
    found = {heading.anchor: heading.text for heading in headings(page)}
    title = next(iter(found.values()))
    if not anchor:
        return title
    if page.suffix == ".py" or anchor not in found:
        raise CorrectionError(
            f"{name}: docs/{path} has no heading with the anchor '{anchor}': correct it or leave it out"
        )
    return f"{title}: {found[anchor]}"


def _ground(correction: Correction, ledger: Mapping[str, claims.Claim], proven: set[str]) -> str:
    """Return in a few words how it was shown."""
    grounds = []
    if any(id in proven for id in correction.claims):
        grounds.append("proven by a test")
    if read := [date for id in correction.claims if (date := ledger[id].checked)]:
        grounds.append(f"source read {min(read)}")
    return "; ".join(grounds).capitalize()


@generates("docs/includes/generated/corrections.md")
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
