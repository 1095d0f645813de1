"""Random JSON Schemas, and the `jsonschema` package as the judge of what fits them."""

import random
from typing import Any

from jsonschema import Draft202012Validator

from openai_sandbox.validation.strict import FORMATS

from ...good_requests import closed

Schema = dict[str, Any]


SOME_NAMES = (
    "name",
    "title",
    "description",
    "city",
    "date",
    "email",
    "steps",
    "age",
    "price",
    "tags",
    "count",
    "status",
)


OTHER_NAMES = ("url", "order_id", "is_active", "notes", "user", "createdAt", "x", "top_k", "query", "phone", "zip")
NAMES = SOME_NAMES + OTHER_NAMES
PATTERNS = (r"^[A-Z]{3}-\d{4}$", r"^@[a-z_]{2,10}$", r"^\d{5}(-\d{4})?$", r"^[^@\s]+@[^@\s]+\.[a-z]{2,}$", "x")
PROMPTS = (
    "",
    "Ada is 36 years old and lives in Paris. Email ada@example.com, order A-12.",
    "Roll 3 dice on 2027-03-03 at 5 pm: open, high, low, x, dog. tags: red, green",
)


def scalar(rng: random.Random) -> Schema:
    kind = rng.choice(["string", "integer", "number", "boolean", "null", "enum", "nullable enum", "const"])
    if kind == "enum":
        return {"type": "integer", "enum": [1, 2, 3]}
    if kind == "nullable enum":
        return {"type": ["string", "null"], "enum": ["x", "y", None]}
    if kind == "const":
        return {"type": "string", "const": rng.choice(["cat", "dog"])}
    schema: Schema = {"type": kind}
    if kind == "string":
        more = rng.choice(["", "", "pattern", "format", "enum"])
        options: dict[str, Any] = {
            "pattern": rng.choice(PATTERNS),
            "format": rng.choice(sorted(FORMATS)),
            "enum": rng.sample(["a", "b", "low", "high", "Paris", "open"], 3),
        }
        schema |= {more: options[more]} if more else {}
        if more == "enum":
            return schema
    elif kind in ("integer", "number"):
        low = rng.choice([-10, 0, 1, 2.5, 100, -1.5])
        if rng.random() < 0.4:
            schema[rng.choice(["minimum", "exclusiveMinimum"])] = low
        if rng.random() < 0.3:
            schema[rng.choice(["maximum", "exclusiveMaximum"])] = low + rng.choice([3, 10, 1000, 7.25])
        elif rng.random() < 0.3:
            schema["multipleOf"] = rng.choice([1, 2, 0.5, 0.25, 0.1, 0.01])
    if kind != "null" and rng.random() < 0.2:
        schema["type"] = [kind, "null"]
    return schema


def nested(rng: random.Random, depth: int, definitions: list[str]) -> Schema:
    chance = rng.random()
    if depth <= 0 or chance < 0.5:
        return scalar(rng)
    if chance < 0.62:
        least = rng.randint(0, 3)
        bounds: Schema = rng.choice(
            [{}, {"minItems": least}, {"maxItems": least}, {"minItems": least, "maxItems": least + 2}]
        )
        return {"type": "array", "items": nested(rng, depth - 1, definitions)} | bounds
    if chance < 0.8:
        return record(rng, depth - 1, definitions)
    if chance < 0.9 or not definitions:
        return {"anyOf": [nested(rng, depth - 1, definitions) for _ in range(rng.randint(1, 3))]}
    return rng.choice([{"$ref": f"#/$defs/{rng.choice(definitions)}"}, {"anyOf": [{"$ref": "#"}, {"type": "null"}]}])


def record(rng: random.Random, depth: int, definitions: list[str]) -> Schema:
    return closed({name: nested(rng, depth, definitions) for name in rng.sample(NAMES, rng.randint(0, 4))})


def strict_schema(rng: random.Random) -> Schema:
    """Return a schema strict mode accepts. Definitions refer to later ones, and to themselves where that can end."""
    names = rng.sample(["Step", "Node", "Tag"], rng.choice([0, 0, 1, 3]))
    schema = record(rng, 2, names)
    for number, name in enumerate(names):
        part = record(rng, 1, names[number + 1 :])
        own = {"$ref": f"#/$defs/{name}"}
        ways = {"next": {"anyOf": [own, {"type": "null"}]}, "children": {"type": "array", "items": own}}
        more = {key: ways[key] for key in ways if rng.random() < 0.5}
        schema.setdefault("$defs", {})[name] = closed(part["properties"] | more)
    return schema


def ordinary_schema(rng: random.Random, depth: int = 3) -> Schema:
    """Return a schema with keywords strict mode does not have."""
    chance = rng.random()
    if depth <= 0 or chance < 0.2:
        return scalar(rng)
    if chance < 0.25:
        least = rng.randint(0, 12)
        return {"type": "string", "minLength": least, "maxLength": least + rng.randint(0, 20)}
    if chance < 0.5:
        properties = {name: ordinary_schema(rng, depth - 1) for name in rng.sample(NAMES, rng.randint(1, 4))}
        names = list(properties)
        more: Schema = rng.choice(
            [
                {"required": rng.sample(names, rng.randint(0, len(names)))},
                {"additionalProperties": rng.choice([False, True, {"type": "string"}])},
                {"minProperties": len(names) + rng.randint(0, 2)},
                {"required": names[:1], "dependentRequired": {names[0]: names[-1:]}},
            ]
        )
        return {"type": "object", "properties": properties} | more
    if chance < 0.65:
        schema = {"type": "array", "items": ordinary_schema(rng, depth - 1)}
        return schema | rng.choice(
            [
                {"minItems": 2},
                {"uniqueItems": True, "minItems": 3, "items": {"type": rng.choice(["string", "integer"])}},
                {"prefixItems": [ordinary_schema(rng, depth - 1), {"type": "boolean"}]},
                {"contains": {"type": "integer", "minimum": 3}, "items": {}},
            ]
        )
    if chance < 0.75:
        return {"anyOf": [ordinary_schema(rng, depth - 1) for _ in range(rng.randint(1, 3))]}
    if chance < 0.82:
        kinds = rng.sample("abc", 2)
        return {"oneOf": [closed({"kind": {"const": kind}, kind: ordinary_schema(rng, depth - 2)}) for kind in kinds]}
    if chance < 0.9:
        parts = {name: ordinary_schema(rng, depth - 2) for name in rng.sample(NAMES, 2)}
        return {"allOf": [{"type": "object", "properties": {n: p}, "required": [n]} for n, p in parts.items()]}
    if chance < 0.95:
        switch = {"type": "object", "properties": {"x": {"type": "boolean"}, "y": {"type": "integer"}}}
        return switch | {"required": ["x"], "if": {"properties": {"x": {"const": True}}}, "then": {"required": ["y"]}}
    return {"type": "string", "not": {"enum": ["Example text", "Ada", "Example name"]}}


def changed(rng: random.Random, value: Any) -> Any:
    """Return a value with something changed in it."""
    if isinstance(value, dict) and value and rng.random() < 0.7:
        key = rng.choice(list(value))
        others = {name: item for name, item in value.items() if name != key}
        return rng.choice([others, value | {"other": 1}, others | {key: changed(rng, value[key])}])
    if isinstance(value, list) and value and rng.random() < 0.7:
        place = rng.randrange(len(value))
        return rng.choice([value[1:], [*value, value[0]], [*value[:place], changed(rng, value[place])]])
    return rng.choice([None, True, 0, 1, 1.0, 2.5, -7, "", "x", "dog", [], {}, "Paris", 3])


def faults(schema: Schema, value: Any) -> list[str]:
    return [fault.message for fault in Draft202012Validator(schema).iter_errors(value)]
