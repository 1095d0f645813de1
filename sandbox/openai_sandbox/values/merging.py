"""Merges two JSON Schemas into one: for `allOf`, and for keywords next to a reference or a union."""

import math
from collections.abc import Callable, Mapping
from typing import Any

from .budget import spend
from .json_schema import Schema, identity, same

# Keywords that say nothing about a value.
ANNOTATIONS = frozenset(("$anchor", "$comment", "$defs", "$id", "$schema", "default", "definitions", "deprecated"))
ANNOTATIONS |= frozenset(("description", "discriminator", "example", "examples", "readOnly", "title", "writeOnly"))
PAIRS = 100


def merge(left: Schema, right: Schema) -> Schema:
    """Return a schema for values that fit both. If one schema cannot express that, it is an approximation."""
    if "$ref" in left and "$ref" in right and left["$ref"] != right["$ref"]:
        return {"allOf": [left, right]}
    spend(1 + (len(left) + len(right)) / 8)
    merged = {**left, **right}
    for key in left.keys() & right.keys():
        if key in ANNOTATIONS:
            merged[key] = left[key]
        elif not same(left[key], right[key]):
            merged[key] = _MERGERS.get(key, _both)(left[key], right[key])
    return merged


def _both(left: Any, right: Any) -> Any:
    """Return a schema merged from two; for other values, the first."""
    if isinstance(left, dict) and isinstance(right, dict):
        return {"allOf": [left, right]}
    if isinstance(left, bool) or isinstance(right, bool):
        closed = left is False or right is False
        return False if closed else right if isinstance(left, bool) else left
    return left


def _by_key(left: Mapping[str, Any], right: Mapping[str, Any]) -> dict[str, Any]:
    merged = {**left, **right}
    for key in left.keys() & right.keys():
        if not same(left[key], right[key]):
            merged[key] = _both(left[key], right[key])
    return merged


def _types(left: str | list[str], right: str | list[str]) -> str | list[str]:
    first, second = ([names] if isinstance(names, str) else names for names in (left, right))
    found = [name for name in first if name in second or (name == "integer" and "number" in second)]
    found += [name for name in second if name == "integer" and "number" in first and name not in found]
    return found[0] if len(found) == 1 else found or left


def _alternatives(left: list[Any], right: list[Any]) -> list[Any]:
    return [{"allOf": [one, other]} for one in left for other in right][:PAIRS]


def _shared(left: list[Any], right: list[Any]) -> list[Any]:
    known = set(map(identity, right))
    return [option for option in left if identity(option) in known]


def _multiple(left: float, right: float) -> float:
    return math.lcm(left, right) if isinstance(left, int) and isinstance(right, int) else max(left, right)


_MERGERS: dict[str, Callable[[Any, Any], Any]] = {
    "allOf": lambda left, right: [*left, *right],
    "anyOf": _alternatives,
    "dependentRequired": _by_key,
    "dependentSchemas": _by_key,
    "enum": lambda left, right: _shared(left, right),
    "exclusiveMaximum": min,
    "exclusiveMinimum": max,
    "maximum": min,
    "maxItems": min,
    "maxLength": min,
    "maxProperties": min,
    "minimum": max,
    "minItems": max,
    "minLength": max,
    "minProperties": max,
    "multipleOf": _multiple,
    "not": lambda left, right: {"anyOf": [left, right]},
    "oneOf": _alternatives,
    # Found in both, in whatever order.
    "pattern": lambda left, right: rf"^(?=[\s\S]*?(?:{right}))[\s\S]*?(?:{left})",
    "patternProperties": _by_key,
    "properties": _by_key,
    "required": lambda left, right: [*left, *(key for key in right if key not in left)],
    "type": _types,
    "uniqueItems": lambda left, right: left or right,
}
