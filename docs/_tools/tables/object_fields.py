"""Lists the fields of the API's objects, from the types of the installed SDK and their documentation.

docs/reference/fields.yml adds what the SDK does not say. It may only mention fields that exist.
"""

import ast
import inspect
import json
import re
import textwrap
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache
from importlib.metadata import version
from itertools import groupby
from types import NoneType, UnionType
from typing import Annotated, Any, Literal, Union, get_args, get_origin

from openai.types.chat import ChatCompletion, ChatCompletionChunk
from openai.types.responses import Response
from pydantic import BaseModel
from pydantic.dataclasses import dataclass as closed_dataclass
from pydantic.fields import FieldInfo

from openai_sandbox.wire.members import rows

from ..data.as_of import ROOT
from ..data.files import CLOSED, DataError, checked, load
from ..data.generated import generates

NOTES = ROOT / "docs" / "reference" / "fields.yml"

# The objects that have a list, and the fields whose own fields are also listed.
OBJECTS: dict[str, tuple[type[BaseModel], tuple[str, ...]]] = {
    "chat-completion-fields": (ChatCompletion, ("choices", "choices[].message", "usage", "usage.*")),
    "response-fields": (Response, ("error", "incomplete_details", "usage", "usage.*", "conversation")),
    "chat-chunk-fields": (ChatCompletionChunk, ("choices", "choices[].delta")),
}

# The same for objects with their own page: the fields whose own fields are also listed. `**` is any depth.
WHOLE: dict[str, tuple[str, ...]] = {
    "chat-completion-fields": (
        *("choices", "choices[].message", "choices[].message.**"),
        *("choices[].logprobs", "choices[].logprobs.content", "choices[].logprobs.content[].**"),
        *("usage", "usage.**"),
    ),
    "response-fields": (
        *("output[message]", "output[message].**", "output[reasoning]", "output[reasoning].**"),
        *("output[function_call]", "output[function_call].**", "usage", "usage.**", "tool_usage", "tool_usage.**"),
        *("error", "error.**", "incomplete_details", "conversation", "reasoning", "text", "access_programs", "image"),
        *("input_transformations", "prompt_cache_options"),
    ),
}

# The parts of such a page: how their paths begin, and the heading.
PARTS: dict[str, dict[str, str]] = {
    "chat-completion-fields": {
        "": "The completion",
        "choices[].": "A choice",
        "choices[].message.": "The message of a choice",
        "choices[].message.tool_calls[": "A tool call",
        "choices[].logprobs.": "Log probabilities",
        "usage.": "Usage",
    },
    "response-fields": {
        "": "The response",
        "output[message].": "An output item: message",
        "output[reasoning].": "An output item: reasoning",
        "output[function_call].": "An output item: function call",
        "usage.": "Usage",
        "tool_usage.": "Usage of tools",
        "error.": "Error",
    },
}

# The objects in members.json that these objects hold, and how paths to them begin.
OF_THE_WIRE: dict[str, dict[str, str]] = {
    "chat-completion-fields": {
        "chat.completion": "",
        "chat.completion.choice": "choices[].",
        "chat.completion.usage.prompt_tokens_details": "usage.prompt_tokens_details.",
        "chat.completion.usage.completion_tokens_details": "usage.completion_tokens_details.",
    },
    "response-fields": {
        "response": "",
        "response.reasoning": "reasoning.",
        "response.text": "text.",
        "response.usage.input_tokens_details": "usage.input_tokens_details.",
        "response.output.message": "output[message].",
        "response.output.message.output_text": "output[message].content[output_text].",
        "response.output.reasoning": "output[reasoning].",
    },
    "chat-chunk-fields": {"chat.completion.chunk": ""},
}
JSON_TYPES: dict[type, str] = {bool: "bool", dict: "object", float: "float", int: "int", list: "list", str: "str"}

LONGEST_LITERAL = 12
SILENCE = "The SDK does not describe it."
UNTYPED = "Not a field of the SDK's type."


class FieldError(DataError):
    """A note that does not fit the SDK. The message says which and how to fix it."""


@closed_dataclass(frozen=True, slots=True, config=CLOSED)
class Note:
    """What fields.yml says about a field: its meaning, when it is absent, what it costs."""

    meaning: str = ""
    absent: str = ""
    costs: str = ""


@dataclass(frozen=True, slots=True)
class Field:
    """A field of an object: its path, its type in words, whether it may be `None`, and what the SDK says about it."""

    path: str
    type: str
    optional: bool
    said: str


def fields(model: type[BaseModel], below: tuple[str, ...] = (), prefix: str = "") -> Iterator[Field]:
    """Yield the fields of an SDK type, and the fields of the objects in those named in `below`."""
    said = documentation(model)
    for name, info in model.model_fields.items():
        annotation, optional = _without_none(info.annotation)
        path = prefix + name
        yield Field(path, words(annotation), optional, said.get(name, ""))
        for step, nested in members(annotation).items():
            here = path + step
            if any(pattern in (path, here) or _matches(pattern, here) for pattern in below):
                yield from fields(nested, below, f"{here}.")


def _matches(pattern: str, path: str) -> bool:
    if pattern.endswith("**"):
        return path.startswith(pattern[:-2])
    return pattern.endswith("*") and path.startswith(pattern[:-1]) and path.count(".") == pattern.count(".")


def _without_none(annotation: Any) -> tuple[Any, bool]:
    if get_origin(annotation) in (Union, UnionType) and NoneType in get_args(annotation):
        rest = [part for part in get_args(annotation) if part is not NoneType]
        return (rest[0] if len(rest) == 1 else Union[tuple(rest)]), True  # noqa: UP007 - built at run time
    return annotation, False


def members(annotation: Any) -> dict[str, type[BaseModel]]:
    """Return the objects that a field may hold, by how a path names them.

    A path adds nothing for a single object, `[]` for those in a list, and `[message]` for one with `type` "message".
    """
    annotation, _ = _without_none(annotation)
    step = ""
    if get_origin(annotation) is list:
        step, annotation = "[]", get_args(annotation)[0]
    if get_origin(annotation) is Annotated:
        annotation = get_args(annotation)[0]
    if _is_object(annotation):
        return {step: annotation}
    parts = get_args(annotation) if get_origin(annotation) in (Union, UnionType) else ()
    return {f"[{tag}]": part for part in parts if _is_object(part) for tag in _tags(part.model_fields.get("type"))}


def _is_object(annotation: Any) -> bool:
    return inspect.isclass(annotation) and issubclass(annotation, BaseModel)


def _tags(info: FieldInfo | None) -> tuple[str, ...]:
    return get_args(info.annotation) if info and get_origin(info.annotation) is Literal else ()


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
        if "str" in parts:  # strings listed next to `str` are examples
            parts = [part for part in parts if '"' not in part and "texts" not in part]
        return " | ".join(parts) if len(parts) <= 4 else f"one of {len(parts)} types"
    return str(getattr(annotation, "__name__", annotation))


@cache
def documentation(model: type) -> dict[str, str]:
    """Return what the SDK's source says below each field of a type: the first paragraph, without links."""
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
            found[statement.target.id] = unlinked(text)
    return found


def unlinked(text: str) -> str:
    """Return a text on one line, with the text of its links and without "Learn more" links."""
    text = re.sub(r"Learn more \[[^\]]+\]\([^)]+\)\.?|\[(?:Learn more|More on)[^\]]*\]\([^)]+\)\.?", "", text)
    return re.sub(r"\[([^\]]+)\]\([^)]+\)", r"\1", " ".join(text.split()))


def notes() -> dict[str, dict[str, Note]]:
    """Read fields.yml: object to field to note.

    Raises:
        FieldError: a note mentions an object or field that does not exist, or has an unknown key.
    """
    found: dict[str, dict[str, Note]] = {}
    file = f"{NOTES.relative_to(ROOT)}"
    rows = checked(dict[str, dict[str, str | dict[str, str]]], load(NOTES, file, FieldError), file, FieldError)
    for name, said in rows.items():
        if name not in OBJECTS:
            raise FieldError(f"{file}: there is no object '{name}': one of {', '.join(OBJECTS)}")
        known = {field.path: field for field in (*fields(*OBJECTS[name]), *whole(name))}
        if unknown := said.keys() - known.keys():
            raise FieldError(f"{file}: {name} has no field {sorted(unknown)}: correct or delete it")
        found[name] = {path: _note(f"{file}: {name}: {path}", text, known[path]) for path, text in said.items()}
    return found


def _note(place: str, said: str | dict[str, str], field: Field) -> Note:
    parts = {"meaning": said} if isinstance(said, str) else said
    if unknown := parts.keys() - set(Note.__dataclass_fields__):
        raise FieldError(f"{place}: a note has no {sorted(unknown)}: meaning, absent and costs")
    if "absent" in parts and not field.optional:
        raise FieldError(f"{place}: by its type it is never None: delete 'absent'")
    return checked(Note, {part: " ".join(text.split()) for part, text in parts.items()}, place, FieldError)


def whole(name: str) -> list[Field]:
    """Return the fields that an object's page lists, including those that the API sends but the SDK does not type."""
    return [*fields(OBJECTS[name][0], WHOLE[name]), *untyped(name)] if name in WHOLE else []


def untyped(name: str) -> Iterator[Field]:
    """Yield the members of an object that the API sends but the SDK's type does not have: `model_extra` holds them."""
    known = OBJECTS[name][0].model_fields
    for row in rows()[next(iter(OF_THE_WIRE[name]))]:
        if row.member not in known:
            yield Field(row.member, JSON_TYPES.get(type(row.value), "JSON"), True, UNTYPED)
            for key, value in row.value.items() if isinstance(row.value, dict) else ():
                yield Field(f"{row.member}.{key}", JSON_TYPES.get(type(value), "JSON"), True, UNTYPED)


def sent(name: str) -> dict[str, str]:
    """Return, by path, since when and on which models the API has been observed to send a field, if that differs."""
    found: dict[str, str] = {}
    for wire_object, start in OF_THE_WIRE[name].items():
        for member, listed in groupby(rows()[wire_object], key=lambda row: row.member):
            parts = []
            for row in listed:
                value = "" if row.value is None or isinstance(row.value, dict | list) else f"`{json.dumps(row.value)}` "
                if isinstance(row.value, str) and row.value.endswith("_"):
                    value = f"a text that begins with `{row.value}` "
                on = f"on {row.on} " if row.on else ""
                if row.since or row.on:
                    parts.append(
                        f"{value}{on}{f'since {row.since.isoformat()}' if row.since else ''}".strip()
                        + (f" (inferred: {row.inferred})" if row.inferred else "")
                    )
            if parts:
                found[start + member] = f"**Recorded:** {'; '.join(parts)}."
    return found


@generates("docs/includes/generated/{}.md", names=lambda: OBJECTS)
def listing(name: str) -> str:
    """Return the list of an object's fields.

    If the object has its own page, the search leads there: this list is left out of its index, which every page loads.
    """
    own = notes().get(name, {})
    seen = sent(name)
    listed = fields(*OBJECTS[name])
    lines = [line for field in listed for line in _entry(field, own.get(field.path, Note()), seen.get(field.path))]
    if name in WHOLE:
        lines = ['<div markdown="1" data-search-exclude>', "", *lines, "</div>", ""]
    return "\n".join([*lines, _origin()])


@generates("docs/includes/generated/{}-object.md", names=lambda: [name.removesuffix("-fields") for name in WHOLE])
def page_listing(kind: str) -> str:
    """Return the list of an object's fields for its own page: deeper, and in parts. The search finds the names."""
    name = f"{kind}-fields"
    own = notes().get(name, {})
    parts: dict[str, list[str]] = {start: [] for start in PARTS[name]}
    seen = sent(name)
    for field in whole(name):
        start = max((start for start in parts if field.path.startswith(start)), key=len)
        parts[start] += _entry(field, own.get(field.path, Note()), seen.get(field.path))
    lines = [line for start, entries in parts.items() for line in (f"### {PARTS[name][start]}", "", *entries)]
    listed = "\n".join([*lines, *_other_items(name)])
    listed = re.sub(r"^:   (.*)", r":   <span data-search-exclude>\1</span>", listed, flags=re.MULTILINE)
    return listed.replace("<small>", "<small data-search-exclude>") + "\n" + _origin()


def _entry(field: Field, note: Note, seen: str | None = None) -> list[str]:
    kind = field.type + (" | None" if field.optional else ", always there")
    meaning, *more = said_of(field, note) or [SILENCE]
    said = [meaning, *([seen] if seen else []), *more]
    return [f"`{field.path}` <small>{kind}</small>", *(f":   {text.replace('<', '&lt;')}" for text in said), ""]


def said_of(field: Field, note: Note, absent: str = "Absent") -> list[str]:
    """Return what is known about a field: its meaning, when it is absent (called `absent`), what it costs.

    A note takes precedence over the SDK. If neither says anything, a type with a single value is the meaning.
    """
    only = field.type if re.fullmatch('"[^"]*"', field.type) else ""
    said = [note.meaning or field.said or (f"Always {only}." if only else "")]
    said += [f"**{absent}** {note.absent}"] if note.absent else []
    said += [f"**Cost:** {note.costs}"] if note.costs else []
    return [text for text in said if text]


def _other_items(name: str) -> list[str]:
    """Return the items that can be in `output` and are not listed field by field."""
    output = OBJECTS[name][0].model_fields.get("output")
    if output is None:
        return []
    lines = ["### Other output items", ""]
    for step, kind in members(output.annotation).items():
        if f"output{step}." not in PARTS[name]:
            said = " ".join(inspect.cleandoc(vars(kind).get("__doc__") or "").split("\n\n")[0].split())
            lines += [f"`{step[1:-1]}` <small>{kind.__name__}</small>", f":   {unlinked(said) or SILENCE}", ""]
    return lines


def _origin() -> str:
    recorded = (
        "Recorded: the live API in public test cassettes, June 2025 to August 2026, by the first day it was seen."
    )
    return f"<small>From the types of openai {version('openai')}. {recorded}</small>\n"


def _renderer(render: Callable[[str], str], name: str) -> Callable[[], str]:
    return lambda: render(name)
