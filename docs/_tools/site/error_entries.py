"""A page for each problem, with its own address, title and description, so that a search engine finds its message.

The pages about errors have the same entries, one below the other, and they are what the navigation and the search of
the site lead to.
"""

import re
from collections.abc import Iterator

import yaml

from ..ledger.pages import plain
from ..tables import error_pages
from ..tables.error_pages import Problem

LONGEST_DESCRIPTION = 155
LINK = re.compile(r"\]\((?!https?://)([^)]*)\)")


SECTION = "Problems, one by one"
"""What lists of pages call these."""


def group(place: str) -> str | None:
    """Return the page that has the entry of a problem's page, both by their place in docs/. None for other pages."""
    found = re.fullmatch(r"(errors/[^/]+)/[^/]+\.md", place)
    return f"{found[1]}.md" if found else None


def pages() -> Iterator[tuple[str, str]]:
    """Yield the place of each problem's page in docs/, and its Markdown with front matter."""
    for problem in error_pages.problems():
        yield error_pages.own_page(problem), page(problem)


def page(problem: Problem) -> str:
    """Return the page of a problem."""
    front = {"title": problem.title, "description": description(problem), "kind": "Error recovery"}
    _, _, entry = error_pages.section(problem).partition("\n")
    all_of_them = f"[All problems of this kind](../{problem.page}.md#{problem.id})"
    finder = "[find another error](../index.md)"
    return (
        f"---\n{yaml.safe_dump(front, allow_unicode=True, width=1000)}---\n\n# {problem.title}\n"
        f"{_one_folder_down(entry, problem.page)}\n{all_of_them}, or {finder}.\n"
    )


def description(problem: Problem) -> str:
    """Return what goes wrong in one or two sentences, for search engines."""
    # The theme writes a description into an attribute as it is.
    text = plain(problem.symptom).replace("`", "").replace('"', "'")
    if len(text) <= LONGEST_DESCRIPTION:
        return text
    return f"{text[:LONGEST_DESCRIPTION].rpartition(' ')[0].rstrip(',;:.')}..."


def _one_folder_down(markdown: str, group: str) -> str:
    """Return Markdown of a page about errors as it has to be in the folder below."""

    def moved(link: re.Match[str]) -> str:
        target = f"{group}.md{link[1]}" if link[1].startswith("#") else link[1]
        return f"](../{target})"

    return LINK.sub(moved, markdown)
