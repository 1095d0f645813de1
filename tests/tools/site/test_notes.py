"""Notes of readers are checked before they are shown, and a page says so when it has none."""

from datetime import date
from pathlib import Path

import pytest

from docs._tools.data.as_of import ROOT, as_of
from docs._tools.site.notes import Note, NoteError, notes, with_notes

TODAY = date(2026, 11, 21)
GOOD = {
    "page": "lessons/a.md",
    "date": "2026-11-20",
    "sdk": "3.52.0",
    "text": "Behind a proxy I had to set `HTTPS_PROXY`.",
}


@pytest.fixture
def root(tmp_path: Path) -> Path:
    (tmp_path / "docs" / "lessons").mkdir(parents=True)
    (tmp_path / "docs" / "lessons" / "a.md").write_text("# A\n\n## Community notes\n\n## Next\n")
    (tmp_path / "docs" / "lessons" / "bare.md").write_text("# Bare\n")
    return tmp_path


def write(root: Path, **changed: str | None) -> None:
    row = {key: value for key, value in (GOOD | changed).items() if value is not None}
    lines = [f"{'-' if i == 0 else ' '} {key}: {value}" for i, (key, value) in enumerate(row.items())]
    (root / "docs" / "notes.yml").write_text("\n".join(lines))


def test_the_committed_notes_are_valid() -> None:
    notes(ROOT, as_of())


def test_a_note_is_shown_on_its_page_with_version_and_date(root: Path) -> None:
    write(root)
    found = notes(root, TODAY)
    assert found == [Note("lessons/a.md", date(2026, 11, 20), "3.52.0", GOOD["text"])]
    shown = with_notes("## Community notes\n\n## Next\n", "lessons/a.md", found)
    assert "- Behind a proxy" in shown
    assert "Seen on openai 3.52.0, 2026-11-20. Not tested here." in shown
    assert shown.endswith("\n## Next\n")


def test_a_page_without_notes_says_so_and_how_to_add_one() -> None:
    shown = with_notes("## Community notes\n", "lessons/b.md", [])
    assert "Nobody has left a note on this page yet." in shown
    assert "- page: lessons/b.md" in shown
    assert "pull request" in shown


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"sdk": None}, "has page, date, sdk and text"),
        ({"author": "me"}, "nothing else"),
        ({"page": "lessons/none.md"}, "page is a file in docs/"),
        ({"page": "lessons/bare.md"}, "has no section '## Community notes'"),
        ({"date": "2026-11-22"}, "not after 2026-11-21"),
        ({"date": "yesterday"}, "date is a day"),
        ({"sdk": "3.52"}, "three numbers"),
        ({"text": "Too short."}, "20 to 600"),
        ({"text": "Look at <script>alert(1)</script> this."}, "'<' is not"),
        ({"text": "My key is sk-proj-ab12cd34 and it works."}, "is not"),
    ],
)
def test_a_bad_note_is_refused_with_its_place(root: Path, changed: dict[str, str | None], said: str) -> None:
    write(root, **changed)
    with pytest.raises(NoteError, match=said) as caught:
        notes(root, TODAY)
    assert str(caught.value).startswith("docs/notes.yml: entry 1")


@pytest.mark.parametrize("text", ["[", "a: 1"])
def test_a_file_that_is_no_list_is_refused(root: Path, text: str) -> None:
    (root / "docs" / "notes.yml").write_text(text)
    with pytest.raises(NoteError, match=r"docs/notes\.yml"):
        notes(root, TODAY)
