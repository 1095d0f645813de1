"""Puts the meanings of JSON keys on a page where a browser shows them.

A block that names the SDK type of its JSON in `data-sdk-type` gets the meanings of its keys in `data-meanings`: what
fields.yml says about each field, or else the SDK. Markdown has no notation for a `title` on a highlighted key, so
`with_titles` moves them there in the HTML. docs/assets/js/field-meanings.js makes them reachable by keyboard and touch.
"""

import html
import importlib
import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import quote, unquote

from openai.types.chat.completion_create_params import CompletionCreateParamsBase
from openai.types.responses.response_create_params import ResponseCreateParamsBase
from pydantic import BaseModel

from ..ledger.pages import INCLUDE
from ..tables.object_fields import OBJECTS, FieldError, Note, documentation, fields, members, notes, said_of

FENCE = re.compile(
    r'^(?P<open>(?P<indent>[ \t]*)``` \{ [^\n]*data-sdk-type="(?P<type>[\w.]+)"[^\n]*?) \}\n(?P<body>.*?)'
    r"(?P<close>^(?P=indent)```[ \t]*$)",
    re.MULTILINE | re.DOTALL,
)
BLOCK = re.compile(
    r'<div class="[^"]*\bhighlight\b[^>]* data-sdk-type="(?P<type>[\w.]+)".*?<code[^>]*>(?P<code>.*?)</code>', re.DOTALL
)
MEANINGS = re.compile(r' data-meanings="(?P<meanings>[^"]*)"')
KEY = re.compile(r'<span class="nt">(?P<key>[^<]*)</span>')
SENTENCE_END = re.compile(r'(?<=[.!?])\s+(?=[A-Z"])')
LONGEST = 160
SCRIPT = "assets/js/field-meanings.js"

# The parameters of the request that an object answers: the API repeats some that the object's type does not have.
PARAMETERS: dict[str, type] = {
    "chat-completion-fields": CompletionCreateParamsBase,
    "response-fields": ResponseCreateParamsBase,
}


@dataclass(frozen=True, slots=True)
class Key:
    """A key of a JSON text: its path as in the lists of fields, and its meaning, if known."""

    name: str
    path: str
    meaning: str


@dataclass(frozen=True, slots=True)
class _Said:
    """What fields.yml says about an object's fields, and what the SDK says about the parameters of its request."""

    notes: Mapping[str, Note] = field(default_factory=dict)
    parameters: Mapping[str, str] = field(default_factory=dict)


def with_meanings(markdown: str, snippets: Path) -> str:
    """Add the meanings of keys to the JSON blocks on a page that name their SDK type.

    Raises:
        FieldError: a meaning is too long to be shown.
    """

    def explained(block: re.Match[str]) -> str:
        include = INCLUDE.fullmatch(block["body"].strip("\n"))
        text = (snippets / include["path"]).read_text("utf-8") if include else block["body"]
        return f'{block["open"]} data-meanings="{meanings(text, block["type"])}" }}\n{block["body"]}{block["close"]}'

    return FENCE.sub(explained, markdown)


def meanings(text: str, type_name: str) -> str:
    """Return the meanings of the keys of a JSON text, in their order, quoted for an attribute.

    Raises:
        FieldError: a meaning is too long to be shown.
    """
    module, _, name = type_name.rpartition(".")
    found = keys(json.loads(text), getattr(importlib.import_module(module), name))
    return quote(json.dumps([[key.name, key.meaning] for key in found]), safe="")


def with_titles(content: str) -> str:
    """Return a page's HTML with the meanings in its JSON blocks as titles of the keys.

    Raises:
        FieldError: a block is highlighted as something other than JSON.
    """
    return BLOCK.sub(lambda block: _titled_block(block[0], block["code"]), content)


def _titled_block(block: str, code: str) -> str:
    """Return a highlighted block with a title on each key. Keys are highlighted in the order in which JSON is read."""
    given = MEANINGS.search(block)
    if given is None:
        return block
    found: list[tuple[str, str]] = json.loads(unquote(given["meanings"]))
    shown = [json.loads(html.unescape(key)) for key in KEY.findall(code)]
    if shown != [name for name, _ in found]:
        raise FieldError("the highlighted keys are not those of the JSON: make it a json block")
    said = iter(found)
    titled = KEY.sub(lambda span: _titled(span[0], next(said)[1]), code)
    return block.replace(given[0], "", 1).replace(code, titled)


def _titled(span: str, meaning: str) -> str:
    return span.replace(">", f' title="{html.escape(meaning)}">', 1) if meaning else span


def keys(value: dict[str, Any], kind: type[BaseModel]) -> list[Key]:
    """Return the keys of a JSON object of an SDK type; nested keys follow their parent.

    Raises:
        FieldError: a meaning is too long to be shown.
    """
    name = next((name for name, (model, _) in OBJECTS.items() if model is kind), "")
    sent = documentation(PARAMETERS[name]) if name in PARAMETERS else {}
    return list(_keys(value, kind, "", _Said(notes().get(name, {}), sent)))


def _keys(value: dict[str, Any], kind: type[BaseModel] | None, prefix: str, said: _Said) -> Iterator[Key]:
    names = {info.alias or name: name for name, info in kind.model_fields.items()} if kind else {}
    known = {field.path: field for field in fields(kind, (), prefix)} if kind else {}
    for key, inner in value.items():
        path = prefix + names.get(key, key)
        meaning = ""
        if path in known:
            absent = "Null" if inner is None else "Absent"
            meaning = shortened(" ".join(said_of(known[path], said.notes.get(path, Note()), absent)), path)
        elif path in said.notes:
            meaning = shortened(said.notes[path].meaning, path)
        elif not prefix and key in said.parameters:
            about = "Not a field of the SDK's type. The SDK says about the request parameter of this name: "
            meaning = shortened(about + said.parameters[key], path)
        yield Key(key, path, meaning)
        annotation = kind.model_fields[names[key]].annotation if kind and key in names else None
        yield from _below(inner, annotation, path, said)


def _below(value: Any, annotation: Any, path: str, said: _Said) -> Iterator[Key]:
    """Yield the keys of the objects in a value. Those of a free-form object have no type."""
    known = members(annotation)
    for item in value if isinstance(value, list) else [value]:
        if isinstance(item, dict):
            step = next((step for step in ("", "[]", f"[{item.get('type')}]") if step in known), "")
            yield from _keys(item, known.get(step), f"{path}{step}.", said)


def shortened(meaning: str, path: str) -> str:
    """Return as many sentences of a meaning as can be shown, without markup.

    Raises:
        FieldError: the first one alone is too long.
    """
    first, *rest = SENTENCE_END.split(re.sub(r"[`*]", "", meaning))
    if len(first) > LONGEST:
        raise FieldError(
            f"{path}: {len(first)} characters in the first sentence of its meaning, {LONGEST} can be shown: "
            "shorten it in docs/reference/fields.yml"
        )
    for sentence in rest:
        if len(first) + 1 + len(sentence) > LONGEST:
            break
        first += f" {sentence}"
    return first
