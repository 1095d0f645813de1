"""Finds constructions that nobody would say: `uv run python -m docs._tools.ledger.prose [PATH ...]`.

docs/prose.yml lists them, each with what to write instead. The command reads pages, the data that pages are made of,
the README files, and the comments and docstrings of Python. It exits with 1 if it finds one. proselint reports
typography and clichés in these pages, and none of the sentences that read as translated, so the list is the project's
own.
"""

import ast
import io
import re
import sys
import tokenize
from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path

from pydantic.dataclasses import dataclass

from ..data.as_of import ROOT
from ..data.files import CLOSED, checked, load_list

FILE = ROOT / "docs" / "prose.yml"
READ = (
    *("*.md", "docs/**/*.md", "docs/**/*.yml", "docs/labs/**/*.py", "sandbox/*.md", "sandbox/behavior.json"),
    *("snippets/**/*.py", "sandbox/**/*.py", "docs/_tools/**/*.py"),
)
NOT_READ = re.compile(r"/generated/|/vendor/|docs/prose\.yml|pasted_messages|/\.|CHANGELOG")
CODE = re.compile(r"^([ \t]*)(`{3,}).*?^\1\2`*[ \t]*$|`[^`\n]+`", re.MULTILINE | re.DOTALL)


@dataclass(frozen=True, slots=True, config=CLOSED)
class Construction:
    """An entry of prose.yml: a regular expression, and what to write instead."""

    find: str
    write: str


@cache
def constructions() -> list[tuple[re.Pattern[str], str]]:
    """Return what is not written here, and what is written instead."""
    rows = [checked(Construction, row, f"docs/prose.yml: entry {number}") for number, row in enumerate(_rows(), 1)]
    return [(re.compile(row.find.replace(" ", r"\s+"), re.IGNORECASE), row.write) for row in rows]


def _rows() -> list[object]:
    return load_list(FILE, "docs/prose.yml")


def problems(name: str, text: str) -> Iterator[str]:
    """Yield what is wrong with the text of a file of that name, each with its line and what to write instead."""
    for line, part in _python(text) if name.endswith(".py") else [(1, text)]:
        plain = CODE.sub(lambda code: re.sub(r"[^\n]", "`", code[0]), part)
        for pattern, instead in constructions():
            for match in pattern.finditer(plain):
                at = line + plain.count("\n", 0, match.start())
                said = " ".join(match[0].split())
                yield f"{name}:{at}: '{said}': {instead}"


def _python(text: str) -> Iterator[tuple[int, str]]:
    """Yield the comments and docstrings of a program, each with its first line. Comments of adjacent lines are one."""
    held: list[tuple[int, str]] = []
    for token in tokenize.generate_tokens(io.StringIO(text).readline):
        if token.type != tokenize.COMMENT:
            continue
        if held and token.start[0] != held[-1][0] + 1:
            yield held[0][0], "\n".join(said for _, said in held)
            held = []
        held.append((token.start[0], token.string.lstrip("#! ")))
    if held:
        yield held[0][0], "\n".join(said for _, said in held)
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant) and isinstance(node.value.value, str):
            yield node.lineno, node.value.value


def files(paths: Iterable[str] = ()) -> list[Path]:
    """Return the files to read: those at these paths, or all."""
    every = {path for pattern in READ for path in ROOT.glob(pattern) if path.is_file()}
    kept = {path for path in every if not NOT_READ.search(path.relative_to(ROOT).as_posix())}
    wanted = [Path(path).resolve() for path in paths]
    return sorted(path for path in kept if not wanted or any(path.is_relative_to(one) for one in wanted))


def main(arguments: list[str]) -> int:
    """Print what is found. Returns 1 if something is."""
    found = [
        problem
        for path in files(arguments)
        for problem in problems(path.relative_to(ROOT).as_posix(), path.read_text("utf-8"))
    ]
    print("\n".join(found) if found else f"{len(files(arguments))} files read, nothing found")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
