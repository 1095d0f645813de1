"""Writes what the search of the site looks through: one script with the sections of all pages.

It is a script and not JSON because a page opened from a file can load nothing else. Prose is kept as it is read, for
the excerpts; of programs and outputs only the words that the prose of the section does not have.

Considered: the search plugins of MkDocs and Material. Their index keeps programs and tables whole and is half again as
large, and their worker can neither split names nor take synonyms.
"""

import json
import re
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass as plain_dataclass
from dataclasses import field
from html.parser import HTMLParser
from pathlib import Path
from typing import Annotated, Any

from pydantic import Field
from pydantic.dataclasses import dataclass

from ..data.files import CLOSED, checked, load
from .site_data.problems import Problem

INDEX = "assets/search-index.js"
HEADER = re.compile(r'<nav class="md-header__inner.*?</nav>', re.DOTALL)
BUTTON = (
    '<button type="button" class="site-search__open" aria-haspopup="dialog" aria-keyshortcuts="/ s Control+K Meta+K">'
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 24 24" aria-hidden="true">'
    '<path d="M9.5 3a6.5 6.5 0 0 1 5.2 10.4l5.8 5.8-1.4 1.4-5.8-5.8A6.5 6.5 0 1 1 9.5 3m0 2a4.5 4.5 0 1 0 0 9 4.5'
    ' 4.5 0 0 0 0-9"/></svg><span>Search</span><kbd aria-hidden="true">/</kbd></button>'
)
KINDS = {
    "lessons": "Lessons",
    "reference": "Reference",
    "errors": "Errors",
    "guides": "Guides",
    "labs": "Labs",
    "about": "About",
}
HOME = "Start"
HEADINGS = ("h1", "h2", "h3")
COMMON = 0.06
"""Words that are left of more than this share of all sections tell nothing, and are left out."""
COMMON_IN_MESSAGES = 0.2
"""Words of messages that more than this share of all problems have tell nothing either."""
LONGEST = 120
"""How many characters of a section's prose are kept as they are."""
VOID = frozenset(["area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"])
SILENT = frozenset(("script", "style", "svg", "button", "textarea", "select"))
SILENT_CLASSES = frozenset(("footnote", "headerlink", "footnote-ref", "linenos", "card-facts", "filename"))
BLOCKS = frozenset(("p", "li", "dt", "dd", "td", "th", "tr", "div", "details", "summary", "br", "figcaption", "label"))
# What the pages about errors say of each problem in the same words.
PROOF = re.compile(r"\sProof\.\s+tests/pages/test_error_pairs\.py runs both.*", re.DOTALL)
NUMBER = re.compile(r"\d[\d.,_-]*\w?$")
# The programs of the pages about errors. Nobody looks for them by these names.
PAIR = re.compile(r"\b\w+_(?:fails|fixed)\.py\b")
WORD = re.compile(r"[^\W_]\w*(?:[.-]\w+)*")
# What is worth finding of a program: names of more than one word. The others are Python's own, or in the prose as well.
NAME = re.compile(r"[A-Za-z]\w*(?:[.-]\w+)*(?:[._-]\w+|(?<=[a-z])[A-Z]\w*)|[45]\d\d\b")


@dataclass(frozen=True, slots=True, config=CLOSED)
class Absent:
    """What the site does not have: the words readers ask for it with, its name, and the page that comes nearest."""

    asked: list[str]
    name: str
    nearest: Annotated[str, Field(description="a page in docs/, such as reference/migrate.md, or one of its sections")]
    why: Annotated[str, Field(description="what that page has, the end of a sentence that begins with its title")]


@dataclass(frozen=True, slots=True, config=CLOSED)
class Vocabulary:
    """The words readers use, as docs/search.yml lists them."""

    stop_words: str
    synonyms: list[list[str]]
    narrower: Mapping[str, list[str]]
    recaps: list[str]
    remedies: list[str]
    models: list[str]
    asked: Mapping[str, list[str]]
    absent: list[Absent]


@plain_dataclass(slots=True)
class Section:
    """A heading of a page, and what is below it up to the next one."""

    anchor: str
    title: str
    prose: str = ""
    code: str = ""


@plain_dataclass(slots=True)
class SearchedPage:
    """A page: its place in docs/, its address in the site, its title and its sections."""

    place: str
    address: str
    title: str
    description: str
    sections: list[Section] = field(default_factory=list)


class _Reader(HTMLParser):
    """Splits the HTML of a page's content into sections."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.sections = [Section("", "")]
        self.open: list[tuple[str, bool]] = []
        self.heading = False
        self.code = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if tag in BLOCKS:
            self._add(" ")
        if tag in VOID:
            return
        classes = set((given.get("class") or "").split())
        silent = tag in SILENT or "data-search-exclude" in given or bool(classes & SILENT_CLASSES)
        self.open.append((tag, silent))
        if tag in HEADINGS and given.get("id") and not self._silent():
            self.sections.append(Section(given["id"] or "", ""))
            self.heading = True
        if tag == "pre":
            self.code += 1

    def handle_endtag(self, tag: str) -> None:
        if tag in VOID or not any(name == tag for name, _ in self.open):
            return
        while self.open.pop()[0] != tag:
            pass
        if tag in HEADINGS:
            self.heading = False
        if tag == "pre":
            self.code -= 1
        if tag in BLOCKS:
            self._add(" ")

    def handle_data(self, data: str) -> None:
        if not self._silent():
            self._add(data)

    def _silent(self) -> bool:
        return any(silent for _, silent in self.open)

    def _add(self, text: str) -> None:
        section = self.sections[-1]
        if self.heading:
            section.title += text
        elif self.code:
            section.code += text
        else:
            section.prose += text


def with_button(page: str) -> str:
    """Return a page of the theme with the button that opens the search at the end of its header.

    Raises:
        ValueError: the page has no header that looks like the theme's.
    """
    if not HEADER.search(page):
        raise ValueError("the theme's header is written in another way than search_index.py knows")
    return HEADER.sub(lambda header: header[0].removesuffix("</nav>") + BUTTON + "</nav>", page, count=1)


def sections(html: str) -> list[Section]:
    """Return the sections of a page's content. What comes before the first heading belongs to the first section."""
    reader = _Reader()
    reader.feed(html)
    reader.close()
    before, *found = reader.sections
    if not found:
        return []
    found[0].prose = f"{before.prose} {found[0].prose}"
    for section in found:
        section.title = " ".join(section.title.split())
        section.prose = " ".join(PAIR.sub("", PROOF.sub("", section.prose)).split())
    return found


def vocabulary(root: Path) -> Vocabulary:
    """Read docs/search.yml.

    Raises:
        DataError: something in it is missing, unknown, or not what it has to be.
    """
    return checked(Vocabulary, load(root / "docs" / "search.yml", "docs/search.yml"), "docs/search.yml")


def search_index(
    pages: Iterable[SearchedPage],
    words: Vocabulary,
    problems: Iterable[Problem],
    model_ids: Iterable[str],
    longest: int = LONGEST,
) -> tuple[str, list[str]]:
    """Return the script that holds the index, and a warning for each place in docs/search.yml that does not exist.

    Args:
        pages: in the order of the navigation.
        words: what docs/search.yml says.
        problems: the problems of the pages about errors, whose messages their sections are found by.
        model_ids: the models that a query may name.
        longest: how many characters of a section's prose are kept as they are.
    """
    pages = list(pages)
    asked = dict(words.asked)
    messages = _messages(problems, words.stop_words.split())
    ids = set(model_ids)
    listed: dict[str, dict[str, int]] = {place: {} for place in words.models}
    parts: list[tuple[list[Any], list[str]]] = []
    for number, page in enumerate(pages):
        for section in page.sections:
            top = section is page.sections[0]
            place = page.place if top else f"{page.place}#{section.anchor}"
            said = messages.get(f"{page.address}#{section.anchor}", "")
            if place in listed:
                listed[place] = {id: len(parts) for id in WORD.findall(section.prose) if id in ids}
            prose, rest = _cut(section.prose, longest)
            row = [number, "" if top else section.anchor, section.title, prose, "; ".join(asked.pop(place, [])), said]
            parts.append((row, _words_left(section, prose, said, rest)))
    models = {id: section for place in reversed(words.models) for id, section in listed[place].items()}
    times = Counter(word for _, left in parts for word in left)
    most = max(3, len(parts) * COMMON)
    silent = {*words.stop_words.split(), *(word for word, count in times.items() if count > most)}
    rows = []
    for number, (row, left) in enumerate(parts):
        telling = (word for word in left if word not in silent or models.get(word) == number)
        row.append(" ".join(sorted(telling, key=str.lower)))
        while row[-1] == "":
            row.pop()
        rows.append(row)
    warnings = [f"docs/search.yml: asked: no page or section is {place}: correct or delete it" for place in asked]
    warnings += [
        f"docs/search.yml: models: {place} is no section that names models" for place in listed if not listed[place]
    ]
    addresses = {page.place: page for page in pages}
    absent = []
    for entry in words.absent:
        place, _, anchor = entry.nearest.partition("#")
        nearest = addresses.get(place)
        if nearest is None or (anchor and anchor not in [section.anchor for section in nearest.sections]):
            warnings.append(f"docs/search.yml: absent: no page or section is {entry.nearest}: correct it")
            continue
        address = nearest.address + (f"#{anchor}" if anchor else "")
        absent.append([entry.asked, entry.name, address, nearest.title, entry.why])
    data = {
        "pages": [[page.address, page.title, _kind(page.place), page.description] for page in pages],
        "sections": rows,
        "stop": words.stop_words.split(),
        "synonyms": words.synonyms,
        "narrower": words.narrower,
        "recaps": words.recaps,
        "remedies": words.remedies,
        "models": models,
        "absent": absent,
    }
    script = f"globalThis.searchIndex = {json.dumps(data, ensure_ascii=False, separators=(',', ':'))};\n"
    return script, warnings


def _kind(place: str) -> str:
    return KINDS.get(place.partition("/")[0], HOME)


def _cut(prose: str, longest: int) -> tuple[str, str]:
    """Return the words at the beginning of a text, up to a length, and what follows."""
    if len(prose) <= longest:
        return prose, ""
    end = prose.rfind(" ", 0, longest)
    return f"{prose[:end]} …", prose[end:]


def _messages(problems: Iterable[Problem], silent: Iterable[str]) -> dict[str, str]:
    """Return the words of each problem's messages, by its address, without those that tell nothing."""
    found: dict[str, list[str]] = {}
    for problem in problems:
        signs = (problem.exception, problem.status, problem.code, problem.raised_from)
        said = " ".join([*(str(sign) for sign in signs if sign), *problem.messages])
        found[problem.url] = list(dict.fromkeys(WORD.findall(said)))
    times = Counter(word for said in found.values() for word in {each.lower() for each in said})
    most = max(3, len(found) * COMMON_IN_MESSAGES)
    left_out = {*silent, *(word for word, count in times.items() if count > most)}
    return {url: " ".join(word for word in said if word.lower() not in left_out) for url, said in found.items()}


def _words_left(section: Section, prose: str, said: str, rest: str) -> list[str]:
    """Return what a section can be found by besides its prose: the words that were cut off, the names in its code."""
    before = set(map(str.lower, WORD.findall(f"{section.title} {prose} {said}")))
    found = [word.lower() if word[1:].islower() else word for word in WORD.findall(rest)]
    found = [word for word in found if len(word) > 3 and not NUMBER.match(word)] + NAME.findall(section.code)
    return [word for word in dict.fromkeys(found) if word.lower() not in before]
