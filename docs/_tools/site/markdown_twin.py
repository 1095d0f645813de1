"""A page as Markdown that stands alone: for language models, for `curl`, and for whoever takes a page along.

It comes from the same function as the page itself, with what the page includes put in: programs, outputs, tables. What
only styles the page is left out.
"""

import re
import textwrap
from collections.abc import Iterable, Sequence
from html import unescape
from pathlib import Path
from typing import NamedTuple

from ..ledger.pages import INCLUDE

MARKER = re.compile(r"^[ \t]*(?:#|//|<!--)? *--8<-- \[(?:start|end):[\w-]+\].*\n?", re.MULTILINE)
ATTRIBUTES = re.compile(r"(`+[^`\n]+`+)|[ \t]*\{:? ?[.#][a-z][^}\n]*\}")
FENCE = re.compile(r"^([ \t]*`{3,}) *\{ *\.([\w+-]+)[^}\n]*\}|^([ \t]*`{3,}[\w+-]+) +[^\n]*$", re.MULTILINE)
CARD = re.compile(r'<p class="card-facts">(.*?)</p>')
HTML = re.compile(r"</?(?:p|small|time|div|span|figure|figcaption|details|summary)\b[^>\n]*>")
LAB_LINK = re.compile(r"(?<=\]\()((?:\.\./)*labs/[\w-]+|[\w-]+)\.py(?=[)#])")
LIST_OF_PAGES = "llms.txt"
ALL_PAGES = "llms-full.txt"


class Twin(NamedTuple):
    """The Markdown of a page: its path in the site, its title, what it is about, and the text."""

    path: str
    title: str
    description: str
    section: str
    markdown: str


def markdown_twin(markdown: str, snippets: Path, includes: Path) -> str:
    """Return plain Markdown with everything that it includes.

    Args:
        markdown: a page as `page_markdown` returns it.
        snippets: the folder of the programs and outputs.
        includes: the folder of the partials.
    """

    def included(match: re.Match[str]) -> str:
        text = section(_file(match["path"], snippets, includes).read_text("utf-8"), match["section"])
        indent = re.match(r"[ \t]*", match[0])
        return textwrap.indent(text.rstrip("\n"), indent[0] if indent else "")

    text = CARD.sub(lambda card: unescape(card[1]), INCLUDE.sub(included, markdown))
    text = FENCE.sub(lambda fence: fence[3] or f"{fence[1]}{fence[2]}", text)
    parts = re.split(r"(^[ \t]*`{3,}.*?^[ \t]*`{3,}[ \t]*$)", text, flags=re.MULTILINE | re.DOTALL)
    parts[::2] = [LAB_LINK.sub(r"\1.md", HTML.sub("", ATTRIBUTES.sub(_code_only, part))) for part in parts[::2]]
    return re.sub(r"\n{3,}", "\n\n", "".join(parts)).strip() + "\n"


def _code_only(match: re.Match[str]) -> str:
    return match[1] or ""


def twin_path(source: str) -> str:
    """Return where the twin of a page is: where its source is in docs/, so that links between pages hold."""
    return f"{source.removesuffix('.py')}.md" if source.endswith(".py") else source


def row(address: str) -> str:
    """Return what stands below a page's title: a link to its twin, and a button that copies it, for copy-page.js."""
    link = f'<a href="{address}">View as Markdown</a>'
    return f'<p class="page-as-markdown" data-search-exclude>{link}<button type="button">Copy page</button></p>'


def section(text: str, name: str | None) -> str:
    """Return a named section of a snippet, or all of it, without the marks of sections."""
    if name:
        start = re.search(rf"^.*--8<-- \[start:{re.escape(name)}\].*\n", text, re.MULTILINE)
        end = re.search(rf"^.*--8<-- \[end:{re.escape(name)}\]", text, re.MULTILINE)
        if start:
            text = text[start.end() : end.start() if end else None]
    return textwrap.dedent(MARKER.sub("", text))


def _file(path: str, snippets: Path, includes: Path) -> Path:
    return next((folder / path for folder in (snippets, includes) if (folder / path).is_file()), snippets / path)


def list_of_pages(name: str, description: str, twins: Iterable[Twin], data: Iterable[tuple[str, str]]) -> str:
    """Return llms.txt: what the site is, its pages by section, each with what it is about, and its data files."""
    lines = [f"# {name}", "", f"> {description}", "", f"All pages in one file: [{ALL_PAGES}]({ALL_PAGES})"]
    last = None
    for twin in twins:
        if twin.section != last:
            lines += ["", f"## {twin.section}", ""]
            last = twin.section
        about = f": {twin.description}" if twin.description else ""
        # Brackets would end the name of the link.
        name = twin.title.replace("[", "(").replace("]", ")")
        lines.append(f"- [{name}]({twin.path}){about}")
    lines += ["", "## Data", "", *(f"- [{path}]({path}): {about}" for path, about in data)]
    return "\n".join([*lines, ""])


def all_pages(twins: Sequence[Twin]) -> str:
    """Return llms-full.txt: every page, after a line that says where it is."""
    return "\n\n---\n\n".join(f"<!-- {twin.path} -->\n\n{twin.markdown.strip()}" for twin in twins) + "\n"
