"""Makes a JSON Schema without references and `allOf`, and finds how deep its values are."""

import math
from collections.abc import Sequence
from typing import Any

from .budget import spend
from .json_schema import Schema, items, resolve
from .merging import merge

TYPE_OF = dict.fromkeys(("properties", "required", "additionalProperties", "minProperties"), "object")
TYPE_OF |= dict.fromkeys(("items", "prefixItems", "minItems", "maxItems", "uniqueItems", "contains"), "array")
TYPE_OF |= dict.fromkeys(("minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf"), "number")

WHOLE = frozenset(("minItems", "maxItems", "minLength", "maxLength", "minProperties", "maxProperties"))
WHOLE |= frozenset(("minContains", "maxContains"))


def types(schema: Schema) -> Sequence[str]:
    """Return the types of a schema. If it names none, they follow from its other keywords."""
    named = schema.get("type")
    if isinstance(named, str):
        return (named,)
    return named or (next((TYPE_OF[key] for key in schema if key in TYPE_OF), "string"),)


class Flattener:
    """Flattens the schemas inside one schema.

    Args:
        root: the whole schema that references point into.
    """

    def __init__(self, root: Schema) -> None:
        self.root = root
        # The schemas are kept with their heights, so that no other schema gets their ids.
        self._heights: dict[int, tuple[Any, float]] = {}

    def flat(self, schema: Schema, seen: tuple[str, ...] = ()) -> Schema:
        """Return a schema with its reference and its `allOf` merged into it."""
        if "$ref" not in schema and "allOf" not in schema:
            return schema
        spend(2 + len(schema) / 4)
        flat: Schema = {key: value for key, value in schema.items() if key not in ("$ref", "allOf")}
        reference = schema.get("$ref")
        parts = [*schema.get("allOf", ())]
        if reference is not None and reference not in seen:
            seen = (*seen, reference)
            parts.insert(0, resolve(self.root, reference))
        for part in parts:
            if isinstance(part, dict):
                flat = merge(flat, self.flat(part, seen))
        return flat

    def height(self, schema: Any) -> float:
        """Return how many levels the flattest value of a schema has; infinite while that is being computed."""
        spend()
        if not isinstance(schema, dict):
            return 0
        if id(schema) in self._heights:
            return self._heights[id(schema)][1]
        self._heights[id(schema)] = schema, math.inf
        flat = self.flat(schema)
        height = 0.0
        for union in ("anyOf", "oneOf"):
            if union in flat:
                height = max(height, min(map(self.height, flat[union]), default=0))
        named = types(flat)
        if "object" in named and len(named) == 1:
            properties = flat.get("properties", {})
            inner = (
                self.height(properties.get(key, flat.get("additionalProperties"))) for key in flat.get("required", ())
            )
            height = max(height, 1 + max(inner, default=0))
        elif "array" in named and len(named) == 1:
            first, rest = items(flat)
            low = flat.get("minItems", 0)
            inner = (self.height(part) for part in ([*first, rest] if low > len(first) else first[:low]))
            height = max(height, 1 + max(inner, default=0))
        if height == math.inf:
            del self._heights[id(schema)]
        else:
            self._heights[id(schema)] = schema, height
        return height


def normalized(schema: Any) -> Any:
    """Return a schema with whole numbers where keywords take them, because JSON may write 2 as `2.0`."""
    spend(0.2)
    if isinstance(schema, list):
        parts = [normalized(part) for part in schema]
        return parts if any(part is not old for part, old in zip(parts, schema, strict=True)) else schema
    if not isinstance(schema, dict):
        return schema
    changed = {}
    for key, value in schema.items():
        whole = int(value) if key in WHOLE and isinstance(value, float) else normalized(value)
        if whole is not value:
            changed[key] = whole
    return {**schema, **changed} if changed else schema


def mapping(schema: Schema, key: str) -> Schema:
    """Return the schema under a keyword, or an empty one if there is none."""
    part = schema.get(key)
    return part if isinstance(part, dict) else {}
