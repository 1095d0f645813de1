"""The page about exceptions: a section for every exception class of the installed SDK.

`docs/errors/exception-texts.yml` says when each is raised and what to do. The program for a class is in
`snippets/errors/exceptions/` and catches exactly that class.
"""

import importlib
import re
from functools import cache
from importlib.metadata import version
from pathlib import Path

import openai
from pydantic.dataclasses import dataclass

from ..data.as_of import ROOT
from ..data.files import CLOSED, DataError, checked, load
from ..data.generated import generates
from . import error_pages
from .error_pages import Problem

DATA = ROOT / "docs" / "errors" / "exception-texts.yml"
PROGRAMS = ROOT / "snippets" / "errors" / "exceptions"
CLASS = re.compile(r"^ *class (?P<name>\w+)\((?P<bases>[^()]*)\)", re.MULTILINE)


class SectionError(DataError):
    """The data file and the installed SDK do not agree. The message says which class and how to fix it."""


@dataclass(frozen=True, slots=True, config=CLOSED)
class Section:
    """What the page says about a class. `when` and `do` are Markdown; `retried` is a sentence if it depends."""

    name: str
    when: str
    retried: bool | str
    do: str

    @property
    def program(self) -> Path:
        """The program that raises it, such as `api_error.py` for `APIError`."""
        return PROGRAMS / f"{snake(self.name)}.py"


@dataclass(frozen=True, slots=True, config=CLOSED)
class NotRaised:
    """A class without a section, and the reason."""

    name: str
    because: str


@dataclass(frozen=True, slots=True, config=CLOSED)
class Texts:
    """The data file: every class of the SDK is in one of the two lists."""

    sections: list[Section]
    not_raised: list[NotRaised]


def snake(name: str) -> str:
    """Return a class's name as a file name: `APIRemovedInV1` gives `api_removed_in_v1`."""
    name = re.sub("OpenAI|OAuth|WebSocket", lambda word: word[0].capitalize(), name)
    return re.sub(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])", "_", name).lower()


@cache
def exception_classes() -> dict[str, type[BaseException]]:
    """Return every exception class of the installed package whose name does not begin with an underscore.

    The sources are searched, because importing all of the package would take seconds.
    """
    package = Path(openai.__path__[0])
    found: dict[str, tuple[str, set[str]]] = {}
    for path in sorted(package.rglob("*.py")):
        parts = path.relative_to(package.parent).with_suffix("").parts
        module = ".".join(parts[:-1] if parts[-1] == "__init__" else parts)
        for match in CLASS.finditer(path.read_text("utf-8")):
            bases = {base.strip().rpartition(".")[2] for base in match["bases"].split(",")}
            found.setdefault(match["name"], (module, bases))
    builtin = {name for name, value in vars(__import__("builtins")).items() if _is_exception(value)}
    known = builtin | {"CancelledError"}
    while more := {name for name, (_, bases) in found.items() if name not in known and bases & known}:
        known |= more
    own = {name: module for name, (module, _) in found.items() if name in known and not name.startswith("_")}
    classes = {name: getattr(importlib.import_module(module), name) for name, module in own.items()}
    return {name: cls for name, cls in classes.items() if _is_exception(cls)}


def _is_exception(value: object) -> bool:
    return isinstance(value, type) and issubclass(value, BaseException)


def public_place(cls: type[BaseException]) -> str | None:
    """Return the shortest public module that has a class, or None if only private ones have it."""
    module = importlib.import_module(cls.__module__).__name__
    parts = module.split(".")
    for length in range(1, len(parts) + 1):
        if parts[length - 1].startswith("_"):
            return None
        place = ".".join(parts[:length])
        if getattr(importlib.import_module(place), cls.__name__, None) is cls:
            return place
    return None


def sections() -> list[Section]:
    """Return the sections, in the order of the page.

    Raises:
        SectionError: an SDK class has no section, or a section has no class.
    """
    texts = _texts()
    found = texts.sections
    named = [section.name for section in found] + [entry.name for entry in texts.not_raised]
    problems = [f"{name} has no entry: write one, and a program" for name in exception_classes() if name not in named]
    problems += [f"the SDK has no {name}: delete its entry" for name in named if name not in exception_classes()]
    problems += [f"{name} is there twice" for name in named if named.count(name) > 1]
    problems += [
        f"{section.name}: {field} is empty"
        for section in found
        for field in ("when", "do")
        if not getattr(section, field).strip()
    ]
    if problems:
        raise SectionError("docs/errors/exception-texts.yml: " + "; ".join(problems))
    return found


def _texts() -> Texts:
    file = "docs/errors/exception-texts.yml"
    return checked(Texts, load(DATA, file, SectionError), file, SectionError)


@generates("docs/includes/generated/errors/exceptions.md")
def render() -> str:
    """Return the sections as Markdown."""
    problems = error_pages.problems()
    parts = [_section(section, problems) for section in sections()]
    rest = [f"`{entry.name}` is not shown: {' '.join(entry.because.split())}" for entry in _texts().not_raised]
    return "\n".join([*parts, *rest, "", f"<small>From openai {version('openai')}.</small>", ""])


def _section(section: Section, problems: list[Problem]) -> str:
    cls = exception_classes()[section.name]
    name = section.program.relative_to(ROOT / "snippets").as_posix()
    lines = [f"## `{section.name}` {{ #{section.name.lower()} }}", "", _kind(cls), ""]
    lines += [f"**When.** {section.when.strip()}", "", f"**Retried.** {_retried(section)}", ""]
    lines += [f'```python title="{section.program.name}"', f'--8<-- "{name}"', "```", ""]
    if section.program.with_suffix(".out").exists():
        lines += [
            '``` { .text .output title="Output, simulated" }',
            f'--8<-- "{name.removesuffix(".py")}.out"',
            "```",
            "",
        ]
    lines += [f"**What to do.** {section.do.strip()}", ""]
    if links := _links(cls, problems):
        lines += [f"**Problems that end with it.** {links}.", ""]
    return "\n".join(lines)


def _retried(section: Section) -> str:
    if isinstance(section.retried, str):
        return section.retried
    return "Yes, twice by default.[^retries-default]" if section.retried else "No."


def _kind(cls: type[BaseException]) -> str:
    base, place = cls.__bases__[0], public_place(cls)
    is_a = f"Is a{'n' if base.__name__[0] in 'AEIOU' else ''} `{base.__name__}`."
    return (
        f"{is_a} Import it from `{place}`."
        if place
        else f"{is_a} It cannot be imported from a public place: catch that."
    )


def _links(cls: type[BaseException], problems: list[Problem]) -> str:
    full = f"{cls.__module__}.{cls.__qualname__}"
    found = [problem for problem in problems if problem.raises and problem.raises.type == full]
    return ", ".join(f"[{problem.title}]({problem.page}.md#{problem.id})" for problem in found)
