"""A page that is forgotten in the navigation is named, and so is an entry without a page."""

from pathlib import Path

import pytest

from . import navigation

SETTINGS = """
nav:
  - Home: index.md
  - Learn:
      - lessons/index.md
      - A lesson: lessons/a.md
      - Elsewhere: https://example.com/
  - Lab: labs/heat.py
extra: !!python/object/apply:os.abort []
site_url: !ENV [SITE_URL, ""]
"""


@pytest.fixture
def root(tmp_path: Path) -> Path:
    for name in ("index.md", "lessons/index.md", "lessons/a.md", "labs/heat.py", "includes/part.md"):
        (tmp_path / "docs" / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / "docs" / name).write_text("# Title\n", "utf-8")
    (tmp_path / "mkdocs.yml").write_text(SETTINGS, "utf-8")
    return tmp_path


def test_a_whole_navigation_has_no_problems(root: Path) -> None:
    assert navigation.problems(root) == []


@pytest.mark.parametrize("name", ["lessons/b.md", "labs/cold.py"])
def test_a_page_that_is_forgotten_is_named(root: Path, name: str) -> None:
    (root / "docs" / name).write_text("# Title\n", "utf-8")
    assert navigation.problems(root) == [f"docs/{name}: is not in `nav` of mkdocs.yml: add it"]


@pytest.mark.parametrize("name", ["lessons/a.md", "labs/heat.py"])
def test_an_entry_without_a_page_is_named(root: Path, name: str) -> None:
    (root / "docs" / name).unlink()
    assert navigation.problems(root) == [
        f"mkdocs.yml: `nav` names {name}, but there is no docs/{name}: write it, or take the entry out"
    ]


def test_an_entry_that_is_there_twice_is_named(root: Path) -> None:
    (root / "mkdocs.yml").write_text(SETTINGS.replace("nav:\n", "nav:\n  - Start: index.md\n"), "utf-8")
    assert navigation.problems(root) == ["mkdocs.yml: `nav` names index.md 2 times: once is enough"]
