"""The program that a command runs: a file, or a module as after `python -m`."""

import sys
from collections.abc import Sequence
from importlib.machinery import PathFinder
from pathlib import Path
from typing import NamedTuple

WITH_VALUE = (
    *("--as", "--fault", "--latency", "--replay", "--scrub", "--script", "--seed", "--tier", "--verdict"),
    *("--webhook", "--webhook-host"),
)
"""Options of `run` that take a value."""


class UsageError(Exception):
    """Something the caller has to change. The message says where, and what to do."""


class Program(NamedTuple):
    """A program to run: what the caller named it, its source, and Python's arguments for it."""

    name: str
    source: Path
    arguments: list[str]


def split_module(arguments: Sequence[str]) -> tuple[Sequence[str], Sequence[str] | None]:
    """Split after the module that follows `-m`: as with Python, the rest is the module's arguments. None without
    `-m`."""
    if arguments[:1] != ["run"]:
        return arguments, None
    index = 1
    while index < len(arguments) and arguments[index].startswith("-"):
        if arguments[index] == "-m":
            return [*arguments[:index], *arguments[index + 1 : index + 2]], arguments[index + 2 :]
        index += 2 if arguments[index] in WITH_VALUE else 1
    return arguments, None


def file_program(file: Path) -> Program:
    """Return the program in a file.

    Raises:
        UsageError: there is no such file.
    """
    if not file.is_file():
        what = "is a folder" if file.is_dir() else "no such file"
        raise UsageError(f"{file}: {what}. Give the path of a Python program, relative to {Path.cwd()}")
    return Program(str(file), file, [str(file)])


def module_program(name: str) -> Program:
    """Return the program that `python -m` would run, without importing it.

    Raises:
        UsageError: there is no such module.
    """
    path: list[str] | None = [str(Path.cwd()), *sys.path]
    spec = None
    for part in (*name.split("."), "__main__"):
        if part == "__main__" and spec and not spec.submodule_search_locations:
            break
        spec = PathFinder.find_spec(part, path) if part else None
        if spec is None:
            raise UsageError(f"-m {name}: there is no such module to run, seen from {Path.cwd()}")
        path = spec.submodule_search_locations
    if spec is None or spec.origin is None or not spec.origin.endswith(".py"):
        raise UsageError(f"-m {name}: not a Python program")
    return Program(name, Path(spec.origin), ["-m", name])
