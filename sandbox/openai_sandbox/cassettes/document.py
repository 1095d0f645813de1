"""The text of a cassette: one JSON document of exchanges, in which anything that fits on a line is on one line.

    {"openai_cassette": 1, "exchanges": [
    {
     "recorded": "2026-11-21T12:00:00Z",
     "request": {"method": "POST", "path": "/v1/responses", "json": {...}},
     "response": {"status": 200, "after": 0.7, "headers": {...}, "json": {...}}
    }
    ]}

Exchanges are appended before the end, so if writing is interrupted, only the last exchange is broken.
`cassette.schema.json` describes the document for other programs.
"""

import json
import re
from typing import Any

from pydantic_core import SchemaValidator, ValidationError
from pydantic_core import core_schema as of

from . import CassetteError
from .messages import BODIES, Exchange

VERSION = 1
NAME = "openai_cassette"
HEAD = f'{{"{NAME}": {VERSION}, "exchanges": ['
TAIL = "\n]}\n"
ENDING = re.compile(r"(?P<space>\s*)\]\s*\}\s*\Z")
"""How a complete document ends, also if a program has formatted it."""

WIDTH = 120
DATA = ("json", "data", "raw")


def _object(required: dict[str, of.CoreSchema], optional: dict[str, of.CoreSchema]) -> of.CoreSchema:
    fields = {name: of.typed_dict_field(schema, required=True) for name, schema in required.items()}
    fields |= {name: of.typed_dict_field(schema, required=False) for name, schema in optional.items()}
    return of.typed_dict_schema(fields, extra_behavior="forbid")


_TEXT, _SECONDS = of.str_schema(strict=True), of.float_schema(ge=0, strict=True)
_HEADERS = of.dict_schema(_TEXT, _TEXT)
_BASE64 = of.str_schema(strict=True, pattern=r"^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$")
_PART = _object(
    {"name": _TEXT},
    {"filename": _TEXT, "content_type": _TEXT, "text": _TEXT, "base64": _BASE64}
    | {"bytes": of.int_schema(ge=0, strict=True), "sha256": of.str_schema(pattern="^[0-9a-f]{64}$")},
)
_EVENT = _object({"after": _SECONDS}, {"event": _TEXT, "json": of.any_schema(), "data": _TEXT, "raw": _TEXT})
_BODY: dict[str, of.CoreSchema] = {"json": of.any_schema(), "text": _TEXT, "base64": _BASE64}
_REQUEST = _object(
    {"method": of.str_schema(pattern="^[A-Z]+$"), "path": of.str_schema(pattern="^/")},
    {"query": _TEXT, "headers": _HEADERS, "form": of.list_schema(_PART)} | _BODY,
)
_RESPONSE = _object(
    {"status": of.int_schema(ge=100, le=599, strict=True), "after": _SECONDS},
    {"headers": _HEADERS, "events": of.list_schema(_EVENT), "ending": of.literal_schema(["cut"])} | _BODY,
)
_EXCHANGE = SchemaValidator(_object({"request": _REQUEST, "response": _RESPONSE}, {"recorded": _TEXT}))


def is_cassette(text: str) -> bool:
    """Tell whether a text is meant to be a cassette of this format."""
    return text.lstrip("\ufeff \t\r\n").startswith("{") and f'"{NAME}"' in text[:200]


def read(text: str, name: str) -> tuple[list[Exchange], int | None]:
    """Return the exchanges of a cassette, and where the last complete one ends if the text breaks off after it.

    Args:
        text: the document.
        name: what error messages call it.

    Raises:
        CassetteError: it is not such a document, or it has a later version.
    """
    try:
        loaded = json.loads(text)
    except json.JSONDecodeError as problem:
        if ENDING.search(text):
            place = f"{name}:{problem.lineno}"
            raise CassetteError(f"{place}: not JSON: {problem.msg}. Fix it there") from None
        return _beginning(text, name)
    return _checked(loaded, name), None


def _beginning(text: str, name: str) -> tuple[list[Exchange], int]:
    """Read a document that breaks off."""
    decoder = json.JSONDecoder()
    opening = text.find("[")
    try:
        head = json.loads(text[: opening + 1] + "]}") if opening > 0 else None
    except ValueError:
        head = None
    if head is None:
        raise CassetteError(f"{name}: not a cassette: it does not begin with {HEAD}. Delete it and record again")
    found: list[Any] = []
    end = opening + 1
    while True:
        start = end
        while start < len(text) and text[start] in ", \t\r\n":
            start += 1
        try:
            exchange, end = decoder.raw_decode(text, start)
        except ValueError:
            return _checked(head | {"exchanges": found}, name), end
        found.append(exchange)


def _checked(document: Any, name: str) -> list[Exchange]:
    version = document.get(NAME) if isinstance(document, dict) else None
    if not isinstance(version, int) or isinstance(version, bool):
        raise CassetteError(f"{name}: not a cassette: expected an object with '{NAME}' and 'exchanges'")
    if version != VERSION:
        raise CassetteError(
            f"{name}: a cassette of version {version}, but this reads version {VERSION}: update openai-sandbox"
        )
    exchanges = document.get("exchanges")
    unknown = document.keys() - {NAME, "exchanges"}
    if not isinstance(exchanges, list) or unknown:
        what = f"'{min(unknown)}' is unknown" if unknown else "'exchanges' has to be a list"
        raise CassetteError(f"{name}: {what}: a cassette has '{NAME}' and 'exchanges'")
    for number, exchange in enumerate(exchanges, 1):
        _check(exchange, f"{name}: exchange {number}")
    return exchanges


def _check(exchange: Any, place: str) -> None:
    try:
        _EXCHANGE.validate_python(exchange)
    except ValidationError as problem:
        first = problem.errors(include_url=False)[0]
        where = ".".join(map(str, first["loc"]))
        said = first["msg"]
        raise CassetteError(f"{place}{where and f', {where}'}: {said[:1].lower()}{said[1:]}") from None
    for number, event in enumerate(exchange["response"].get("events", ()), 1):
        if sum(kind in event for kind in DATA) != 1:
            raise CassetteError(f"{place}, event {number}: give one of {', '.join(DATA)}")
    for number, part in enumerate(exchange["request"].get("form", ()), 1):
        if ("bytes" in part) != ("sha256" in part):
            raise CassetteError(f"{place}, part {number}: bytes and sha256 go together")
    for name in ("request", "response"):
        bodies = [kind for kind in BODIES if kind in exchange[name]]
        if len(bodies) > 1:
            raise CassetteError(f"{place}, {name}: a body is given as {' and as '.join(bodies)}: keep one")


def written(exchange: Exchange) -> str:
    """Return the text of an exchange."""
    return in_lines(exchange)


def in_lines(value: Any, depth: int = 0, before: int = 0) -> str:
    """Return JSON on one line if it fits, otherwise one line per member, a space deeper. Number lists are not broken.

    Args:
        value: what to write.
        depth: how deep it is inside other values.
        before: how many characters precede it on its line, or follow it.
    """
    line = _on_one_line(value)
    short = depth + before + len(line) <= WIDTH and depth > 0
    numbers = isinstance(value, list) and all(isinstance(item, int | float) for item in value)
    if short or numbers or not value or not isinstance(value, dict | list):
        return line
    indent = " " * (depth + 1)
    if isinstance(value, dict):
        keys = {name: f"{_on_one_line(name)}: " for name in value}
        members = [f"{keys[name]}{in_lines(member, depth + 1, len(keys[name]) + 1)}" for name, member in value.items()]
    else:
        members = [in_lines(member, depth + 1, 1) for member in value]
    opening, closing = "{}" if isinstance(value, dict) else "[]"
    return f"{opening}\n{indent}" + f",\n{indent}".join(members) + f"\n{' ' * depth}{closing}"


def _on_one_line(value: Any) -> str:
    text = json.dumps(value, ensure_ascii=False)
    try:
        text.encode("utf-8")
    except UnicodeEncodeError:  # an unpaired surrogate
        return json.dumps(value)
    return text
