"""The course: its lessons in the order of the navigation, with the facts of each page's front matter."""

import re
from collections.abc import Iterator
from typing import Any

from ..data.as_of import ROOT
from ..data.generated import generates
from ..ledger.pages import front_matter

NAVIGATION = re.compile(r"^ +- [^\n:]+: (lessons/[\w-]+\.md)$", re.MULTILINE)


@generates("docs/includes/generated/course.md")
def course() -> str:
    """Return the path through the lessons: a numbered list, and how long it takes."""
    lessons = list(_lessons())
    minutes = sum(meta["minutes"] for _, meta in lessons)
    hours = f"{minutes / 60:.1f}".removesuffix(".0")
    return "\n".join([*map(_item, lessons), "", f"Together, the {len(lessons)} lessons take about {hours} hours.", ""])


def _lessons() -> Iterator[tuple[str, dict[str, Any]]]:
    for path in NAVIGATION.findall((ROOT / "mkdocs.yml").read_text("utf-8")):
        yield path, front_matter(ROOT / "docs" / path)


def _item(lesson: tuple[str, dict[str, Any]]) -> str:
    path, meta = lesson
    link = f"[{meta['title']}]({path.removeprefix('lessons/')})"
    sections = f'{{ .lesson data-sections="{len(meta.get("times", {}))}" }}'
    return f"1. {link}{sections}<br>{meta['level']}, {meta['minutes']} minutes. {meta['description']}"
