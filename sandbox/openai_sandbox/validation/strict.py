"""What the API refuses in a JSON Schema, in its words: what strict mode does not support, and what no mode accepts.

Which of several problems the API names first is not documented. Here, a schema comes before the schemas inside it.
"""

import math
import re
from collections.abc import Iterator, Sequence
from itertools import chain
from typing import Any, Literal, NamedTuple

from ..values.budget import spend
from ..values.expression_search import parsed
from ..values.json_schema import Schema, is_type, pointed_at, resolve
from ..wire.errors import APIError, error

Where = Literal["function", "text.format", "response_format"]
"""What a schema belongs to: a function, the format of Responses, or that of Chat Completions."""

# What the API answers in addition to the sentence. Chat Completions has no code for its response_format (pasted in
# camel-ai/camel#3001, podly-pure-podcasts/podly_pure_podcasts#89, spring-projects/spring-ai#4776).
CODES = {"function": "invalid_function_parameters", "text.format": "invalid_json_schema", "response_format": None}
SAME_CODE = ("schema.lookaround",)  # these keep the catalog's code wherever the schema is
PARAMS = {"text.format": "text.format.schema", "response_format": "response_format"}

TYPES = frozenset(("array", "boolean", "integer", "null", "number", "object", "string"))
FORMATS = frozenset(("date", "date-time", "duration", "email", "hostname", "ipv4", "ipv6", "time", "uuid"))
# `default`, `examples` and unknown keywords are accepted.
REFUSED = frozenset(("allOf", "contains", "dependentRequired", "dependentSchemas", "else", "if", "maxContains"))
REFUSED |= frozenset(("maxProperties", "minContains", "minProperties", "not", "oneOf", "patternProperties"))
REFUSED |= frozenset(("prefixItems", "propertyNames", "then", "unevaluatedItems", "unevaluatedProperties"))
REFUSED |= frozenset(("uniqueItems",))
# What is known to be refused without strict mode, for functions only.
OF_FUNCTIONS = frozenset(("schema.items_missing", "schema.properties_missing", "schema.union_at_top"))
AT_TOP = ("oneOf", "anyOf", "allOf", "enum", "not")
LOOKAROUND = re.compile(r"\(\?<?[=!]")
ESCAPED = re.compile(r"\\.|\[\^?\]?(?:\\.|[^\]\\])*\]")

# What the values of keywords have to be.
KEYWORD_TYPES = dict.fromkeys(("properties", "patternProperties", "dependentRequired", "dependentSchemas"), "object")
KEYWORD_TYPES |= dict.fromkeys(("$defs", "definitions"), "object") | {"uniqueItems": "boolean"}
KEYWORD_TYPES |= dict.fromkeys(("minContains", "maxContains"), "integer")
KEYWORD_TYPES |= dict.fromkeys(("required", "enum", "anyOf", "oneOf", "allOf", "prefixItems"), "array")
KEYWORD_TYPES |= dict.fromkeys(("minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf"), "number")
KEYWORD_TYPES |= dict.fromkeys(
    ("minLength", "maxLength", "minItems", "maxItems", "minProperties", "maxProperties"), "integer"
)
KEYWORD_TYPES |= dict.fromkeys(("pattern", "format", "$ref", "title", "description"), "string")

MOST_PROPERTIES = 5000
MOST_LEVELS = 10
MOST_OPTIONS = 1000
MANY_OPTIONS = 250
MOST_CHARACTERS = 15_000
LONGEST_SHOWN = 1_000


class SchemaProblem(NamedTuple):
    """Why a schema is refused: the place in it, as the API writes it, and the API's sentence."""

    path: str
    message: str


class _Found(NamedTuple):
    """A problem: its id in the catalog of errors, its place, and the values for its message."""

    id: str
    path: str
    values: dict[str, object]


Context = tuple[str, ...]


def problems(schema: Any, *, strict: bool = True) -> SchemaProblem | None:
    """Return the first problem that the API has with a schema, or None if it accepts it.

    Args:
        schema: the `parameters` of a function, or the schema of a response format.
        strict: False checks only what is refused in any function.
    """
    found = next(_found(schema, strict), None)
    if found is None:
        return None
    sentence = error(found.id, subject="", param="", **found.values).message.partition(": ")[2]
    return SchemaProblem(found.path, sentence)


def refusal(schema: Any, where: Where, name: str, *, param: str = "", strict: bool = True) -> APIError | None:
    """Return the error that the API answers for a schema, or None if it accepts it.

    Args:
        schema: the `parameters` of a function, or the schema of a response format.
        where: what the schema belongs to.
        name: the name of the function or of the format.
        param: the place of a function's schema: `tools[0].parameters` in Responses, `tools[0].function.parameters` in
            Chat Completions. Formats have their own place.
        strict: False checks only what is also refused without strict mode.
    """
    known = (found for found in _found(schema, strict) if strict or where == "function" or found.id not in OF_FUNCTIONS)
    found = next(known, None)
    if found is None:
        return None
    subject = f"{'function' if where == 'function' else 'response_format'} '{name}'"
    if found.id in SAME_CODE:
        return error(found.id, param=PARAMS.get(where, "tools"), **found.values)
    refused = error(found.id, subject=subject, param=PARAMS.get(where, param), **found.values)
    return APIError(refused.status, refused.message, refused.type, refused.param, CODES[where])


def _found(schema: Any, strict: bool) -> Iterator[_Found]:
    yield from _malformed(schema, ())
    if strict and isinstance(schema, dict):
        yield from _keywords(schema, ())
    yield from _top(schema)
    if strict:
        yield from _strict(schema, (), schema)
        for key in ("$defs", "definitions"):
            for name, part in schema.get(key, {}).items():
                yield from _strict(part, (key, name), schema)
        yield from _sizes(schema)
    else:
        yield from _loose(schema, (), schema)


def _problem(id: str, context: Context, **values: object) -> _Found:
    path = repr(context)
    return _Found(id, path, {"context": path, **values})


def _inner(schema: Schema) -> Iterator[tuple[Context, Any]]:
    """Yield the schemas in a schema with their places. References are not followed."""
    for key in ("properties", "$defs", "definitions", "patternProperties"):
        yield from (((key, name), part) for name, part in schema.get(key, {}).items())
    for key in ("anyOf", "oneOf", "allOf", "prefixItems"):
        yield from (((key, str(number)), part) for number, part in enumerate(schema.get(key, ())))
    for key in ("items", "additionalProperties", "not"):
        if isinstance(schema.get(key), list) and key == "items":  # as in drafts before 2020
            yield from ((("items", str(number)), part) for number, part in enumerate(schema["items"]))
        elif key in schema:
            yield (key,), schema[key]


def _malformed(schema: Any, context: Context) -> Iterator[_Found]:
    """Yield what makes it an invalid JSON Schema. The API's validator and wording are those of Python's
    `jsonschema`."""
    spend()
    if not isinstance(schema, dict):
        if not isinstance(schema, bool):
            yield _problem("schema.not_of_type", context, value=_shown(schema), expected="'object', 'boolean'")
        return
    for key, value in schema.items():
        kind = KEYWORD_TYPES.get(key)
        if kind and not (is_type(value, kind) and (kind not in ("integer", "number") or _is_finite(value))):
            yield _problem("schema.not_of_type", context, value=_shown(value), expected=f"'{kind}'")
            return
    for value in (*schema.get("required", ()), *chain.from_iterable(_lists(schema.get("dependentRequired", {})))):
        if not isinstance(value, str):
            yield _problem("schema.not_of_type", context, value=_shown(value), expected="'string'")
            return
    for value in (schema.get("const"), *schema.get("enum", ())):
        if not _is_finite(value):
            yield _problem("schema.not_of_type", context, value=_shown(value), expected="'number'")
            return
    named = schema.get("type", [])
    if not all(isinstance(name, str) and name in TYPES for name in (named if isinstance(named, list) else [named])):
        yield _problem("schema.type_unknown", context, value=_shown(named))
    for expression in (schema.get("pattern", ""), *schema.get("patternProperties", ())):
        if parsed(expression) is None:
            yield _problem("schema.not_a_regex", context, value=_shown(expression))
    for place, part in chain(_inner(schema), _further(schema)):
        yield from _malformed(part, (*context, *place))


def _lists(schema: dict[str, Any]) -> Iterator[list[Any]]:
    """Yield the values of an object as lists; a value that is not a list becomes a list of itself."""
    return (value if isinstance(value, list) else [value] for value in schema.values())


def _is_finite(value: Any) -> bool:
    """Tell whether a number fits in a float, as all numbers inside an array or an object must."""
    spend(0.1)
    if isinstance(value, list | dict):
        return all(map(_is_finite, value.values() if isinstance(value, dict) else value))
    try:
        return not isinstance(value, int | float) or math.isfinite(value)
    except OverflowError:
        return False


def _shown(value: Any) -> str:
    """Return a value as the message shows it, shortened if it is very long."""
    text = repr(value)
    return text if len(text) <= LONGEST_SHOWN else f"{text[:LONGEST_SHOWN]}..."


def _further(schema: Schema) -> Iterator[tuple[Context, Any]]:
    """Yield the schemas in a schema that are in places strict mode does not have."""
    yield from ((("dependentSchemas", name), part) for name, part in schema.get("dependentSchemas", {}).items())
    for key in ("additionalItems", "contains", "else", "if", "propertyNames", "then"):
        if key in schema:
            yield (key,), schema[key]


def _keywords(schema: Schema, context: Context) -> Iterator[_Found]:
    for keyword in schema:
        if keyword in REFUSED:
            yield _problem("schema.keyword", context, keyword=keyword)


def _top(schema: Any) -> Iterator[_Found]:
    """Yield what is wrong with the outermost schema: it has to describe an object and not be a union."""
    named = schema.get("type") if isinstance(schema, dict) else None
    if named != "object":
        yield _problem("schema.not_an_object", (), type=named)
    elif any(keyword in schema for keyword in AT_TOP):
        yield _problem("schema.union_at_top", ())
    elif "properties" not in schema:
        yield _problem("schema.properties_missing", ())


def _loose(schema: Any, context: Context, root: Schema) -> Iterator[_Found]:
    if not isinstance(schema, dict):
        return
    reference = schema.get("$ref", "")
    if reference.startswith("#") and pointed_at(root, reference) is None:
        yield _problem("schema.reference_unknown", context, reference=reference)
    if schema.get("type") == "array" and "items" not in schema:
        yield _problem("schema.items_missing", context)
    for place, part in _inner(schema):
        yield from _loose(part, (*context, *place), root)


def _strict(schema: Any, context: Context, root: Schema) -> Iterator[_Found]:
    """Yield what strict mode does not accept, first in the schema itself, then in the schemas inside it."""
    if not isinstance(schema, dict):
        yield _problem("schema.type_missing", context)
        return
    yield from _keywords(schema, context)
    if "$ref" in schema:
        yield from _reference(schema, context, root)
        return
    if "anyOf" in schema:
        for number, part in enumerate(schema["anyOf"]):
            yield from _strict(part, (*context, "anyOf", str(number)), root)
        return
    named = schema.get("type")
    if named is None:
        yield _problem("schema.type_missing", context)
        return
    for option in schema.get("enum", ()):
        if not any(is_type(option, name) for name in ([named] if isinstance(named, str) else named)):
            yield _problem("schema.enum_value", context, value=option, schema=repr({"type": named}))
    if isinstance(named, str):
        yield from _typed(schema, named, context, root)
    else:
        for number, name in enumerate(named):
            yield from _typed(schema, name, (*context, "type", str(number)), root)


def _reference(schema: Schema, context: Context, root: Schema) -> Iterator[_Found]:
    beside = sorted(key for key in schema if key not in ("$ref", "$defs", "definitions"))
    if beside:
        yield _problem("schema.beside_reference", context, keywords="{" + ", ".join(map(repr, beside)) + "}")
    reference = str(schema["$ref"])
    if not re.fullmatch(r"#|#/(\$defs|definitions)/[^/]+", reference):
        yield _problem("schema.reference_elsewhere", context)
    elif reference != "#" and not resolve(root, reference):
        yield _problem("schema.reference_unknown", context, reference=reference)


def _typed(schema: Schema, name: str, context: Context, root: Schema) -> Iterator[_Found]:
    if name == "object":
        yield from _object(schema, context, root)
    elif name == "array":
        if "items" not in schema:
            yield _problem("schema.items_missing", context)
        else:
            yield from _strict(schema["items"], (*context, "items"), root)
    elif name == "string":
        if "format" in schema and schema["format"] not in FORMATS:
            yield _problem("schema.format", context, format=schema["format"])
        if LOOKAROUND.search(ESCAPED.sub("", schema.get("pattern", ""))):
            path = _json_path((*context, "pattern"))
            yield _Found("schema.lookaround", path, {"path": path})


def _object(schema: Schema, context: Context, root: Schema) -> Iterator[_Found]:
    if "properties" not in schema:
        yield _problem("schema.properties_missing", context)
        return
    if schema.get("additionalProperties") is not False:
        yield _problem("schema.additional_properties", context)
    properties, required = schema["properties"], schema.get("required", [])
    listed = frozenset(required)
    for key in properties:
        if key not in listed:
            yield _problem("schema.required_missing", context, key=key)
    for key in sorted(listed):
        if key not in properties:
            yield _problem("schema.required_extra", context, key=key)
    for key, part in properties.items():
        yield from _strict(part, (*context, "properties", key), root)


def _json_path(context: Sequence[str]) -> str:
    """Write a place in the API's other notation: `$.properties.to.items.anyOf[0].pattern`."""
    return "$" + "".join(f"[{part}]" if part.isdigit() else f".{part}" for part in context)


def _sizes(schema: Schema) -> Iterator[_Found]:
    """Yield what is too large. How the API counts levels is not documented: here, properties and items add one each.

    The limit on the length of all names together is not checked, because its message is not known.
    """
    parts = list(_parts(schema))
    count = sum(len(part.get("properties", ())) for part in parts)
    if count > MOST_PROPERTIES:
        yield _problem("schema.properties_limit", (), count=count, limit=MOST_PROPERTIES)
    levels = _levels(schema)
    if levels > MOST_LEVELS:
        yield _problem("schema.levels_limit", (), count=levels, limit=MOST_LEVELS)
    enums = [part["enum"] for part in parts if "enum" in part]
    options = sum(map(len, enums))
    if options > MOST_OPTIONS:
        yield _problem("schema.options_limit", (), count=options, limit=MOST_OPTIONS)
    for enum in enums:
        length = sum(len(option) for option in enum if isinstance(option, str))
        if len(enum) > MANY_OPTIONS and length > MOST_CHARACTERS:
            yield _problem("schema.options_length", (), count=length, limit=MOST_CHARACTERS, many=MANY_OPTIONS)


def _parts(schema: Any) -> Iterator[Schema]:
    if isinstance(schema, dict):
        yield schema
        for _, part in _inner(schema):
            yield from _parts(part)


def _levels(schema: Any) -> int:
    if not isinstance(schema, dict):
        return 0
    deeper = (_levels(part) + (place[0] in ("properties", "items")) for place, part in _inner(schema))
    return max(deeper, default=0)
