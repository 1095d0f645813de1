"""Turns a page's source into plain Markdown: everything on this site's pages that a site generator does not provide.

The resulting Markdown has tables, problems, diagrams, captions, meanings, notes and footnotes, so that pages outlive
the site generator: MkDocs gets it through hooks.py, and a generator without hooks could get it from a build step that
writes files.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from html import escape
from pathlib import Path
from typing import Any

from ..data.as_of import ROOT, as_of
from ..data.files import DataError
from ..ledger import claims, pages
from . import captions, diagrams, json_meanings, notes, run_page, tasks

MERMAID = re.compile(r"^```mermaid\n(?P<source>.*?)^```$", re.MULTILINE | re.DOTALL)
CARD = (("kind", "{}"), ("level", "{}"), ("minutes", "{} minutes"), ("sdk", "openai {}"))


@dataclass(frozen=True, slots=True)
class Sources:
    """What pages need, read once for all of them. `repository` is the repository's address, if it has one."""

    ledger: Mapping[str, claims.Claim]
    proofs: Sequence[claims.Proof]
    notes: Sequence[notes.Note]
    repository: str | None = None
    docs: Path = ROOT / "docs"
    snippets: Path = ROOT / "snippets"


@dataclass(frozen=True, slots=True)
class PlainPage:
    """A page as plain Markdown, and the text of the files that it needs, by their path in the site."""

    markdown: str
    files: Mapping[str, str]


def sources(root: Path, repository: str | None) -> Sources:
    """Read the ledger, the proofs and the notes.

    Raises:
        DataError: one of their files cannot be used.
    """
    return Sources(claims.ledger(root), claims.proofs(root), notes.notes(root, as_of()), repository)


def page_markdown(source: str, path: str, meta: Mapping[str, Any], given: Sources, *, drawn: bool = True) -> PlainPage:
    """Return a page as plain Markdown. `source` has no front matter, and `path` is relative to docs/.

    Diagrams are drawn, or stay what they are drawn from.

    Raises:
        LedgerError: the page cites something that is not in the ledger.
        FieldError: the meaning of a key in a JSON block is too long to be shown.
        DiagramError: a diagram cannot be drawn, or does not say what it shows.
        DataError: the times of its sections do not fit its headings or its minutes.
    """
    files: dict[str, str] = {}

    def figure(match: re.Match[str]) -> str:
        drawing = diagrams.draw(match["source"])
        files.update(diagrams.files(drawing))
        return diagrams.figure(drawing, path)

    markdown = pages.with_partials(source, given.docs, tables=True)
    markdown = MERMAID.sub(figure, markdown) if drawn else markdown
    markdown = tasks.with_tasks(markdown, path)
    markdown = captions.with_plain_numbers(markdown, given.snippets)
    markdown = json_meanings.with_meanings(markdown, given.snippets)
    markdown = captions.with_captions(markdown, given.snippets)
    markdown = notes.with_notes(markdown, path, given.notes)
    markdown = claims.footnotes(markdown, dict(given.ledger), given.proofs, given.repository)
    programs = run_page.programs(path, given.docs, given.snippets)
    markdown = run_page.with_strip(markdown, programs, given.repository)
    return PlainPage(_with_times(_with_card(markdown, meta), meta), files)


def _with_card(markdown: str, meta: Mapping[str, Any]) -> str:
    """Put the facts from the front matter below the page's title."""
    facts = [form.format(meta[key]) for key, form in CARD if key in meta]
    if not facts:
        return markdown
    card = f'<p class="card-facts">{escape(" · ".join(facts), quote=False)}</p>'
    return re.sub(r"^(# .+\n)", rf"\1\n{card}\n", markdown, count=1, flags=re.MULTILINE)


def _with_times(markdown: str, meta: Mapping[str, Any]) -> str:
    """Put the minutes that a section takes below its heading: `times` of the front matter, by heading."""
    times: Mapping[str, int] = meta.get("times", {})
    if times and sum(times.values()) != meta.get("minutes"):
        raise DataError(f"its times add up to {sum(times.values())}, but minutes is {meta.get('minutes')}")
    for heading, minutes in times.items():
        time = f'<p class="section-time">{minutes} minute{"" if minutes == 1 else "s"}</p>'
        markdown, found = re.subn(rf"^(## {re.escape(heading)})$", rf"\1\n\n{time}", markdown, flags=re.MULTILINE)
        if found != 1:
            raise DataError(f"times names the heading '{heading}', which is there {found} times: correct it")
    return markdown
