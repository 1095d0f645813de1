"""Drawings are kept next to the pages, and replaced when their source changes."""

from pathlib import Path

import pytest

from docs._tools.site import diagrams


def test_a_replaced_drawing_stays_until_the_build_has_copied_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(diagrams, "DRAWINGS", tmp_path)
    monkeypatch.setattr(diagrams, "_rendered", lambda *_: '<svg viewBox="0 0 100 50"></svg>')  # Mermaid takes seconds
    replaced = tmp_path / f"two-steps-{'0' * 12}-wide-light.svg"
    replaced.write_text("<svg/>", "utf-8")
    drawing = diagrams.draw("flowchart LR\n  accTitle: Two steps\n  accDescr: One step, then another.\n  a --> b")
    assert replaced.exists()
    diagrams.remove_outdated()
    assert {path.name for path in tmp_path.iterdir()} == {Path(name).name for name in diagrams.files(drawing)}
