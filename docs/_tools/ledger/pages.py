"""Reads pages: their fenced blocks, the snippet files these show, and their paragraphs of prose.

A lab, docs/labs/*.py, is also a page: its prose is in comments below `# %% [markdown]`.
"""

import re
import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from importlib.metadata import packages_distributions
from pathlib import Path
from typing import Any

import yaml
from markdown.extensions.toc import slugify, unique

from ..data.generated import without_writer

FRONT_MATTER = re.compile(r"\A---\n(.*?)^---\n", re.MULTILINE | re.DOTALL)
FENCE = re.compile(r"^(?P<indent>[ \t]*)(?P<mark>`{3,}|~{3,})(?P<info>[^`]*)$")
INCLUDE = re.compile(r'^[ \t]*--8<-- "(?P<path>[^":]+)(?::(?P<section>[^"]+))?"[ \t]*$', re.MULTILINE)
PARTIAL = re.compile(r'^--8<-- "(?P<path>generated/[^":]+\.md)"$', re.MULTILINE)
HEADING = re.compile(r"#{1,6} (?P<text>.+?)(?: *\{ *#(?P<anchor>[\w-]+) *\})? *")
CITES = re.compile(r"\[\^[a-z0-9+ -]+\]")
PYTHON = {"python", "py", "python3", "pycon", "pyi"}
CODE_FILES = {".py", ".sh", ".mjs", ".html"}
RECORDED = {"text", "json", "yaml", "mermaid"}
"""What programs print and servers answer, and sources of drawings: as long as it is. On the page, its lines wrap."""
BESIDE_CONTENTS = 88
"""Characters of a line of code that fit on the page between the navigation and the contents: site.css."""
BESIDE_BUTTON = 83
"""Characters that fit in a block without a title, where the copy button is next to the code."""


@dataclass(frozen=True, slots=True)
class Include:
    """A snippet file that a block shows, or a named section of one. The path is relative to snippets/."""

    path: str
    section: str | None = None


@dataclass(frozen=True, slots=True)
class Block:
    """A fenced block. `line` counts from 1; `body` is the text between the fences, with the indent removed."""

    page: Path
    line: int
    mark: str
    info: str
    body: str
    indented: bool = False

    @property
    def language(self) -> str:
        """The language as written: `python` for ```` ```python ````, for `{ .python }` and for `{.python}`."""
        match = re.match(r"\s*(?:\{\s*\.)?([\w+-]*)", self.info)
        return match[1] if match else ""

    @property
    def options(self) -> dict[str, str]:
        """The `key="value"` options of the info string."""
        return dict(re.findall(r'([\w-]+)="([^"]*)"', self.info))

    @property
    def includes(self) -> list[Include]:
        """The snippet files the block shows."""
        return [Include(match["path"], match["section"]) for match in INCLUDE.finditer(self.body)]

    @property
    def place(self) -> str:
        """`file:line`, for messages."""
        return f"{self.page}:{self.line}"


def front_matter(page: Path) -> dict[str, Any]:
    """Return the facts at the top of a page, between two lines of dashes. Nothing if there are none."""
    found = FRONT_MATTER.match(page.read_text("utf-8"))
    return dict(yaml.safe_load(found[1]) or {}) if found else {}


def markdown_pages(docs: Path) -> list[Path]:
    """Return the pages in docs/, including labs, without partials and tools."""
    written = [
        path for path in docs.rglob("*.md") if not {"includes", "_tools"} & set(path.relative_to(docs).parts[:-1])
    ]
    return sorted([*written, *(docs / "labs").glob("*.py")])


def with_partials(markdown: str, docs: Path, *, tables: bool = False) -> str:
    """Return a page with its generated partials included, if they show snippets or cite claims, without their first
    line.

    People write those, in a data file, so the rules for pages apply to them. Other partials are tables, which are only
    included if you ask for them.
    """

    def text(match: re.Match[str]) -> str:
        partial = docs / "includes" / match["path"]
        if not partial.is_file():
            return match[0]
        written = without_writer(partial.read_text("utf-8"))
        return written.rstrip("\n") if tables or INCLUDE.search(written) or CITES.search(written) else match[0]

    return PARTIAL.sub(text, markdown)


def markdown_lines(page: Path) -> list[str]:
    """Return the lines of a page. For a lab, return the lines of its prose, and empty lines for its code."""
    text = page.read_text("utf-8")
    if page.suffix != ".py":
        return with_partials(text, docs_of(page)).splitlines()
    lines = text.splitlines()
    prose, found = False, []
    for line in lines:
        prose = line.startswith("# %% [markdown]") if line.startswith("# %%") else prose
        found.append(line.removeprefix("#").removeprefix(" ") if prose and not line.startswith("# %%") else "")
    return found


def plain(markdown: str) -> str:
    """Return Markdown without citations and links, on one line."""
    text = re.sub(r"\[\^[^\]]*\]", "", markdown)
    return " ".join(re.sub(r"\[([^\]]*)\]\([^)]*\)", r"\1", text).split())


def docs_of(page: Path) -> Path:
    """Return the docs folder that a page is in."""
    return next((parent for parent in page.parents if parent.name == "docs"), page.parent)


def blocks(page: Path) -> list[Block]:
    """Return the fenced blocks of a page, in order."""
    found: list[Block] = []
    start: tuple[int, re.Match[str]] | None = None
    body: list[str] = []
    for number, line in enumerate(markdown_lines(page), 1):
        fence = FENCE.match(line)
        if start is None:
            if fence:
                start, body = (number, fence), []
        elif fence and fence["mark"].startswith(start[1]["mark"]) and not fence["info"].strip():
            indent = len(start[1]["indent"])
            text = "".join(f"{part[indent:]}\n" for part in body)
            found.append(Block(page, start[0], start[1]["mark"], start[1]["info"].strip(), text, indent > 0))
            start = None
        else:
            body.append(line)
    return found


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading of a page: its line, its text in Markdown, and the anchor that it gets in the page."""

    line: int
    text: str
    anchor: str


def headings(page: Path) -> list[Heading]:
    """Return the headings of a page, its title first."""
    found: list[Heading] = []
    taken: set[str] = set()
    mark = ""
    for number, line in enumerate(markdown_lines(page), 1):
        if fence := FENCE.match(line):
            opens, closes = not mark, mark and fence["mark"].startswith(mark) and not fence["info"].strip()
            mark = fence["mark"] if opens else "" if closes else mark
        elif not mark and (heading := HEADING.fullmatch(line)):
            plain = re.sub(r"[`*]", "", heading["text"])
            anchor = heading["anchor"] or unique(slugify(plain, "-"), taken)
            taken.add(anchor)
            found.append(Heading(number, heading["text"], anchor))
    return found


def address_of(page: Path, docs: Path) -> str:
    """Return the address of a page, relative to the root of the site."""
    path = page.relative_to(docs).with_suffix("")
    folder = (path.parent if path.name == "index" else path).as_posix()
    return "" if folder == "." else f"{folder}/"


def paragraphs(page: Path) -> Iterator[tuple[int, str]]:
    """Yield the prose of a page: line number and text of each paragraph, list item group or table."""
    lines = markdown_lines(page)
    inside: str | None = None
    first, text = 0, ""
    front_matter = bool(lines) and lines[0] == "---"
    for number, line in enumerate([*lines, ""], 1):
        if front_matter:
            front_matter = number == 1 or line != "---"
            continue
        fence = FENCE.match(line)
        if inside:
            if fence and fence["mark"].startswith(inside) and not fence["info"].strip():
                inside = None
            continue
        if fence:
            inside = fence["mark"]
        if fence or not line.strip() or INCLUDE.match(line):
            if text:
                yield first, text
            text = ""
        else:
            first = number if not text else first
            text += line + "\n"


def folder_of(page: Path, docs: Path) -> str:
    """Return the snippets folder a page shows files of: `lessons/first-call.md` has `lessons/first_call/`."""
    return page.relative_to(docs).with_suffix("").as_posix().replace("-", "_") + "/"


def snippet_files(snippets: Path) -> list[str]:
    """Return every file in snippets/ that a page has to show, relative to it."""
    return sorted(
        path.relative_to(snippets).as_posix()
        for path in snippets.rglob("*")
        if path.is_file() and path.name != "__init__.py" and "__pycache__" not in path.parts
    )


def problems(root: Path) -> list[str]:
    """Return how the pages and snippets below `root` disagree, each with its place and what to do."""
    docs, snippets = root / "docs", root / "snippets"
    found: list[str] = []
    shown: set[str] = set()
    for page in markdown_pages(docs):
        name = page.relative_to(root).as_posix()
        folder = folder_of(page, docs)
        for block in blocks(page):
            place = f"{name}:{block.line}"
            shown |= {include.path for include in block.includes}
            found += [f"{place}: {problem}" for problem in _block_problems(block, folder, snippets)]
        found += [f"{name}:{line}: {problem}" for line, problem in _markup_problems(page)]
    for path in snippet_files(snippets):
        if path not in shown:
            found.append(f"snippets/{path}: no page shows this file: include it in a page or delete it")
        found += [f"snippets/{path}{problem}" for problem in _file_problems(snippets / path)]
    return found


def _markup_problems(page: Path) -> Iterator[tuple[int, str]]:
    """Yield markup that would show code or a table unchecked: line and problem."""
    for first, text in paragraphs(page):
        for number, line in enumerate(text.splitlines(), first):
            if re.match(r"\s*>\s*(```|~~~)", line):
                yield number, "a fence in a quotation escapes the checks: take it out of the quotation"
            elif match := re.search(r"<(pre|table|code)\b", line):
                yield number, f"<{match[1]}> escapes the checks: use a fence, or generate the table"
            elif number > first and re.fullmatch(r"\s*(?=.*\|)\|?[ :]*-+[ :|-]*", line):
                yield number - 1, "a table typed by hand: generate it into docs/includes/generated/ or use a list"


def _block_problems(block: Block, folder: str, snippets: Path) -> Iterable[str]:
    if block.language == "mermaid" and block.info != "mermaid":
        yield "the build draws only ```mermaid without options"
    if block.language == "mermaid" and block.indented:
        yield "the build draws only diagrams that are not indented"
    if block.mark.startswith("~"):
        yield "a ~~~ fence escapes the checks: use ```"
    # These are generated from the two programs of a problem, so the lines cannot go stale.
    marked = "hl_lines" in block.info and ".changed" not in block.info
    if marked or block.options.get("linenums", "1") != "1":
        yield "hl_lines and linenums that begin elsewhere go stale: show a named section instead"
    if block.language in PYTHON:
        only_include = INCLUDE.fullmatch(block.body.strip("\n"))
        if block.language != "python":
            yield f"'{block.language}' blocks escape the checks: use python"
        if not only_include:
            yield f"a hand-written Python block: put the code into snippets/{folder} and include the file"
        elif block.options.get("title") != Path(only_include["path"]).name:
            yield f'the block needs title="{Path(only_include["path"]).name}", the name of the file it shows'
    fitting = BESIDE_CONTENTS if "title" in block.options else BESIDE_BUTTON
    if block.language not in RECORDED:
        for number, width in _too_wide(block.body, fitting):
            yield f"line {number} of the block has {width} characters, and {fitting} fit on the page: break the line"
    for include in block.includes:
        if not include.path.startswith(folder):
            yield f"shows {include.path}, but this page shows files of snippets/{folder} only"
        elif not (snippets / include.path).is_file():
            yield f"snippets/{include.path} does not exist"
        elif include.section and include.section[0].isdigit():
            yield f"shows lines {include.section} of {include.path}: line numbers go stale: name a section"


@cache
def importable_names() -> frozenset[str]:
    """Return the names of all modules that a snippet's name could shadow."""
    return frozenset(sys.stdlib_module_names | packages_distributions().keys())


def _too_wide(code: str, fitting: int) -> Iterator[tuple[int, int]]:
    """Yield number and width of each line that does not fit. What a program prints, after `#>`, may wrap."""
    for number, line in enumerate(code.splitlines(), 1):
        if len(line) > fitting and not line.lstrip().startswith("#> "):
            yield number, len(line)


def _file_problems(module: Path) -> Iterable[str]:
    if module.suffix == ".py" and module.stem in importable_names():
        yield f": the name shadows the module '{module.stem}' when the file is run: choose another"
    if not re.fullmatch(r"[a-z][a-z0-9_]*\.\w+", module.name):
        yield ": use lower-case letters, digits and underscores in the name"
    if module.suffix in CODE_FILES:
        for number, width in _too_wide(module.read_text("utf-8"), BESIDE_CONTENTS):
            yield f":{number}: has {width} characters, and {BESIDE_CONTENTS} fit on the page: break the line"
