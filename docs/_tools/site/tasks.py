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
FIELDS = {"id", "file", "prompt", "check", "done", "missing", "solution"}
OPTIONAL = {"wrong", "refused", "may_fail"}
REFUSED = "any(request.status >= 400 and not request.fault for request in requests)"
"""Whether the sandbox refused a request. A fault that the program asked for does not count."""
ENDED_WELL = f"not error and bool(requests) and not {REFUSED}"
"""What every run has to be, unless its task says `may_fail`: no exception, and requests of which none was refused."""


Texts = tuple[tuple[str, str], ...]
"""Texts of a program, each with what replaces it."""


@dataclass(frozen=True, slots=True)
class Task:
    """A task: `check` is Python over the names that tasks.yml lists, and `solution` replaces texts of the program.

    Each of `wrong` replaces texts too, and must not pass the check. `refused` is said instead of `missing` if the
    sandbox refused a request.
    """

    lesson: str
    id: str
    file: str
    prompt: str
    check: str
    done: str
    missing: str
    solution: Texts
    wrong: tuple[Texts, ...] = ()
    refused: str = "Not yet. The API refused a request."
    may_fail: bool = False

    @property
    def passes(self) -> str:
        """The whole check. A run that crashed, or had a request refused, does not pass unless the task allows it."""
        return self.check if self.may_fail else f"{ENDED_WELL} and ({self.check})"

    def solved(self, source: str, texts: Texts | None = None) -> str:
        """Return the program with the solution, or with other texts, in it.

        Raises:
            DataError: it has not the text that is to be replaced.
        """
        for before, after in self.solution if texts is None else texts:
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
            if given.keys() - OPTIONAL != FIELDS:
                raise DataError(f"{file.name}: {named}: needs {sorted(FIELDS)}, has {sorted(given)}")
            try:
                compile(given["check"], named, "eval")
            except SyntaxError as problem:
                raise DataError(f"{file.name}: {named}: check: {problem}") from None
            solution, wrong = _texts(given.pop("solution")), tuple(map(_texts, given.pop("wrong", ())))
            found.append(Task(lesson, solution=solution, wrong=wrong, **given))
    return tuple(found)


def _texts(given: list[list[str]]) -> Texts:
    return tuple((before, after) for before, after in given)


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
    waiting: dict[str, list[Task]] = {}
    for task in tasks_of(path):
        waiting.setdefault(task.file, []).append(task)
    for include in reversed(list(INCLUDE.finditer(markdown))):
        fence = markdown.count("\n", 0, include.end()) + 1
        for task in reversed(waiting.pop(Path(include["path"]).name, [])):
            indent = lines[fence].removesuffix(lines[fence].lstrip())
            said = f"**Try it.** {task.prompt}\n{indent}"
            lines.insert(fence + 1, f'\n{indent}{said}{{: .try-it data-task="{task.id}" }}\n')
    if waiting:
        raise DataError(f"{FILE.name}: {', '.join(waiting)}: the page does not show this program")
    return "\n".join(lines)


def checks(path: str) -> dict[str, dict[str, Any]]:
    """Return what the page's script has to know of the tasks of a page, by their ids."""
    return {
        task.id: {
            "file": task.file,
            "check": task.passes,
            "done": task.done,
            "missing": task.missing,
            "refused": task.refused,
        }
        for task in tasks_of(path)
    }
