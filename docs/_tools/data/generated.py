"""The list of generated files: `@generates(path)` on a function says which file it returns the text of.

Every file names its writer in its first line. JSON has no comments, so an object gets a first member, `$comment`, which
all readers skip. `python -m docs._tools.generate --list` names the writer of every file.
"""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TypeVar

from .as_of import ROOT

COMMAND = "uv run python -m docs._tools.generate --write"
FIRST_LINE = re.compile(r"\A<!-- Written by .* -->\n")

Render = TypeVar("Render", bound=Callable[..., str])


@dataclass(frozen=True, slots=True)
class Generator:
    """A function that writes files. With `names`, the path contains `{}` and the function is called for each name."""

    path: str
    render: Callable[..., str]
    names: Callable[[], Iterable[str]] | None

    @property
    def writer(self) -> str:
        """The module of the function, as a path in the repository."""
        return f"{self.render.__module__.replace('.', '/')}.py"

    def files(self) -> dict[Path, Callable[[], str]]:
        """Return the files and, for each, a function that makes its text, including its first line."""
        texts: dict[str, Callable[[], str]] = (
            {self.path: self.render}
            if self.names is None
            else {self.path.format(name): partial(self.render, name) for name in self.names()}
        )
        return {ROOT / path: partial(_written, ROOT / path, text, self.writer) for path, text in texts.items()}


GENERATORS: dict[str, Generator] = {}
"""The generators of all imported modules, by path."""


def generates(path: str, names: Callable[[], Iterable[str]] | None = None) -> Callable[[Render], Render]:
    """Register a function as the writer of a file. `path` is relative to the repository.

    With `names` it writes several: the function is called with each name, which replaces `{}` in the path.

    Raises:
        ValueError: another function writes this file.
    """

    def register(render: Render) -> Render:
        if path in GENERATORS:
            raise ValueError(f"{render.__module__}: {path} is already written by {GENERATORS[path].writer}")
        GENERATORS[path] = Generator(path, render, names)
        return render

    return register


def with_writer(text: str, suffix: str, writer: str, command: str = COMMAND) -> str:
    """Return the text of a file with its writer in the first line.

    Raises:
        ValueError: the file has no place for it: it is a list in JSON, or of an unknown kind.
    """
    said = f"Written by {writer}: {command}"
    if suffix == ".json" and text.startswith("{"):
        rest = text[1:] if text[1] == "\n" else f"\n {text[1:]}"
        return f'{{"$comment": "{said}",{rest}'
    if suffix != ".md":
        raise ValueError(f"{writer}: say in docs/_tools/data/generated.py how a comment is written in {suffix}")
    return f"<!-- {said} -->\n{text}"


def without_writer(text: str) -> str:
    """Return the text of generated Markdown without its first line."""
    return FIRST_LINE.sub("", text)


def _written(path: Path, render: Callable[[], str], writer: str) -> str:
    return with_writer(render(), path.suffix, writer)
