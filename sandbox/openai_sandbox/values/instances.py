"""Writes JSON values for a JSON Schema: what the small model answers when it is given one.

If the prompt names a value, that value is used (see `told`), otherwise a plain one by the property's name, or a short
placeholder (see `plain`).
"""

import json
import random
from collections import Counter
from collections.abc import Hashable, Mapping, Sequence
from typing import Any

from .budget import spend
from .expression_search import found
from .flattening import Flattener, mapping, normalized, types
from .hints import Hints
from .json_schema import JSON, Schema, accepts, identity, items
from .merging import ANNOTATIONS, merge
from .plain import plain_number, plain_text
from .property_names import describe
from .told import MOST_ITEMS, Nothing, Place, Told

# From this depth on, only required properties are written, and the alternative that ends soonest is chosen.
SHALLOW = 6
# How often a schema may contain itself, and how many values may be written, before the same applies.
RECURSIONS = 1
VALUES = 500
# A schema that does not end is left unfinished at this depth. The value then does not fit.
DEEPEST = 40
ATTEMPTS = 24

# Keywords for which values are tried until one fits.
TRIED = frozenset(("not", "if", "then", "else", "dependentSchemas", "contains", "minContains", "maxContains"))
TRIED |= frozenset(("patternProperties", "propertyNames"))
HEEDED = frozenset(("contains", "minContains", "maxContains", "patternProperties", "propertyNames"))


def instance(
    schema: Mapping[str, Any], rng: random.Random, prompt: str | Hints = "", known: Mapping[str, Any] | None = None
) -> Any:
    """Return a value that fits the schema.

    The value fits every schema that strict mode accepts, and ordinary ones as far as trying helps. A schema without a
    finite value gets an unfinished one.

    Args:
        schema: a JSON Schema, as parsed from JSON.
        rng: the source of chance.
        prompt: the text to take values from: the last user message, or what was found in it.
        known: values of the root's properties that are already decided. Those that do not fit are left out.
    """
    hints = Hints(prompt) if isinstance(prompt, str) else prompt
    schema = normalized(schema)
    return _Writer(schema, rng, hints, known or {}).value(schema, Place())


def compact(value: Any) -> str:
    """Return JSON text as the models write it: without spaces or escaped letters."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


class _Writer:
    """Writes one value."""

    def __init__(self, root: Schema, rng: random.Random, hints: Hints, known: Mapping[str, Any]) -> None:
        self._schemas = Flattener(root)
        self._told = Told(self._schemas, hints, rng, known.values())
        self._chance = rng
        self._known = known
        self._open: Counter[str] = Counter()
        self._written = 0
        self._enums: dict[int, tuple[Hints, Any, Sequence[JSON], Sequence[JSON]]] = {}

    def value(self, schema: Any, place: Place) -> JSON:
        """Return a value for a schema that may have references."""
        if not isinstance(schema, dict):
            schema = {}
        spend(4)
        self._written += 1
        if place.depth > DEEPEST:
            return None
        if self._written > VALUES and place.depth < SHALLOW:
            place = place._replace(depth=SHALLOW)
        if "$ref" not in schema and "allOf" not in schema:
            return self._write(schema, place)
        inside = [
            part["$ref"] for part in (schema, *schema.get("allOf", ())) if isinstance(part, dict) and "$ref" in part
        ]
        self._open.update(inside)
        if any(self._open[reference] > RECURSIONS for reference in inside):
            place = place._replace(depth=max(place.depth + 1, SHALLOW))
        written = self._write(self._schemas.flat(schema), place)
        self._open.subtract(inside)
        return written

    def _write(self, schema: Schema, place: Place) -> JSON:
        """Return a value for a flat schema."""
        if not TRIED.isdisjoint(schema):
            return self._tried(schema, place)
        return self._direct(schema, place)

    def _direct(self, schema: Schema, place: Place) -> JSON:
        if "const" in schema:
            return schema["const"]
        if "anyOf" in schema or "oneOf" in schema:
            return self._alternative(schema, "anyOf" if "anyOf" in schema else "oneOf", place)
        if "enum" in schema:
            return self._member(schema, place)
        named = types(schema)
        return self._typed(schema, named[0], place) if len(named) == 1 else self._mixed(schema, named, place)

    def _typed(self, schema: Schema, name: str, place: Place) -> JSON:
        if name == "object":
            return self._object(schema, place)
        if name == "array":
            return self._array(schema, place)
        if name == "null":
            return None
        said = self._told.said(schema, name, place)
        if not isinstance(said, Nothing):
            return said
        if name == "boolean":
            return self._chance.random() < 0.5
        if name == "string":
            return plain_text(schema, place, self._chance, self._told.fits)
        return plain_number(schema, name, place, self._chance, self._told.fits)

    def _member(self, schema: Schema, place: Place) -> JSON:
        """Return a member of an enum: one that the prompt names, or else null if that is a member, or else any."""
        options, named = self._members(schema)
        if named:
            return named[min(place.at, len(named) - 1)]
        return self._chance.choice(options) if options and None not in options else None

    def _members(self, schema: Schema) -> tuple[Sequence[JSON], Sequence[JSON]]:
        """Return the members of an enum that the rest of the schema accepts, and those of them that the prompt
        names."""
        known = self._enums.get(id(schema["enum"]))
        if known is None or known[0] is not self._told.hints:
            beside = {key: value for key, value in schema.items() if key != "enum"}
            options = [option for option in schema["enum"] if accepts(beside, option, self._schemas.root)]
            options = options or schema["enum"]
            spend(len(options) / 2)
            named = [option for option in options if self._told.hints.names(option)]
            # The enum is kept with what is known about it, so that no other enum gets its id.
            known = self._enums[id(schema["enum"])] = (self._told.hints, schema["enum"], options, named)
        return known[2], known[3]

    def _mixed(self, schema: Schema, named: Sequence[str], place: Place) -> JSON:
        """Return a value of one of several types: what the prompt says, or else null if that is one of them."""
        told = self._told.told(schema, place)
        if not isinstance(told, Nothing):
            return told
        nested = [name for name in named if name in ("object", "array")]
        if "null" in named and (not nested or place.depth >= SHALLOW):
            return None
        return self._typed(schema, self._chance.choice(nested or named), place)

    def _alternative(self, schema: Schema, union: str, place: Place) -> JSON:
        """Return a value of one of the alternatives, trying the most likely first."""
        beside = {key: value for key, value in schema.items() if key != union and key not in ANNOTATIONS}
        branches: list[Schema] = [
            merge(branch, beside) if beside else branch
            for branch in (part if isinstance(part, dict) else {} for part in schema[union] if part is not False)
        ]
        if place.depth >= SHALLOW:
            branches.sort(key=self._schemas.height)
        else:
            told = self._told.told_by(branches, place)
            if not isinstance(told, Nothing) and accepts(schema, told, self._schemas.root):
                return told
            branches = self._ordered(branches)
        written = None
        for branch in branches:
            written = self.value(branch, place)
            if (not beside and union == "anyOf") or accepts(schema, written, self._schemas.root):
                break
        return written

    def _ordered(self, branches: Sequence[Schema]) -> list[Schema]:
        """Return the alternatives: those that the prompt mentions first, null last."""
        scores = [(self._told.mentions(branch), self._chance.random()) for branch in branches]
        ranked = sorted(zip(scores, branches, strict=True), key=lambda pair: pair[0], reverse=True)
        return [branch for _, branch in ranked]

    def _object(self, schema: Schema, place: Place) -> dict[str, JSON]:
        properties, required = schema.get("properties", {}), schema.get("required", ())
        known = self._known if place.depth == 0 and not place.key else {}
        # Next to people, `name` is not a person's name.
        people = "name" in properties and any(describe(key).kind == "person" for key in properties if key != "name")
        everything = not required and place.depth < SHALLOW
        needed = frozenset(required)
        written: dict[str, JSON] = {}
        for key, part in properties.items():
            inner = Place("title" if people and key == "name" else key, place.at, place.depth + 1)
            if key in known and accepts(part, known[key], self._schemas.root):
                written[key] = known[key]
            elif key in needed or (everything and part is not False):
                written[key] = self.value(part, inner)
            elif place.depth < SHALLOW:
                told = self._told.told(part, inner)
                if not isinstance(told, Nothing) and accepts(part, told, self._schemas.root):
                    written[key] = told
        wanted = [key for key in required if key not in written]
        if "dependentRequired" in schema:
            for key in (*written, *wanted):
                wanted += schema["dependentRequired"].get(key, ())
        if len(written) + len(wanted) < schema.get("minProperties", 0):
            wanted += self._more(schema, written, wanted, place)
        for key in wanted:
            if key not in written:
                written[key] = self.value(self._part(schema, key), Place(key, place.at, place.depth + 1))
        return written

    def _more(self, schema: Schema, written: Mapping[str, JSON], wanted: Sequence[str], place: Place) -> list[str]:
        """Return names of additional properties: optional ones, then made-up ones."""
        missing = schema["minProperties"] - len(written.keys() | set(wanted))
        taken = {*written, *wanted}
        found = [key for key, part in schema.get("properties", {}).items() if part is not False and key not in taken]
        rule = mapping(schema, "propertyNames")
        for number in range(1, MOST_ITEMS):
            if len(found) >= missing:
                break
            name = f"key{number}"
            if rule:
                name = str(self.value({"type": "string", **rule}, Place(name, number, place.depth + 1)))
            if name not in taken and name not in found:
                found.append(name)
        return found[: max(0, missing)]

    def _part(self, schema: Schema, key: str) -> Any:
        """Return the schema of a property, listed or not."""
        if key in schema.get("properties", {}):
            return schema["properties"][key]
        for pattern, part in schema.get("patternProperties", {}).items():
            if found(pattern, key):
                return part
        return schema.get("additionalProperties", {})

    def _array(self, schema: Schema, place: Place) -> list[JSON]:
        first, rest = items(schema)
        low, high = schema.get("minItems", 0), min(schema.get("maxItems", MOST_ITEMS), MOST_ITEMS)
        if rest is False:
            high = min(high, len(first))
        if "contains" in schema:
            first = [*first, *[schema["contains"]] * min(schema.get("minContains", 1), MOST_ITEMS)]
        given = [] if first else self._told.listed(rest, place)
        count = low if place.depth >= SHALLOW else len(first) or len(given) or self._told.rows(rest)
        count = max(min(count, high), min(low, MOST_ITEMS))
        unique = schema.get("uniqueItems") is True
        written: list[JSON] = []
        identities: set[Hashable] = set()
        for number in range(count):
            part = first[number] if number < len(first) else rest
            for attempt in range(ATTEMPTS if unique else 1):
                item = given.pop(0) if given else self.value(part, Place(place.key, number + attempt, place.depth + 1))
                if not unique:
                    written.append(item)
                    break
                if (mark := identity(item)) not in identities:
                    identities.add(mark)
                    written.append(item)
                    break
        return written

    def _tried(self, schema: Schema, place: Place) -> JSON:
        """Return a value that also fits conditions, as far as trying finds one."""
        plain = {key: value for key, value in schema.items() if key not in TRIED or key in HEEDED}
        variants: list[Schema] = [plain]
        if "if" in schema:
            variants = [merge(merge(plain, mapping(schema, "if")), mapping(schema, "then"))]
            variants += [merge(plain, mapping(schema, "else")), plain]
        for part in schema.get("dependentSchemas", {}).values():
            variants.append(merge(plain, part) if isinstance(part, dict) else plain)
        hints, written = self._told.hints, None
        for attempt in range(ATTEMPTS):
            if attempt >= ATTEMPTS // 2:
                self._told.hints = Hints("")
            variant = self._schemas.flat(variants[attempt % len(variants)])
            written = self._direct(variant, place._replace(at=place.at + attempt // len(variants)))
            if accepts(schema, written, self._schemas.root):
                break
        self._told.hints = hints
        return written
