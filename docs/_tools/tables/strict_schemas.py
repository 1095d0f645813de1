"""What strict mode makes of types and schemas: each row is asked of the rules that the sandbox enforces."""

import json
import re
from datetime import date, datetime, time, timedelta
from enum import Enum
from typing import Annotated, Any, Literal, NamedTuple
from uuid import UUID

from openai import pydantic_function_tool
from pydantic import BaseModel, Field, HttpUrl, RootModel, create_model

from openai_sandbox.validation.strict import (
    MANY_OPTIONS,
    MOST_CHARACTERS,
    MOST_LEVELS,
    MOST_OPTIONS,
    MOST_PROPERTIES,
    refusal,
)
from openai_sandbox.wire.errors import catalog

from ..data.files import DataError
from ..data.generated import generates
from .sandbox import EVIDENCE
from .sdk import note, wrapping

NAME = "answer"
PLACE = re.compile(r"^(?:In )?context=(?:\(.*?\)|\{context\}), ")
BRACES = re.compile(r"(\{\w+\})")
Schema = dict[str, Any]
TEXT: Schema = {"type": "string"}
CLOSED: Schema = {"additionalProperties": False}


def closed(properties: Schema) -> Schema:
    """Return a schema of an object that has exactly these members."""
    return {"type": "object", "properties": properties, "required": list(properties)} | CLOSED


def field(schema: Any) -> Schema:
    """Return a schema of an object with one member, `a`."""
    return closed({"a": schema})


def nested(levels: int) -> Schema:
    """Return a schema of objects inside objects."""
    return TEXT if levels == 0 else field(nested(levels - 1))


class Color(Enum):
    """A color to choose."""

    RED = "red"
    BLUE = "blue"


class Refund(BaseModel):
    """Money back."""

    kind: Literal["refund"]
    cents: int


class Exchange(BaseModel):
    """Another product instead."""

    kind: Literal["exchange"]
    product: str


class Node(BaseModel):
    """A class that contains itself."""

    name: str
    children: list["Node"]


class Open(BaseModel, extra="allow"):
    """A class that takes members it does not name."""

    name: str


class Several(RootModel[list[Refund]]):
    """A list as the whole answer."""


class Written(NamedTuple):
    """A type as it is written in a class, and what to write instead if strict mode refuses it."""

    code: str
    type: Any
    instead: str = ""


ACCEPTED = (
    Written("str", str),
    Written("int", int),
    Written("float", float),
    Written("bool", bool),
    Written("date", date),
    Written("datetime", datetime),
    Written("time", time),
    Written("timedelta", timedelta),
    Written("UUID", UUID),
    Written('Literal["a", "b"]', Literal["a", "b"]),
    Written("an Enum", Color),
    Written("str | None", str | None),
    Written("Refund | Exchange", Refund | Exchange),
    Written("list[str]", list[str]),
    Written("tuple[int, ...]", tuple[int, ...]),
    Written("another class", Refund),
    Written("the class itself", Node),
    Written("Field(description=...)", Annotated[str, Field(description="A name.")]),
    Written("Field(ge=0, le=9)", Annotated[int, Field(ge=0, le=9)]),
    Written('Field(pattern="^[A-Z]+$")', Annotated[str, Field(pattern="^[A-Z]+$")]),
    Written("Annotated[list[str], Field(min_length=1)]", Annotated[list[str], Field(min_length=1)]),
)

REFUSED = (
    Written("dict[str, int]", dict[str, int], "a list of a class with a key and a value"),
    Written("tuple[int, str]", tuple[int, str], "a class with two fields"),
    Written("set[str]", set[str], "`list[str]`, and make the set yourself"),
    Written("list", list, "`list[str]`: say what is in it"),
    Written("Any", Any, "the types it can have: `int | str | None`"),
    Written('Literal["a", 1]', Literal["a", 1], "texts only, or numbers only"),
    Written(
        'Field(discriminator="kind")',
        Annotated[Refund | Exchange, Field(discriminator="kind")],
        "`Refund | Exchange` without it: the two `kind` tell them apart",
    ),
    Written("HttpUrl", HttpUrl, "`str`, and check it afterwards"),
    Written("bytes", bytes, "`str`, in Base64"),
    Written('class Open(BaseModel, extra="allow")', Open, "a class without `extra`"),
    Written("class Several(RootModel[list[Refund]]); as the whole answer", Several, "a class with one field, a list"),
)


RULES: dict[str, Schema] = {
    "schema.additional_properties": {"type": "object", "properties": {}},
    "schema.required_missing": {"type": "object", "properties": {"a": TEXT}, "required": []} | CLOSED,
    "schema.required_extra": {"type": "object", "properties": {}, "required": ["a"]} | CLOSED,
    "schema.properties_missing": {"type": "object"} | CLOSED,
    "schema.type_missing": field({"const": True}),
    "schema.items_missing": field({"type": "array"}),
    "schema.not_an_object": {"type": "array", "items": TEXT},
    "schema.union_at_top": {"type": "object", "properties": {}, "anyOf": []},
    "schema.keyword": field({"type": "array", "items": TEXT, "uniqueItems": True}),
    "schema.format": field(TEXT | {"format": "uri"}),
    "schema.enum_value": field(TEXT | {"enum": [1]}),
    "schema.lookaround": field(TEXT | {"pattern": "^(?!x)"}),
    "schema.beside_reference": field({"$ref": "#", "title": "A"}),
    "schema.reference_elsewhere": field({"$ref": "#/properties/a"}),
    "schema.reference_unknown": field({"$ref": "#/$defs/A"}),
    "schema.type_unknown": field({"type": "text"}),
    "schema.not_of_type": field({"type": "object", "properties": []}),
    "schema.not_a_regex": field(TEXT | {"pattern": "["}),
    "schema.properties_limit": closed({f"p{number}": TEXT for number in range(MOST_PROPERTIES + 1)}),
    "schema.levels_limit": nested(MOST_LEVELS + 1),
    "schema.options_limit": field(TEXT | {"enum": [f"{number}" for number in range(MOST_OPTIONS + 1)]}),
    "schema.options_length": field(TEXT | {"enum": [f"{number:0100}" for number in range(MANY_OPTIONS + 1)]}),
}
"""For each of the errors about schemas, one that strict mode refuses with it."""

LIMITS: dict[str, tuple[str, int]] = {
    "schema.properties_limit": ("properties, in all objects together", MOST_PROPERTIES),
    "schema.levels_limit": ("levels of objects and lists inside each other", MOST_LEVELS),
    "schema.options_limit": ("values of `enum`, in all fields together", MOST_OPTIONS),
    "schema.options_length": (
        f"characters in the values of one `enum`, if it has more than {MANY_OPTIONS}",
        MOST_CHARACTERS,
    ),
}
"""What is counted, and the limit, of the rules that are limits."""


def strict_schema(written: Written) -> Schema:
    """Return the schema that the SDK sends for a class with a field of that type, or for the type itself."""
    whole = isinstance(written.type, type) and issubclass(written.type, RootModel)
    model = written.type if whole else create_model(NAME, field=(written.type, ...))
    return dict(pydantic_function_tool(model)["function"]["parameters"])


def said(schema: Schema) -> str | None:
    """Return what the API says about a schema, without the words that all such errors have, or None if it takes it."""
    refused = refusal(schema, "text.format", NAME)
    return None if refused is None else PLACE.sub("", refused.message.partition(": ")[2])


def rule(message: str) -> str:
    """Return the id of the error that has this message.

    Raises:
        DataError: no error about schemas has it.
    """
    for id, case in catalog().items():
        template = PLACE.sub("", case.message.partition(": ")[2])
        if id.startswith("schema.") and fits(template, message):
            return id
    raise DataError(f"docs/_tools/tables/strict_schemas.py: no error says {message!r}")


def fits(template: str, message: str) -> bool:
    """Tell whether a message is what a template of the catalog of errors becomes, with any values."""
    parts = enumerate(BRACES.split(template))
    pattern = "".join(re.escape(part) if number % 2 == 0 else ".*" for number, part in parts)
    return re.fullmatch(pattern, message, re.DOTALL) is not None


@generates("docs/includes/generated/strict-types.md")
def types() -> str:
    """Return which types a class may have, and a table of those that strict mode refuses.

    Raises:
        DataError: strict mode takes a type that it should refuse, or refuses one that it should take.
    """
    for row in ACCEPTED:
        if (problem := said(strict_schema(row))) is not None:
            raise DataError(f"docs/_tools/tables/strict_schemas.py: {row.code} is refused: {problem}")
    accepted = f"Accepted by the sandbox: {', '.join(code(row.code) for row in ACCEPTED)}."
    lines = [
        "| Refused in a class | What the sandbox answers | Write instead |",
        "|---|---|---|",
    ]
    for row in REFUSED:
        problem = said(strict_schema(row))
        if problem is None:
            raise DataError(f"docs/_tools/tables/strict_schemas.py: {row.code} is accepted")
        lines.append(f"| {code(row.code)} | {escaped(problem)} | {row.instead} |")
    return "\n".join([accepted, "", *wrapping(lines, "refused-and-instead"), ""])


@generates("docs/includes/generated/strict-schemas.md")
def written() -> str:
    """Return the list of the types that a class may have, each with what the SDK sends for it, without titles."""
    entries = []
    for row in ACCEPTED:
        whole = strict_schema(row)
        sent = untitled(whole["properties"]["field"])
        meant = [untitled(part) for name, part in whole.get("$defs", {}).items() if sent == {"$ref": f"#/$defs/{name}"}]
        texts = [f"`{json.dumps(part)}`" for part in (sent, *meant)]
        entries.append(f"{code(row.code)}\n:   {', and in `$defs` '.join(texts)}\n")
    return "\n".join(["", *entries, note()])


def untitled(schema: Any) -> Any:
    """Return a schema without the titles that Pydantic writes into it."""
    if isinstance(schema, dict):
        return {key: untitled(value) for key, value in schema.items() if key != "title"}
    return [untitled(part) for part in schema] if isinstance(schema, list) else schema


def broken() -> dict[str, str]:
    """Return what the API says about the schema of each rule, by the rule's id.

    Raises:
        DataError: a rule has no schema that breaks it, or one that breaks another rule.
    """
    known = [id for id in catalog() if id.startswith("schema.")]
    if missing := sorted(set(known) ^ RULES.keys()):
        raise DataError(f"docs/_tools/tables/strict_schemas.py: RULES and errors.json differ: {', '.join(missing)}")
    found = {}
    for id, schema in RULES.items():
        message = said(schema)
        if message is None or rule(message) != id:
            raise DataError(f"docs/_tools/tables/strict_schemas.py: {id}: its schema gets {message!r}")
        found[id] = message
    return found


@generates("docs/includes/generated/strict-rules.md")
def rules() -> str:
    """Return the list of all rules but the limits: a schema that breaks each, what is answered, and the evidence."""
    entries = [
        f"{shown(RULES[id])}{EVIDENCE[catalog()[id].evidence]}</small>\n:   {escaped(message)}\n"
        for id, message in broken().items()
        if id not in LIMITS
    ]
    return "\n".join(["", *entries])


@generates("docs/includes/generated/strict-limits.md")
def limits() -> str:
    """Return the table of the limits of a schema."""
    rows = []
    for id, (counted, most) in LIMITS.items():
        if f"{most}" not in broken()[id]:
            raise DataError(f"docs/_tools/tables/strict_schemas.py: {id}: the message does not say {most}")
        rows.append(f"| {counted} | {most:,} | {EVIDENCE[catalog()[id].evidence]} |")
    return "\n".join(["| In one schema | At most | Source |", "|---|---:|---|", *rows, ""])


def shown(schema: Schema) -> str:
    """Return a schema, or its field if only that is wrong, as code, with the beginning of its small print."""
    part = schema.get("properties", {}).get("a")
    if schema == field(part):
        return f"`{json.dumps(part)}` <small>as the field `a`, "
    return f"`{json.dumps(schema)}` <small>"


def code(text: str) -> str:
    """Return a type as code, and what describes it as words."""
    named, comma, words = text.partition(";")
    return text if re.match(r"(an|another|the) ", text) else f"`{named}`{',' if comma else ''}{words}"


def escaped(text: str) -> str:
    """Return a message for a cell of a table."""
    return text.replace("|", "\\|").replace("<", "&lt;")
