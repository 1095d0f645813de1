"""Lists of what the API's objects hold, from the types of the installed SDK and their documentation.

docs/reference/fields.yml adds what the SDK does not say. It may only speak of fields that exist.
"""

import ast
import inspect
import re
import textwrap
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache
from importlib.metadata import version
from pathlib import Path
from types import NoneType, UnionType
from typing import Annotated, Any, Literal, Union, get_args, get_origin

import yaml
from openai.types.chat import ChatCompletion, ChatCompletionChunk
from openai.types.responses import Response
from pydantic import BaseModel

from .as_of import ROOT

GENERATED = ROOT / "docs" / "includes" / "generated"
NOTES = ROOT / "docs" / "reference" / "fields.yml"

# The objects that have a list, and below which of their fields the list looks.
OBJECTS: dict[str, tuple[type[BaseModel], tuple[str, ...]]] = {
    "chat-completion-fields": (ChatCompletion, ("choices", "choices[].message", "usage", "usage.*")),
    "response-fields": (Response, ("error", "incomplete_details", "usage", "usage.*", "conversation")),
    "chat-chunk-fields": (ChatCompletionChunk, ("choices", "choices[].delta")),
}


LONGEST_LITERAL = 12


class FieldError(ValueError):
    """A note that does not fit the SDK. The message names it and the remedy."""


@dataclass(frozen=True, slots=True)
class Field:
    """A field of an object: its path, its type in words, whether it may be `None`, and what the SDK says of it."""

    path: str
    type: str
    optional: bool
    said: str


def fields(model: type[BaseModel], below: tuple[str, ...] = (), prefix: str = "") -> Iterator[Field]:
    """Yield the fields of an SDK type, and those of the objects in the fields named in `below`."""
    said = documentation(model)
    for name, info in model.model_fields.items():
        annotation, optional = _without_none(info.annotation)
        nested, path = _nested(annotation), prefix + name
        many = get_origin(annotation) is list
        yield Field(path, words(annotation), optional, said.get(name, ""))
        here = path + ("[]" if many else "")
        if nested and any(pattern in (path, here) or _matches(pattern, here) for pattern in below):
            yield from fields(nested, below, f"{here}.")


def _matches(pattern: str, path: str) -> bool:
    return pattern.endswith("*") and path.startswith(pattern[:-1]) and path.count(".") == pattern.count(".")


def _without_none(annotation: Any) -> tuple[Any, bool]:
    if get_origin(annotation) in (Union, UnionType) and NoneType in get_args(annotation):
        rest = [part for part in get_args(annotation) if part is not NoneType]
        return (rest[0] if len(rest) == 1 else Union[tuple(rest)]), True  # noqa: UP007 - built at run time
    return annotation, False


def _nested(annotation: Any) -> type[BaseModel] | None:
    inner = get_args(annotation)[0] if get_origin(annotation) is list else annotation
    return inner if inspect.isclass(inner) and issubclass(inner, BaseModel) else None


def words(annotation: Any) -> str:
    """Return a type as a reader would write it: `str`, `"stop" | "length"`, `list of Choice`."""
    origin, arguments = get_origin(annotation), get_args(annotation)
    if origin is Annotated:
        return words(arguments[0])
    if origin is list:
        return f"list of {words(arguments[0])}"
    if origin is dict:
        return f"dict of {words(arguments[0])} to {words(arguments[1])}"
    if origin is Literal:
        if len(arguments) > LONGEST_LITERAL:
            return f"one of {len(arguments)} texts"
        return " | ".join(f'"{value}"' for value in arguments)
    if origin in (Union, UnionType):
        parts = list(dict.fromkeys(words(part) for part in arguments if part is not NoneType))
        if "str" in parts:  # texts that are named beside `str` are examples
            parts = [part for part in parts if '"' not in part and "texts" not in part]
        return " | ".join(parts) if len(parts) <= 4 else f"one of {len(parts)} types"
    return str(getattr(annotation, "__name__", annotation))


@cache
def documentation(model: type[BaseModel]) -> dict[str, str]:
    """Return what the SDK's source says below each field of a type: the first paragraph, links left out."""
    body = ast.parse(textwrap.dedent(inspect.getsource(model))).body[0]
    assert isinstance(body, ast.ClassDef)  # noqa: S101 - narrows the type
    found = {}
    for statement, following in zip(body.body, body.body[1:], strict=False):
        if (
            isinstance(statement, ast.AnnAssign)
            and isinstance(statement.target, ast.Name)
            and isinstance(following, ast.Expr)
            and isinstance(following.value, ast.Constant)
        ):
            text = inspect.cleandoc(str(following.value.value)).split("\n\n")[0]
            text = re.sub(r"Learn more \[[^\]]+\]\([^)]+\)\.?|\[(?:Learn more|More on)[^\]]*\]\([^)]+\)\.?", "", text)
            found[statement.target.id] = re.sub(r"\[([^\]]+)\]\([^)]+\)", r"\1", " ".join(text.split()))
    return found


def notes() -> dict[str, dict[str, str]]:
    """Read fields.yml: object to field to note.

    Raises:
        FieldError: a note speaks of an object or a field that does not exist.
    """
    found: dict[str, dict[str, str]] = yaml.safe_load(NOTES.read_text("utf-8"))
    for name, rows in found.items():
        if name not in OBJECTS:
            raise FieldError(f"{NOTES.relative_to(ROOT)}: there is no object '{name}': one of {', '.join(OBJECTS)}")
        known = {field.path for field in fields(*OBJECTS[name])}
        if unknown := rows.keys() - known:
            raise FieldError(f"{NOTES.relative_to(ROOT)}: {name} has no field {sorted(unknown)}: correct or delete it")
    return found


def listing(name: str) -> str:
    """Return the list of an object's fields."""
    own = notes().get(name, {})
    lines = []
    for field in fields(*OBJECTS[name]):
        kind = field.type + (" | None" if field.optional else "")
        meaning = own.get(field.path) or field.said or "The SDK says nothing of it."
        lines += [f"`{field.path}` <small>{kind}</small>", f":   {' '.join(meaning.split()).replace('<', '&lt;')}", ""]
    lines += [f"<small>From the types of openai {version('openai')}.</small>", ""]
    return "\n".join(lines)


def _renderer(name: str) -> Callable[[], str]:
    return lambda: listing(name)


TARGETS: dict[Path, Callable[[], str]] = {GENERATED / f"{name}.md": _renderer(name) for name in OBJECTS}
