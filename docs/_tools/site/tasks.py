"""What a lesson asks its reader to try, below the program that it is about: docs/lessons/tasks.yml.

The page has the words. Where blocks run in the page, the program's own check says whether the task is done.
"""

from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from ..data.as_of import ROOT
from ..data.files import DataError, load
from ..ledger.pages import INCLUDE

FILE = ROOT / "docs" / "lessons" / "tasks.yml"
SHOWN = ("file", "check", "done", "missing")
FIELDS = {"id", "file", "prompt", "check", "done", "missing", "solution"}


@dataclass(frozen=True, slots=True)
class Task:
    """A task: `check` is Python over `requests` and `printed`, `solution` replaces texts of the program."""

    lesson: str
    id: str
    file: str
    prompt: str
    check: str
    done: str
    missing: str
    solution: tuple[tuple[str, str], ...]

    def solved(self, source: str) -> str:
        """Return the program with the solution in it.

        Raises:
            DataError: it has not the text that the solution replaces.
        """
        for before, after in self.solution:
            if before not in source:
                raise DataError(f"{FILE.name}: {self.id}: {self.file} has no text {before!r}")
            source = source.replace(before, after, 1)
        return source


@cache
def tasks(file: Path = FILE) -> tuple[Task, ...]:
    """Read the tasks.

    Raises:
        DataError: one lacks a field, has another one, or cannot be checked.
    """
    found: list[Task] = []
    for lesson, listed in load(file, file.name).items():
        for given in listed:
            named = given.get("id", "?")
            if given.keys() != FIELDS:
                raise DataError(f"{file.name}: {named}: needs {sorted(FIELDS)}, has {sorted(given)}")
            try:
                compile(given["check"], named, "eval")
            except SyntaxError as problem:
                raise DataError(f"{file.name}: {named}: check: {problem}") from None
            pairs = tuple((before, after) for before, after in given.pop("solution"))
            found.append(Task(lesson, solution=pairs, **given))
    return tuple(found)


def tasks_of(path: str) -> list[Task]:
    """Return the tasks of a page, whose path is relative to docs/."""
    section, _, page = path.partition("/")
    return [task for task in tasks() if section == "lessons" and page == f"{task.lesson}.md"]


def with_tasks(markdown: str, path: str) -> str:
    """Put each task of a page below the block of its program.

    Raises:
        DataError: the page does not show the program.
    """
    lines = markdown.splitlines()
    waiting = {task.file: task for task in tasks_of(path)}
    for include in reversed(list(INCLUDE.finditer(markdown))):
        task = waiting.pop(Path(include["path"]).name, None)
        if task is None:
            continue
        fence = markdown.count("\n", 0, include.end()) + 1
        indent = lines[fence].removesuffix(lines[fence].lstrip())
        lines.insert(fence + 1, f'\n{indent}**Try it.** {task.prompt}\n{indent}{{: .try-it data-task="{task.id}" }}\n')
    if waiting:
        raise DataError(f"{FILE.name}: {', '.join(waiting)}: the page does not show this program")
    return "\n".join(lines)


def checks(path: str) -> dict[str, dict[str, Any]]:
    """Return what the page's script has to know of the tasks of a page, by their ids."""
    return {task.id: {name: getattr(task, name) for name in SHOWN} for task in tasks_of(path)}
