"""The problems that the site describes, as they are published in its problems.json, and what texts are read by."""

import json
from functools import cache
from importlib.resources import files
from typing import Any, TypedDict


class Problem(TypedDict):
    """A problem, its cause and its fix. Texts are Markdown without links; `url` is relative to the site's root."""

    id: str
    url: str
    title: str
    symptom: str
    cause: str
    fix: str
    exception: str | None
    status: int | None
    code: str | None
    raised_from: str | None
    messages: list[str]
    recognized_by: list[list[str]]
    evidence: str
    fails: str
    fixed: str


class ExceptionClass(TypedDict):
    """An exception class of the openai package, when it is raised and what to do about it."""

    name: str
    url: str
    when: str
    do: str


class Signs(TypedDict):
    """What texts are read by.

    `silent` are words that say nothing, `servers` are patterns and the names of servers, of which the first that fits
    is named, and `passed_through` are modules that a traceback passes through whatever the problem is.
    """

    silent: str
    servers: list[tuple[str, str]]
    passed_through: str


@cache
def _read(name: str) -> Any:
    return json.loads(files(__package__).joinpath(name).read_text("utf-8"))


def signs() -> Signs:
    """Return what texts are read by."""
    found: Signs = _read("signs.json")
    return found


def problems() -> tuple[Problem, ...]:
    """Return the problems, page by page."""
    return tuple(_read("problems.json")["problems"])


def exception_classes() -> tuple[ExceptionClass, ...]:
    """Return the exception classes of the openai package."""
    return tuple(_read("problems.json")["exceptions"])
