"""JSON values for a JSON Schema: what the small model writes when it is given one.

Where the prompt names a value, that one is taken (see `hints`), else a plain one by the property's name, or a short
placeholder. `problems` and `refusal` say what the API refuses of a schema.
"""

import json
import math
import random
from collections import Counter
from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import Any, NamedTuple
from uuid import UUID

from ..validation.strict import Problem, problems, refusal
from . import patterns
from .hints import PLAIN_FORMATS, PLAIN_NUMBERS, PLAIN_TEXTS, TELLING, Hints, counts, describe, singular
from .merging import ANNOTATIONS, merge
from .validity import JSON, Schema, accepts, is_type, items, resolve, same

__all__ = ["Problem", "compact", "instance", "problems", "refusal", "several"]

# From this depth on only what is required is written, and of alternatives the one that ends soonest.
SHALLOW = 6
# So often a schema may stand inside itself, and so many values may be written, before the same holds.
RECURSIONS = 1
VALUES = 500
# A schema that does not end is left unfinished here. The value does not fit then.
DEEPEST = 40
MOST_ITEMS = 1_000
LONGEST = 100_000
ATTEMPTS = 24

# What is not written by rule, but tried until it fits.
TRIED = frozenset(("not", "if", "then", "else", "dependentSchemas", "contains", "minContains", "maxContains"))
TRIED |= frozenset(("patternProperties", "propertyNames"))
# A schema of no more than these takes every value of its type.
FREE = ANNOTATIONS | {"type"}
HEEDED = frozenset(("contains", "minContains", "maxContains", "patternProperties", "propertyNames"))
TYPE_OF = dict.fromkeys(("properties", "required", "additionalProperties", "minProperties"), "object")
TYPE_OF |= dict.fromkeys(("items", "prefixItems", "minItems", "maxItems", "uniqueItems", "contains"), "array")
TYPE_OF |= dict.fromkeys(("minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf"), "number")


class _Nothing:
    """Stands for what the prompt does not say: None would be a value."""


NOTHING = _Nothing()


class _Place(NamedTuple):
    """Where a value stands: the name of the property, the position in the nearest list, the depth."""

    key: str = ""
    at: int = 0
    depth: int = 0


def instance(
    schema: Mapping[str, Any], rng: random.Random, prompt: str | Hints = "", known: Mapping[str, Any] | None = None
) -> Any:
    """Return a value that fits the schema.

    Every schema that strict mode accepts is met, and ordinary ones as far as trying helps. A schema without a finite
    value gets an unfinished one.

    Args:
        schema: a JSON Schema, as parsed from JSON.
        rng: the source of chance.
        prompt: the text to take values from: the last user message, or what was found in it.
        known: values of the root's properties that are decided already. What does not fit is left out.
    """
    hints = Hints(prompt) if isinstance(prompt, str) else prompt
    return _Writer(schema, rng, hints, known or {}).value(schema, _Place())


def compact(value: Any) -> str:
    """Return JSON text as the models write it: without spaces, letters as they are."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def several(schema: Schema, hints: Hints) -> tuple[str, tuple[str, ...]]:
    """Return the property for which the prompt names more than one value, and these values; else "" and none."""
    for key, part in schema.get("properties", {}).items():
        if describe(key).kind in TELLING and isinstance(part, dict) and "string" in types(part):
            found = tuple(text for text in _texts(part, key, hints) if accepts(part, text, schema))
            if len(found) > 1:
                return key, found
    return "", ()


def types(schema: Schema) -> Sequence[str]:
    """Return the types of a schema. If it names none, they follow from its other keywords."""
    named = schema.get("type")
    if isinstance(named, str):
        return (named,)
    return named or (next((TYPE_OF[key] for key in schema if key in TYPE_OF), "string"),)


def _texts(schema: Schema, key: str, hints: Hints) -> Sequence[str]:
    """Return the texts the prompt has for a property: by its format where that is looked for, else by its name."""
    formatted = hints.formatted(schema["format"]) if "format" in schema else None
    return hints.strings(key) if formatted is None else formatted


class _Writer:
    """Writes one value."""

    def __init__(self, root: Schema, rng: random.Random, hints: Hints, known: Mapping[str, Any]) -> None:
        self._root = root
        self._rng = rng
        self._hints = hints
        self._known = known
        self._open: Counter[str] = Counter()
        self._written = 0
        # Numbers of the prompt for properties that may be a number of anything: each is given to one.
        self._unused: list[float] | None = None
        # The schemas are kept with their heights, so that no other schema gets their ids.
        self._heights: dict[int, tuple[Any, float]] = {}

    def value(self, schema: Any, place: _Place) -> JSON:
        """Return a value for a schema with whatever references."""
        if not isinstance(schema, dict):
            schema = {}
        self._written += 1
        if place.depth > DEEPEST:
            return None
        if self._written > VALUES and place.depth < SHALLOW:
            place = place._replace(depth=SHALLOW)
        if "$ref" not in schema and "allOf" not in schema:
            return self._write(schema, place)
        inside = [part["$ref"] for part in (schema, *schema.get("allOf", ())) if "$ref" in part]
        self._open.update(inside)
        if any(self._open[reference] > RECURSIONS for reference in inside):
            place = place._replace(depth=max(place.depth + 1, SHALLOW))
        written = self._write(self._flat(schema), place)
        self._open.subtract(inside)
        return written

    def _flat(self, schema: Schema, seen: tuple[str, ...] = ()) -> Schema:
        """Return a schema with its reference and its `allOf` merged into it."""
        if "$ref" not in schema and "allOf" not in schema:
            return schema
        flat: Schema = {key: value for key, value in schema.items() if key not in ("$ref", "allOf")}
        reference = schema.get("$ref")
        parts = [*schema.get("allOf", ())]
        if reference is not None and reference not in seen:
            seen = (*seen, reference)
            parts.insert(0, resolve(self._root, reference))
        for part in parts:
            if isinstance(part, dict):
                flat = merge(flat, self._flat(part, seen))
        return flat

    def _write(self, schema: Schema, place: _Place) -> JSON:
        """Return a value for a flat schema."""
        if not TRIED.isdisjoint(schema):
            return self._tried(schema, place)
        return self._direct(schema, place)

    def _direct(self, schema: Schema, place: _Place) -> JSON:
        if "const" in schema:
            return schema["const"]
        if "anyOf" in schema or "oneOf" in schema:
            return self._alternative(schema, "anyOf" if "anyOf" in schema else "oneOf", place)
        if "enum" in schema:
            return self._member(schema, place)
        named = types(schema)
        return self._typed(schema, named[0], place) if len(named) == 1 else self._mixed(schema, named, place)

    def _typed(self, schema: Schema, name: str, place: _Place) -> JSON:
        if name == "object":
            return self._object(schema, place)
        if name == "array":
            return self._array(schema, place)
        if name == "null":
            return None
        said = self._said(schema, name, place)
        if not isinstance(said, _Nothing):
            return said
        if name == "boolean":
            return self._rng.random() < 0.5
        return self._text(schema, place) if name == "string" else self._number(schema, name, place)

    def _said(self, schema: Schema, name: str, place: _Place) -> Any:
        """Return the value of that type the prompt has for this place, or NOTHING."""
        if not self._hints.text:
            return NOTHING
        if name == "boolean":
            flag = self._hints.flag(place.key)
            return NOTHING if flag is None else flag
        found: Sequence[Any]
        if name == "string":
            found = _texts(schema, place.key, self._hints)
            if found and "maxLength" in schema:
                found = [text[: schema["maxLength"]] for text in found]
        else:
            found = self._hints.numbers(place.key)
        fitting = [value for value in found if self._fits(value, name, schema)]
        if place.at < len(fitting):
            return fitting[place.at]
        if name != "string" and counts(place.key):
            if self._unused is None:
                self._unused = list(self._hints.countable)
            for position, number in enumerate(self._unused):
                if self._fits(number, name, schema):
                    return self._unused.pop(position)
        return NOTHING

    def _fits(self, value: JSON, name: str, schema: Schema) -> bool:
        """Tell whether a value is of that type and valid."""
        return is_type(value, name) and (schema.keys() <= FREE or accepts(schema, value, self._root))

    def _told(self, schema: Any, place: _Place) -> Any:
        """Return the text, number, truth value or enum member the prompt has for this place, or NOTHING."""
        flat = self._flat(schema) if isinstance(schema, dict) else {}
        if "enum" in flat:
            named = [option for option in flat["enum"] if self._hints.names(option)]
            return named[min(place.at, len(named) - 1)] if named else NOTHING
        for name in types(flat):
            if name not in ("object", "array", "null") and flat.keys().isdisjoint(("const", "anyOf", "oneOf")):
                said = self._said(flat, name, place)
                if not isinstance(said, _Nothing):
                    return said
        return NOTHING

    def _member(self, schema: Schema, place: _Place) -> JSON:
        """Return a member of an enum: one the prompt names, else null where that is one, else any."""
        options = [option for option in schema["enum"] if accepts(schema, option, self._root)] or schema["enum"]
        named = [option for option in options if self._hints.names(option)]
        if named:
            return named[min(place.at, len(named) - 1)]
        return self._rng.choice(options) if options and None not in options else None

    def _mixed(self, schema: Schema, named: Sequence[str], place: _Place) -> JSON:
        """Return a value of one of several types: what the prompt says, else null where that is one of them."""
        told = self._told(schema, place)
        if not isinstance(told, _Nothing):
            return told
        nested = [name for name in named if name in ("object", "array")]
        if "null" in named and (not nested or place.depth >= SHALLOW):
            return None
        return self._typed(schema, self._rng.choice(nested or named), place)

    def _alternative(self, schema: Schema, union: str, place: _Place) -> JSON:
        """Return a value of one of the alternatives, the likeliest first."""
        beside = {key: value for key, value in schema.items() if key != union and key not in ANNOTATIONS}
        branches: list[Schema] = [
            merge(branch, beside) if beside else branch
            for branch in (part if isinstance(part, dict) else {} for part in schema[union] if part is not False)
        ]
        if place.depth >= SHALLOW:
            branches.sort(key=self._height)
        else:
            told = self._told_by(branches, place)
            if not isinstance(told, _Nothing) and accepts(schema, told, self._root):
                return told
            branches = self._ordered(branches)
        written = None
        for branch in branches:
            written = self.value(branch, place)
            if (not beside and union == "anyOf") or accepts(schema, written, self._root):
                break
        return written

    def _told_by(self, branches: Sequence[Schema], place: _Place) -> Any:
        """Return what the prompt has for one of the alternatives; None if it has nothing and null is one of them."""
        for branch in branches:
            told = self._told(branch, place)
            if not isinstance(told, _Nothing):
                return told
        kinds = [types(self._flat(branch)) for branch in branches]
        plain = all(name not in ("object", "array") for kind in kinds for name in kind)
        return None if plain and any("null" in kind for kind in kinds) else NOTHING

    def _ordered(self, branches: Sequence[Schema]) -> list[Schema]:
        """Return the alternatives: first those the prompt mentions, last null."""
        scores = [(self._mentions(branch), self._rng.random()) for branch in branches]
        ranked = sorted(zip(scores, branches, strict=True), key=lambda pair: pair[0], reverse=True)
        return [branch for _, branch in ranked]

    def _mentions(self, branch: Schema) -> int:
        """Count how often the prompt names what tells an alternative from the others: its title, its constants."""
        flat = self._flat(branch)
        if flat.get("type") == "null" or flat.get("const", 0) is None:
            return -1
        parts = [part for part in flat.get("properties", {}).values() if isinstance(part, dict)]
        constants = [
            option for part in parts for option in ([part["const"]] if "const" in part else part.get("enum", ()))
        ]
        return sum(self._hints.names(text) for text in (flat.get("title"), flat.get("const"), *constants))

    def _height(self, schema: Any) -> float:
        """Return how many levels the flattest value of a schema has; infinite while that is being found out."""
        if not isinstance(schema, dict):
            return 0
        if id(schema) in self._heights:
            return self._heights[id(schema)][1]
        self._heights[id(schema)] = schema, math.inf
        flat = self._flat(schema)
        height = 0.0
        for union in ("anyOf", "oneOf"):
            if union in flat:
                height = max(height, min(map(self._height, flat[union]), default=0))
        named = types(flat)
        if "object" in named and len(named) == 1:
            properties = flat.get("properties", {})
            inner = (
                self._height(properties.get(key, flat.get("additionalProperties"))) for key in flat.get("required", ())
            )
            height = max(height, 1 + max(inner, default=0))
        elif "array" in named and len(named) == 1:
            first, rest = items(flat)
            low = flat.get("minItems", 0)
            inner = (self._height(part) for part in ([*first, rest] if low > len(first) else first[:low]))
            height = max(height, 1 + max(inner, default=0))
        if height == math.inf:
            del self._heights[id(schema)]
        else:
            self._heights[id(schema)] = schema, height
        return height

    def _object(self, schema: Schema, place: _Place) -> dict[str, JSON]:
        properties, required = schema.get("properties", {}), schema.get("required", ())
        known = self._known if place.depth == 0 and not place.key else {}
        # With people beside it, `name` is not the name of one.
        people = "name" in properties and any(describe(key).kind == "person" for key in properties if key != "name")
        everything = not required and place.depth < SHALLOW
        needed = frozenset(required)
        written: dict[str, JSON] = {}
        for key, part in properties.items():
            inner = _Place("title" if people and key == "name" else key, place.at, place.depth + 1)
            if key in known and accepts(part, known[key], self._root):
                written[key] = known[key]
            elif key in needed or (everything and part is not False):
                written[key] = self.value(part, inner)
            elif place.depth < SHALLOW:
                told = self._told(part, inner)
                if not isinstance(told, _Nothing) and accepts(part, told, self._root):
                    written[key] = told
        wanted = [key for key in required if key not in written]
        if "dependentRequired" in schema:
            for key in (*written, *wanted):
                wanted += schema["dependentRequired"].get(key, ())
        if len(written) + len(wanted) < schema.get("minProperties", 0):
            wanted += self._more(schema, written, wanted, place)
        for key in wanted:
            if key not in written:
                written[key] = self.value(self._part(schema, key), _Place(key, place.at, place.depth + 1))
        return written

    def _more(self, schema: Schema, written: Mapping[str, JSON], wanted: Sequence[str], place: _Place) -> list[str]:
        """Return names of further properties: optional ones, then made-up ones."""
        missing = schema["minProperties"] - len(written.keys() | set(wanted))
        taken = {*written, *wanted}
        found = [key for key, part in schema.get("properties", {}).items() if part is not False and key not in taken]
        rule = _mapping(schema, "propertyNames")
        for number in range(1, MOST_ITEMS):
            if len(found) >= missing:
                break
            name = f"key{number}"
            if rule:
                name = str(self.value({"type": "string", **rule}, _Place(name, number, place.depth + 1)))
            if name not in taken and name not in found:
                found.append(name)
        return found[: max(0, missing)]

    def _part(self, schema: Schema, key: str) -> Any:
        """Return the schema of a property, listed or not."""
        if key in schema.get("properties", {}):
            return schema["properties"][key]
        for pattern, part in schema.get("patternProperties", {}).items():
            expression = patterns.compiled(pattern)
            if expression and expression.search(key):
                return part
        return schema.get("additionalProperties", {})

    def _array(self, schema: Schema, place: _Place) -> list[JSON]:
        first, rest = items(schema)
        low, high = schema.get("minItems", 0), min(schema.get("maxItems", MOST_ITEMS), MOST_ITEMS)
        if rest is False:
            high = min(high, len(first))
        if "contains" in schema:
            first = [*first, *[schema["contains"]] * min(schema.get("minContains", 1), MOST_ITEMS)]
        given = [] if first else self._listed(rest, place)
        count = low if place.depth >= SHALLOW else len(first) or len(given) or self._rows(rest)
        count = max(min(count, high), min(low, MOST_ITEMS))
        unique = schema.get("uniqueItems") is True
        written: list[JSON] = []
        for number in range(count):
            part = first[number] if number < len(first) else rest
            for attempt in range(ATTEMPTS if unique else 1):
                item = given.pop(0) if given else self.value(part, _Place(place.key, number + attempt, place.depth + 1))
                if not unique or not any(same(item, other) for other in written):
                    written.append(item)
                    break
        return written

    def _listed(self, schema: Any, place: _Place) -> list[JSON]:
        """Return the texts, numbers or enum members the prompt has for a list."""
        flat = self._flat(schema) if isinstance(schema, dict) else {}
        named = types(flat)
        found: Sequence[Any] = ()
        if "enum" in flat:
            found = [option for option in flat["enum"] if self._hints.names(option)]
            others = [option for option in flat["enum"] if option not in found]
            found = found + self._rng.sample(others, k=0 if found else min(2, len(others)))
        elif "string" in named:
            telling = describe(place.key).kind in TELLING
            found = self._hints.listed(place.key) or (_texts(flat, place.key, self._hints) if telling else ())
        elif named[0] in ("integer", "number"):
            found = self._hints.every_number(place.key)
        return [value for value in found if accepts(flat, value, self._root)][:MOST_ITEMS]

    def _rows(self, schema: Any) -> int:
        """Return how long a list is if nothing says so: as many as the prompt has names for its objects, else two."""
        flat = self._flat(schema) if isinstance(schema, dict) else {}
        told = [key for key in flat.get("properties", {}) if describe(key).kind in TELLING]
        return min(max((len(self._hints.strings(key)) for key in told), default=0), 20) or 2

    def _tried(self, schema: Schema, place: _Place) -> JSON:
        """Return a value that also fits conditions, as far as trying finds one."""
        plain = {key: value for key, value in schema.items() if key not in TRIED or key in HEEDED}
        variants: list[Schema] = [plain]
        if "if" in schema:
            variants = [merge(merge(plain, _mapping(schema, "if")), _mapping(schema, "then"))]
            variants += [merge(plain, _mapping(schema, "else")), plain]
        for part in schema.get("dependentSchemas", {}).values():
            variants.append(merge(plain, part) if isinstance(part, dict) else plain)
        hints, written = self._hints, None
        for attempt in range(ATTEMPTS):
            if attempt >= ATTEMPTS // 2:
                self._hints = Hints("")
            variant = self._flat(variants[attempt % len(variants)])
            written = self._direct(variant, place._replace(at=place.at + attempt // len(variants)))
            if accepts(schema, written, self._root):
                break
        self._hints = hints
        return written

    def _text(self, schema: Schema, place: _Place) -> str:
        """Return a plain text: by format, by name, by pattern, or a placeholder."""
        low, high = min(schema.get("minLength", 0), LONGEST), schema.get("maxLength", LONGEST)
        name = describe(place.key)
        if schema.get("format") == "uuid":
            return str(UUID(int=self._rng.getrandbits(128), version=4))
        plain = PLAIN_FORMATS.get(schema.get("format", "")) or PLAIN_TEXTS.get(name.kind or "") or []
        for number in range(len(plain)):
            text = plain[(place.at + number) % len(plain)]
            if self._fits(text, "string", schema):
                return text
        if "pattern" in schema:
            made = patterns.matching(schema["pattern"], self._rng, low, high)
            if made is not None:
                return made
        text = f"Example {singular(' '.join(name.words))}" if name.words else "Example text"
        if not low and high == LONGEST and not place.at:
            return text
        if place.at:
            text += f" {place.at + 1}"
        if len(text) < low:
            text = " ".join([text] * (low // len(text) + 1))[: max(low, 1)]
        return text[:high]

    def _number(self, schema: Schema, name: str, place: _Place) -> float:
        """Return a plain number: by name, else within the bounds."""
        for word in reversed(describe(place.key).words):
            for value in PLAIN_NUMBERS.get(word, ())[place.at % 3 :]:
                if self._fits(value, name, schema):
                    return value
        low, high = _bounds(schema)
        if name == "integer" or "multipleOf" in schema or (low is None and high is None and counts(place.key)):
            return self._multiple(schema, name, low, high)
        below = low if low is not None else (high - 10 if high is not None else 0)
        above = high if high is not None else below + 10
        for digits in (1, 2, 3, 6, 12):
            value = round(below + (above - below) * self._rng.random(), digits)
            if accepts(schema, value, self._root):
                return value
        edges = (
            below,
            above,
            (below + above) / 2,
            math.nextafter(below, math.inf),
            math.nextafter(above, -math.inf),
            0,
        )
        return next((value for value in edges if accepts(schema, value, self._root)), below)

    def _multiple(self, schema: Schema, name: str, low: float | None, high: float | None) -> float:
        step = Fraction(str(schema.get("multipleOf", 1))) or Fraction(1)
        if name == "integer":
            step = Fraction(step.numerator)
        first = None if low is None else math.ceil(Fraction(str(low)) / step)
        last = None if high is None else math.floor(Fraction(str(high)) / step)
        if first is None:
            first = 1 if last is None or last > 1 else last - 9
        last = first + 9 if last is None else min(last, first + 99)
        tried = [self._rng.randint(first, max(first, last)) for _ in range(8)]
        for number in (*tried, *range(first, first + MOST_ITEMS)):
            multiple = step * number
            value = int(multiple) if multiple.denominator == 1 else float(multiple)
            if accepts(schema, value, self._root):
                return value
        return first


def _bounds(schema: Schema) -> tuple[float | None, float | None]:
    """Return the lowest and the highest number a schema names. They may be excluded."""
    low = [schema[key] for key in ("minimum", "exclusiveMinimum") if not isinstance(schema.get(key), bool | None)]
    high = [schema[key] for key in ("maximum", "exclusiveMaximum") if not isinstance(schema.get(key), bool | None)]
    return max(low, default=None), min(high, default=None)


def _mapping(schema: Schema, key: str) -> Schema:
    part = schema.get(key)
    return part if isinstance(part, dict) else {}
