"""Reads data files: the error for a wrong entry names the file, the place in the file, and what to do about it.

An entry is a pydantic dataclass: `@dataclass(frozen=True, slots=True, config=CLOSED)`. The `description` of a field
says what belongs there, and completes the sentence "<field> is <description>" in the error.
"""

import json
from collections.abc import Sequence
from dataclasses import MISSING, fields, is_dataclass
from pathlib import Path
from typing import Any, TypeVar

import yaml
from pydantic import ConfigDict, TypeAdapter, ValidationError
from pydantic_core import ErrorDetails

T = TypeVar("T")

CLOSED = ConfigDict(extra="forbid")
SAFE: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
BASE: Any = getattr(yaml, "CBaseLoader", yaml.BaseLoader)
LONGEST_VALUE = 60

OPENED: set[Path] = set()
"""The data files that were read in this process. A test fails if nothing reads a data file."""


class DataError(ValueError):
    """A data file that cannot be used. The message says which file, which entry, and how to fix it."""


def load(path: Path, place: str, refused: type[DataError] = DataError, loader: Any = SAFE) -> Any:
    """Return the content of a YAML or JSON file, unchecked. `place` is how messages name the file.

    Raises:
        DataError: it is neither (or the subclass `refused`).
    """
    OPENED.add(path.resolve())
    text = path.read_text("utf-8")
    try:
        return json.loads(text) if path.suffix == ".json" else yaml.load(text, Loader=loader)  # noqa: S506
    except (yaml.YAMLError, json.JSONDecodeError) as problem:
        said = " ".join(str(problem).split())
        kind = "JSON" if path.suffix == ".json" else "YAML"
        raise refused(f"{place} is not {kind}: {said}: fix it there") from None


def load_list(path: Path, place: str, refused: type[DataError] = DataError, loader: Any = SAFE) -> list[Any]:
    """Return the entries of a file that is a list, unchecked. An empty file has none.

    Raises:
        DataError: it is not a list (or the subclass `refused`).
    """
    found = load(path, place, refused, loader) or []
    if not isinstance(found, list):
        raise refused(f"{place}: a list of entries belongs here, each beginning with '- '")
    return found


def checked(kind: type[T], value: Any, place: str, refused: type[DataError] = DataError) -> T:
    """Check a value and return it as the type that it has to have.

    Raises:
        DataError: a part is missing, unknown or not what it has to be (or the subclass `refused`).
    """
    try:
        return TypeAdapter(kind).validate_python(value)
    except ValidationError as problem:
        said = dict.fromkeys(_said(kind, error) for error in problem.errors(include_url=False))
        raise refused(f"{place}: {'; '.join(said)}") from None


def _said(kind: Any, error: ErrorDetails) -> str:
    """Return what is wrong with a value and what to do."""
    *above, name = error["loc"] or ("",)
    for step in above:
        kind = _type_of(kind, step)
    where = ".".join(map(str, above))
    if error["type"] in ("missing", "unexpected_keyword_argument", "extra_forbidden") and is_dataclass(kind):
        kind_of_problem = "missing" if error["type"] == "missing" else "unknown"
        return f"{where} {_has(kind)}: {kind_of_problem} {name}".strip()
    full = ".".join(filter(None, (where, str(name))))
    if error["type"] == "missing":
        return f"{full} is missing: add it"
    if error["type"] == "extra_forbidden":
        return f"{full} is unknown: correct or delete it"
    found = repr(error["input"])
    found = found if len(found) <= LONGEST_VALUE else f"{found[:LONGEST_VALUE]}..."
    if description := _description(kind, name):
        return f"{name} is {description}, not {found}"
    if not where and not name and is_dataclass(kind):
        return f"{_has(kind)}, not {found}"
    return f"{full}: {error['msg'][0].lower()}{error['msg'][1:]}, not {found}: correct it"


def _type_of(kind: Any, name: object) -> Any:
    """Return the dataclass that a field of a dataclass holds, or None if that is not known."""
    known = getattr(kind, "__pydantic_fields__", {}).get(name)
    options = (known.annotation, *getattr(known.annotation, "__args__", ())) if known else ()
    return next((option for option in options if is_dataclass(option)), None)


def _description(kind: Any, name: object) -> str | None:
    known = getattr(kind, "__pydantic_fields__", {}).get(name)
    return known.description if known else None


def _has(kind: Any) -> str:
    """Return which fields an entry must have, and which it may have."""
    needed = [field.name for field in fields(kind) if field.default is MISSING and field.default_factory is MISSING]
    optional = [field.name for field in fields(kind) if field.name not in needed]
    may = f", may have {_together(optional)}" if optional else ""
    return f"has {_together(needed)}, all of them{may} and nothing else"


def _together(names: Sequence[str]) -> str:
    *most, last = names
    return f"{', '.join(most)} and {last}" if most else last
