"""Community notes: docs/notes.yml, and the section a page shows them in.

A note is its author's word, with the date and the version of the SDK it was seen on. Nobody tests it, and the page says
so.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from importlib.metadata import version
from pathlib import Path
from typing import Any

import yaml

from .as_of import as_of

HEADING = re.compile(r"^## Community notes$\n?", re.MULTILINE)
LONGEST = 600


@dataclass(frozen=True, slots=True)
class Note:
    """What a reader found: the page below docs/, the day, the version of `openai`, and a few sentences."""

    page: str
    date: date
    sdk: str
    text: str


class NoteError(ValueError):
    """A note that cannot be shown. The message names the entry and the remedy."""


def notes(root: Path, today: date) -> list[Note]:
    """Read docs/notes.yml.

    Raises:
        NoteError: an entry lacks something, has something unknown, or says what a note may not.
    """
    try:
        rows = yaml.safe_load((root / "docs" / "notes.yml").read_text("utf-8")) or []
    except yaml.YAMLError as problem:
        raise NoteError(f"docs/notes.yml is not YAML: {problem}") from None
    if not isinstance(rows, list):
        raise NoteError("docs/notes.yml: a list of entries, each with page, date, sdk and text")
    return [_note(row, f"docs/notes.yml: entry {number}", root, today) for number, row in enumerate(rows, 1)]


def _note(row: Any, name: str, root: Path, today: date) -> Note:
    if not isinstance(row, dict) or row.keys() != set(Note.__dataclass_fields__):
        raise NoteError(f"{name}: has page, date, sdk and text, all of them and nothing else")
    page, text = row["page"], row["text"]
    if not isinstance(page, str) or not (root / "docs" / page).is_file():
        raise NoteError(f"{name}: page is a file below docs/, such as lessons/first-call.md, not {page!r}")
    if not HEADING.search((root / "docs" / page).read_text("utf-8")):
        raise NoteError(f"{name}: {page} has no section '## Community notes': add one before its last sections")
    if type(row["date"]) is not date or row["date"] > today:
        raise NoteError(f"{name}: date is a day like 2026-11-21, not after {today}, not {row['date']!r}")
    if not isinstance(row["sdk"], str) or not re.fullmatch(r"\d+\.\d+\.\d+", row["sdk"]):
        raise NoteError(f"{name}: sdk is the version you saw it on, like 3.52.0 (three numbers), not {row['sdk']!r}")
    if not isinstance(text, str) or not 20 <= len(text) <= LONGEST:
        raise NoteError(f"{name}: text is 20 to {LONGEST} characters")
    if match := re.search(r"[<>]|```|^\s*(#|[-*] |\d+\. |\|)|\[\^|sk-[\w-]{8}", text, re.MULTILINE):
        raise NoteError(f"{name}: text is plain sentences, links and `code`; {match[0]!r} is not")
    return Note(page, row["date"], row["sdk"], text.strip())


def with_notes(markdown: str, page: str, found: Iterable[Note]) -> str:
    """Return the Markdown with the page's notes below its heading, newest first, and how to add one."""
    own = sorted((note for note in found if note.page == page), key=lambda note: note.date, reverse=True)
    lines = ["## Community notes", ""]
    for note in own:
        lines += [f"- {note.text}", f"    <small>Seen on openai {note.sdk}, {note.date}. Not tested here.</small>", ""]
    if not own:
        lines += ["Nobody has left a note on this page yet.", ""]
    lines += [
        "Did something here behave differently for you? Add an entry to `docs/notes.yml` and open a pull request:",
        "",
        "```yaml",
        f"- page: {page}",
        f"  date: {as_of()}",
        f"  sdk: {version('openai')}",
        "  text: What you did, what you saw, and what helped.",
        "```",
        "",
    ]
    return HEADING.sub(lambda _: "\n".join(lines), markdown)
