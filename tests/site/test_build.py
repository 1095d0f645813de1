"""The build warns of nothing, and would: its warnings are errors that no reader should find."""

import re
import subprocess
from collections.abc import Mapping
from pathlib import Path

import pytest
import yaml

from docs._tools.data.as_of import ROOT
from docs._tools.ledger.pages import markdown_pages, with_partials
from docs._tools.site import diagrams
from docs._tools.site.diagrams import DRAWINGS, DiagramError, draw, files
from docs._tools.site.page_markdown import MERMAID

from .mkdocs_command import MKDOCS, complaints

PAGE = "# Title\n\n## Section\n"


def test_the_build_warns_of_nothing(build_log: str) -> None:
    assert "Documentation built" in build_log
    found = complaints(build_log)
    assert not found, "`uv run mkdocs build` complains:\n" + "\n".join(found)


def build(folder: Path, pages: Mapping[str, str], nav: list[str]) -> str:
    """Build a small site with the settings of this one, without its plugins, and return what is printed."""
    for name, text in pages.items():
        (folder / "docs" / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / "docs" / name).write_text(text, "utf-8")
    settings = {"INHERIT": str(ROOT / "mkdocs.yml"), "nav": nav, "hooks": [], "plugins": [], "watch": []}
    (folder / "mkdocs.yml").write_text(yaml.safe_dump(settings), "utf-8")
    command = [MKDOCS, "--no-color", "build", "--config-file", str(folder / "mkdocs.yml")]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout + done.stderr


def test_what_is_wrong_with_a_page_is_named(tmp_path: Path) -> None:
    links = "\n[a](other.md#gone)\n[b](/lessons/)\n[c](missing.md)\n[d](#nowhere)\n[e](lessons/)\n"
    log = build(
        tmp_path,
        {"index.md": PAGE + links, "other.md": PAGE, "forgotten.md": PAGE, "lessons/index.md": PAGE},
        ["index.md", "other.md", "lessons/index.md", "planned.md"],
    )
    assert complaints(log) == [
        'WARNING: The following pages exist in the docs directory, but are not included in the "nav" configuration:',
        "  - forgotten.md",
        "WARNING: A reference to 'planned.md' is included in the 'nav' configuration, which is not found in the "
        "documentation files.",
        "WARNING: Doc file 'index.md' contains an absolute link '/lessons/', it was left as is. "
        "Did you mean 'lessons/index.md'?",
        "WARNING: Doc file 'index.md' contains a link 'missing.md', but the target is not found among documentation "
        "files.",
        "WARNING: Doc file 'index.md' contains an unrecognized relative link 'lessons/', it was left as is. "
        "Did you mean 'lessons/index.md'?",
        "WARNING: Doc file 'index.md' contains a link '#nowhere', but there is no such anchor on this page.",
        "WARNING: Doc file 'index.md' contains a link 'other.md#gone', but the doc 'other.md' does not contain an "
        "anchor '#gone'.",
    ]


def test_a_site_without_mistakes_builds_without_a_word_of_complaint(tmp_path: Path) -> None:
    assert complaints(build(tmp_path, {"index.md": PAGE}, ["index.md"])) == []


@pytest.mark.parametrize(
    ("log", "found"),
    [
        ("INFO    -  Building\n", []),
        ("INFO    -  Two lines of\n            progress\n", []),
        ("WARNING -  A reference\nINFO    -  Built\n", ["WARNING: A reference"]),
        ("WARNING -  Two\n    lines\n", ["WARNING: Two", "    lines"]),
        ("ERROR   -  Bad\n", ["ERROR: Bad"]),
        ("INFO    -  DeprecationWarning: old\n  File x\n", ["INFO: DeprecationWarning: old", "  File x"]),
        ("INFO    -  Built\nA library prints this\n", ["A library prints this"]),
        (
            "\n \u2502  The theme reaches its end of life\n\nINFO    -  Built\n",
            [" \u2502  The theme reaches its end of life"],
        ),
    ],
)
def test_all_but_progress_is_a_complaint(log: str, found: list[str]) -> None:
    assert complaints(log) == found


def test_every_diagram_is_drawn_and_committed_and_no_other() -> None:
    drawn = {path.name for path in DRAWINGS.glob("*")}
    needed = {
        Path(path).name
        for page in markdown_pages(ROOT / "docs")
        if page.suffix == ".md"
        for match in MERMAID.finditer(with_partials(page.read_text("utf-8"), ROOT / "docs"))
        for path in files(draw(match["source"]))
    }
    assert len(needed) >= 16
    assert drawn == needed, f"docs/assets/diagrams/: these belong to no page: {sorted(drawn - needed)}"


def test_a_committed_drawing_is_what_its_source_draws() -> None:
    source = next(
        match["source"]
        for match in MERMAID.finditer((ROOT / "docs" / "lessons" / "conversation-memory.md").read_text("utf-8"))
    )
    committed = draw(source)
    texts = re.compile(r">([^<>]*\w[^<>]*)</(?:tspan|text)>")
    for layout, sheet in committed.sheets.items():
        drawn = diagrams._render(source, layout, "light", committed.name)
        assert texts.findall(drawn) == texts.findall(sheet.svg["light"])
        assert len(texts.findall(drawn)) > 3


def test_a_diagram_with_letters_too_small_for_a_phone_is_refused(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(diagrams, "DRAWINGS", tmp_path)
    monkeypatch.setattr(diagrams, "LAYOUTS", {"narrow": diagrams.LAYOUTS["narrow"]})  # the wide one would be first
    named = "\n".join(f'  n --> n{number}["A step with a name that is rather too long"]' for number in range(3))
    source = f"flowchart TB\n  accTitle: Wide\n  accDescr: Three steps.\n{named}\n"
    with pytest.raises(DiagramError, match=r"the narrow drawing would be \d+\.\d pixels high, and 11 can be read"):
        draw(source)
