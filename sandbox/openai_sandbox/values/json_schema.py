"""Checks whether a JSON value fits a JSON Schema. `format` is only an annotation here, as in the specification.

Small and without dependencies, because a browser has to load it. Tests compare it with the `jsonschema` package.
"""

import math
from collections.abc import Hashable, Mapping, Sequence
from fractions import Fraction
from typing import Any

from .budget import spend
from .expression_search import found

JSON = Any
Schema = Mapping[str, Any]

DEEPEST = 100
# Not JSON, so not a value of any schema.
INFINITE = (math.inf, -math.inf)
COMBINED = frozenset(("allOf", "anyOf", "oneOf", "not", "if"))
JSON_TYPES: dict[type, tuple[str, ...]] = {
    bool: ("boolean",),
    dict: ("object",),
    int: ("integer", "number"),
    list: ("array",),
    str: ("string",),
    type(None): ("null",),
}


def resolve(root: Schema, reference: str) -> Any:
    """Return the schema that a reference such as `#`, `#/$defs/Step` or `#/properties/x` points at, or else `{}`."""
    target = pointed_at(root, reference)
    return {} if target is None else target


def pointed_at(root: Schema, reference: str) -> Any:
    """Return the schema that a reference points at, or None if it is elsewhere or not a schema."""
    target: Any = root if reference.startswith("#") else None
    for part in reference.lstrip("#").split("/")[1:]:
        part = part.replace("~1", "/").replace("~0", "~")
        if isinstance(target, dict):
            target = target.get(part)
        elif isinstance(target, list) and part.isascii() and part.isdigit() and int(part[:9]) < len(target):
            target = target[int(part[:9])]
        else:
            target = None
    return target if isinstance(target, dict | bool) else None


def is_type(value: JSON, name: str) -> bool:
    """Tell whether a value is of a JSON Schema type. `2.0` is an integer."""
    if type(value) is float:
        return name == "number" or (name == "integer" and value.is_integer())
    return name in JSON_TYPES.get(type(value), ())


def same(left: JSON, right: JSON) -> bool:
    """Tell whether two JSON values are equal. `1` and `1.0` are, `1` and `true` are not."""
    if isinstance(left, dict) and isinstance(right, dict):
        return left.keys() == right.keys() and all(same(left[key], right[key]) for key in left)
    if isinstance(left, list) and isinstance(right, list):
        return len(left) == len(right) and all(map(same, left, right))
    return isinstance(left, bool) == isinstance(right, bool) and bool(left == right)


def identity(value: JSON) -> Hashable:
    """Return a key that is the same for two JSON values exactly if they are equal."""
    spend(0.2)
    if isinstance(value, dict):
        return frozenset((key, identity(item)) for key, item in value.items())
    if isinstance(value, list):
        return ("list", *map(identity, value))
    return type(value) is bool, value


def is_multiple(value: float, of: float) -> bool:
    """Tell whether a number is a multiple of another, both as written and in floating point."""
    if of <= 0 or not math.isfinite(value):
        return False
    if Fraction(str(value)) % Fraction(str(of)):
        return False
    return isinstance(of, int) or (value / of).is_integer()


def accepts(schema: Any, value: JSON, root: Schema, depth: int = 0) -> bool:
    """Tell whether a value is valid."""
    spend()
    if not isinstance(schema, dict):
        return schema is not False
    if depth > DEEPEST:
        return True
    inner = depth + 1
    reference = schema.get("$ref")
    if isinstance(reference, str) and not accepts(resolve(root, reference), value, root, inner):
        return False
    if not _accepts_type(schema, value):
        return False
    if not COMBINED.isdisjoint(schema) and not _accepts_combined(schema, value, root, inner):
        return False
    if isinstance(value, str):
        return _accepts_text(schema, value)
    if isinstance(value, dict):
        return _accepts_object(schema, value, root, inner)
    if isinstance(value, list):
        return _accepts_array(schema, value, root, inner)
    return isinstance(value, bool) or value is None or _accepts_number(schema, value)


def _accepts_type(schema: Schema, value: JSON) -> bool:
    if value is None and schema.get("nullable") is True:
        return True
    types = schema.get("type")
    if isinstance(types, str):
        if not is_type(value, types):
            return False
    elif types and not any(is_type(value, name) for name in types):
        return False
    if "const" in schema and not same(schema["const"], value):
        return False
    if "enum" not in schema:
        return True
    spend(len(schema["enum"]) / 20)
    return any(same(option, value) for option in schema["enum"])


def _accepts_combined(schema: Schema, value: JSON, root: Schema, depth: int) -> bool:
    if not all(accepts(part, value, root, depth) for part in schema.get("allOf", ())):
        return False
    if "anyOf" in schema and not any(accepts(part, value, root, depth) for part in schema["anyOf"]):
        return False
    if "oneOf" in schema and sum(accepts(part, value, root, depth) for part in schema["oneOf"]) != 1:
        return False
    if "not" in schema and accepts(schema["not"], value, root, depth):
        return False
    if "if" in schema:
        branch = "then" if accepts(schema["if"], value, root, depth) else "else"
        return accepts(schema.get(branch, True), value, root, depth)
    return True


def _accepts_text(schema: Schema, value: str) -> bool:
    if not schema.get("minLength", 0) <= len(value) <= schema.get("maxLength", len(value)):
        return False
    return "pattern" not in schema or found(schema["pattern"], value) is not False


def _accepts_number(schema: Schema, value: float) -> bool:
    low, high = schema.get("minimum", value), schema.get("maximum", value)
    above, below = schema.get("exclusiveMinimum"), schema.get("exclusiveMaximum")
    if not low <= value <= high or value in INFINITE:
        return False
    if (above is True and value == low) or (below is True and value == high):  # as in draft 4
        return False
    if not isinstance(above, bool | None) and value <= above:
        return False
    if not isinstance(below, bool | None) and value >= below:
        return False
    return "multipleOf" not in schema or is_multiple(value, schema["multipleOf"])


def _accepts_object(schema: Schema, value: dict[str, JSON], root: Schema, depth: int) -> bool:
    if not schema.get("minProperties", 0) <= len(value) <= schema.get("maxProperties", len(value)):
        return False
    if any(name not in value for name in schema.get("required", ())):
        return False
    for name, others in schema.get("dependentRequired", {}).items():
        if name in value and any(other not in value for other in others):
            return False
    for name, part in schema.get("dependentSchemas", {}).items():
        if name in value and not accepts(part, value, root, depth):
            return False
    properties, by_pattern = schema.get("properties", {}), schema.get("patternProperties", {})
    for name, item in value.items():
        parts = [properties[name]] if name in properties else []
        for pattern, part in by_pattern.items():
            if found(pattern, name):
                parts.append(part)
        parts = parts or [schema.get("additionalProperties", True)]
        if not all(accepts(part, item, root, depth) for part in parts):
            return False
        if not accepts(schema.get("propertyNames", True), name, root, depth):
            return False
    return True


def _accepts_array(schema: Schema, value: list[JSON], root: Schema, depth: int) -> bool:
    if not schema.get("minItems", 0) <= len(value) <= schema.get("maxItems", len(value)):
        return False
    if schema.get("uniqueItems") and len(set(map(identity, value))) < len(value):
        return False
    prefix, rest = items(schema)
    for number, item in enumerate(value):
        if not accepts(prefix[number] if number < len(prefix) else rest, item, root, depth):
            return False
    if "contains" in schema:
        found = sum(accepts(schema["contains"], item, root, depth) for item in value)
        return bool(schema.get("minContains", 1) <= found <= schema.get("maxContains", found))
    return True


def items(schema: Schema) -> tuple[Sequence[Any], Any]:
    """Return the schemas of an array's first items, and the schema of the others. Older drafts list the first in
    `items`."""
    rest = schema.get("items", True)
    if isinstance(rest, list):
        return rest, schema.get("additionalItems", True)
    return schema.get("prefixItems", ()), rest
