"""Community notes: docs/notes.yml, and the section a page shows them in.

A note is what its author reports, with the date and the SDK version it was seen on. Nobody tests it, and the page says
so.
"""

import re
from collections.abc import Iterable
from dataclasses import replace
from datetime import date
from importlib.metadata import version
from pathlib import Path
from typing import Annotated

from pydantic import Field
from pydantic.dataclasses import dataclass

from ..data.as_of import as_of
from ..data.files import CLOSED, DataError, checked, load_list

HEADING = re.compile(r"^## Community notes$\n?", re.MULTILINE)
LONGEST = 600


@dataclass(frozen=True, slots=True, config=CLOSED)
class Note:
    """What a reader found: the page in docs/, the day, the version of `openai`, and a few sentences."""

    page: Annotated[str, Field(description="a file in docs/, such as lessons/first-call.md")]
    date: Annotated[date, Field(description="a day like 2026-11-21")]
    sdk: Annotated[
        str,
        Field(pattern=r"^\d+\.\d+\.\d+$", description="the version you saw it on, like 3.52.0 (three numbers)"),
    ]
    text: Annotated[str, Field(min_length=20, max_length=LONGEST, description=f"20 to {LONGEST} characters")]


class NoteError(DataError):
    """A note that cannot be shown. The message says which entry and how to fix it."""


def notes(root: Path, today: date) -> list[Note]:
    """Read docs/notes.yml.

    Raises:
        NoteError: an entry lacks something, has something unknown, or says something that a note may not.
    """
    rows = load_list(root / "docs" / "notes.yml", "docs/notes.yml", NoteError)
    return [_note(row, f"docs/notes.yml: entry {number}", root, today) for number, row in enumerate(rows, 1)]


def _note(row: object, name: str, root: Path, today: date) -> Note:
    note = checked(Note, row, name, NoteError)
    if not (root / "docs" / note.page).is_file():
        raise NoteError(f"{name}: page is a file in docs/, such as lessons/first-call.md, not {note.page!r}")
    if not HEADING.search((root / "docs" / note.page).read_text("utf-8")):
        raise NoteError(f"{name}: {note.page} has no section '## Community notes': add one before its last sections")
    if note.date > today:
        raise NoteError(f"{name}: date is a day like 2026-11-21, not after {today}, not {note.date}")
    if match := re.search(r"[<>]|```|^\s*(#|[-*] |\d+\. |\|)|\[\^|sk-[\w-]{8}", note.text, re.MULTILINE):
        raise NoteError(f"{name}: text is plain sentences, links and `code`; {match[0]!r} is not")
    return replace(note, text=note.text.strip())


def with_notes(markdown: str, page: str, found: Iterable[Note]) -> str:
    """Return the Markdown with the page's notes below their heading, newest first, and how to add one."""
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
