"""The project's requirements: which versions of a package its programs are written for, and which Python they need."""

import re
import tomllib
from collections.abc import Iterator, Mapping
from functools import cache
from importlib.metadata import packages_distributions, requires
from typing import Any

from .as_of import ROOT
from .files import DataError

NAME = re.compile(r"^[\w.-]+")


@cache
def python_needed() -> str:
    """Return the oldest Python that programs, tests and the sandbox run on: "3.11"."""
    return str(_project("pyproject.toml")["project"]["requires-python"]).removeprefix(">=")


@cache
def newest_upload() -> str:
    """Return the moment up to which uv takes packages, as pyproject.toml has it."""
    return str(_project("pyproject.toml")["tool"]["uv"]["exclude-newer"])


def requirement(distribution: str) -> str:
    """Return a package with the range of versions that pyproject.toml has for it: `openai>=3.52,<4`.

    Raises:
        DataError: no pyproject.toml of the project has it.
    """
    try:
        return _ranges()[_normal(distribution)]
    except KeyError:
        raise DataError(f"no pyproject.toml has '{distribution}', which a program imports: add it there") from None


def distribution_of(module: str) -> str:
    """Return the package that a module is installed by: `dotenv` comes from python-dotenv.

    Raises:
        DataError: the module is not installed, or by several packages.
    """
    found = set(_installers().get(module, ()))
    if len(found) != 1:
        raise DataError(f"'{module}', which a program imports, comes from {sorted(found) or 'no installed package'}")
    return found.pop()


@cache
def brought_by(distribution: str) -> frozenset[str]:
    """Return the packages that installing another one brings, without those of its extras."""
    return frozenset(_name(line) for line in requires(distribution) or () if "extra ==" not in line)


@cache
def _installers() -> Mapping[str, list[str]]:
    return packages_distributions()


@cache
def _ranges() -> dict[str, str]:
    return {_name(line): line.partition(";")[0].strip() for line in _lines() if _name(line) != "openai-sandbox"}


def _lines() -> Iterator[str]:
    for file in ("sandbox/pyproject.toml", "pyproject.toml"):  # what the root says comes later, and holds
        content = _project(file)
        for lines in (
            *content["project"].get("optional-dependencies", {}).values(),
            *content.get("dependency-groups", {}).values(),
            content["project"]["dependencies"],
        ):
            yield from (line for line in lines if isinstance(line, str))


def _project(file: str) -> dict[str, Any]:
    return tomllib.loads((ROOT / file).read_text("utf-8"))


def _name(line: str) -> str:
    found = NAME.match(line)
    return _normal(found[0] if found else line)


def _normal(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()
