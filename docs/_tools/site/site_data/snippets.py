"""snippets.json: every file that the pages show, with what it prints and where it is shown."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Literal, Self

from pydantic.dataclasses import dataclass

from openai_sandbox.faults import directives_in

from ...ledger import pages, programs
from ..captions import VARYING
from ..markdown_twin import section
from .document import PUBLISHED, Document

Kind = Literal["script", "recipe", "test", "fixtures", "counterexample", "other"]

LANGUAGES = {".py": "python", ".sh": "bash", ".mjs": "javascript"}
PRINTED = re.compile(r"^ *#> ?(.*)$", re.MULTILINE)


@dataclass(config=PUBLISHED)
class Place:
    """Where a file is shown."""

    heading: str
    """The heading above it, in Markdown."""
    url: str
    """The address of the section, relative to the root of the site."""
    section: str | None
    """The named part of the file that is shown there. Null: all of it."""


@dataclass(config=PUBLISHED)
class Snippet:
    """A file and what is known about it."""

    path: str
    """Its path in snippets/ of the repository."""
    page: str
    """The address of its page, relative to the root of the site."""
    places: list[Place]
    """Where the page shows it, from top to bottom."""
    kind: Kind
    """`script`: works at top level. `recipe`: defines functions or classes to copy, and is safe to import. `test`: run
    it with pytest. `fixtures`: the conftest.py of tests. `counterexample`: shows a mistake, so do not copy it. `other`:
    not Python."""
    language: str
    """The language, or the ending of the file's name."""
    code: str
    """The whole text."""
    output: str | None
    """What it prints against the simulated API. Null: nothing that is recorded."""
    needs: list[str]
    """What it needs beyond Python and openai, as the file declares it: packages, `NAME=value` for an environment
    variable, `.env` for a key in that file, files of its page, `threads`, or `process` for a separate process."""
    sandbox: list[str]
    """What the simulated API is told to do wrong, in the words of the file's `# sandbox:` comments."""
    imports: list[str]
    """The modules that it imports and that neither Python nor its own folder has."""


@dataclass(kw_only=True, config=PUBLISHED)
class Snippets(Document):
    """Every program that the pages show: its code, what it prints, where it is shown, and what it needs to run."""

    snippets: list[Snippet]
    """The files, page by page, in the order in which they appear."""

    @classmethod
    def read(cls, docs: Path, snippets: Path) -> Self:
        """Return the files below `snippets` that the pages below `docs` show."""
        found = []
        for page in pages.markdown_pages(docs):
            places: dict[str, list[Place]] = {}
            for path, place in _places(page, docs):
                places.setdefault(path, []).append(place)
            address = pages.address_of(page, docs)
            found += [_snippet(snippets, path, address, shown) for path, shown in places.items() if _stands_alone(path)]
        return cls(snippets=found)


def _stands_alone(path: str) -> bool:
    """Tell whether a file has an entry. What a program prints is part of the program's."""
    return not path.endswith(".out")


def _places(page: Path, docs: Path) -> Iterator[tuple[str, Place]]:
    headings = pages.headings(page)
    for block in pages.blocks(page):
        heading = next((heading for heading in reversed(headings) if heading.line < block.line), None)
        for include in block.includes:
            anchor = f"#{heading.anchor}" if heading else ""
            url = f"{pages.address_of(page, docs)}{anchor}"
            yield include.path, Place(heading.text if heading else "", url, include.section)


def _snippet(snippets: Path, path: str, page: str, places: list[Place]) -> Snippet:
    file = snippets / path
    text = file.read_text("utf-8")
    python = file.suffix == ".py"
    return Snippet(
        path=path,
        page=page,
        places=places,
        kind=_kind(file.name, text) if python else "other",
        language=LANGUAGES.get(file.suffix, file.suffix.removeprefix(".")),
        code=section(text, None),
        output=_output(file, text),
        needs=programs.needs(text),
        sandbox=[directive for _, directive in directives_in(text)] if python else [],
        imports=_imports(file, text) if python else [],
    )


def _kind(name: str, text: str) -> Kind:
    if name == "conftest.py":
        return "fixtures"
    if name.startswith("test_"):
        return "test"
    if name.endswith("_fails.py"):
        return "counterexample"
    return "recipe" if 'if __name__ == "__main__":' in text else "script"


def _output(file: Path, text: str) -> str | None:
    """Return what a file prints, without the bounds of numbers that vary."""
    recorded = file.with_suffix(".out")
    if recorded.is_file():
        printed = recorded.read_text("utf-8")
    else:
        printed = "".join(f"{line}\n" for line in PRINTED.findall(text))
    return VARYING.sub(r"\1", printed) or None


def _imports(file: Path, text: str) -> list[str]:
    own = {"snippets", *(path.stem for path in file.parent.iterdir())}
    return sorted(programs.imports(text) - own)
