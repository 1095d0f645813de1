"""Finds what the prompt says for a place in a JSON Schema."""

import random
from collections.abc import Collection, Sequence
from typing import Any, NamedTuple

from .budget import spend
from .flattening import Flattener, types
from .hints import Hints
from .json_schema import JSON, Schema, accepts, is_type
from .merging import ANNOTATIONS
from .property_names import TELLING, counts, describe

MOST_ITEMS = 1_000

# A schema with only these keywords accepts every value of its type.
FREE = ANNOTATIONS | {"type"}


class Nothing:
    """A marker for what the prompt does not say, because None would be a value."""


NOTHING = Nothing()


class Place(NamedTuple):
    """Where a value is: the name of the property, the position in the nearest list, the depth."""

    key: str = ""
    at: int = 0
    depth: int = 0


def several(schema: Schema, hints: Hints) -> tuple[str, tuple[str, ...]]:
    """Return the property for which the prompt names more than one value, and the values; otherwise "" and no
    values."""
    for key, part in schema.get("properties", {}).items():
        if describe(key).kind in TELLING and isinstance(part, dict) and "string" in types(part):
            found = tuple(text for text in texts_of(part, key, hints) if accepts(part, text, schema))
            if len(found) > 1:
                return key, found
    return "", ()


def texts_of(schema: Schema, key: str, hints: Hints) -> Sequence[str]:
    """Return the prompt's texts for a property: by its format if that is supported, or else by its name."""
    formatted = hints.formatted(schema["format"]) if "format" in schema else None
    return hints.strings(key) if formatted is None else formatted


class Told:
    """Looks up values in a prompt.

    Args:
        schemas: flattens the schema that values are looked up for.
        hints: what was found in the prompt.
        chance: decides if the prompt does not.
        taken: values that are already used. A number among them is not used for another property.
    """

    def __init__(self, schemas: Flattener, hints: Hints, chance: random.Random, taken: Collection[JSON] = ()) -> None:
        self.hints = hints
        self._schemas = schemas
        self._chance = chance
        self._taken = {str(value) for value in taken}
        # The prompt's numbers for properties that may count anything: each number goes to one property.
        self._unused: list[float] | None = None

    def said(self, schema: Schema, name: str, place: Place) -> Any:
        """Return the prompt's value of that type for this place, or NOTHING."""
        if not self.hints.text:
            return NOTHING
        if name == "boolean":
            flag = self.hints.flag(place.key)
            return NOTHING if flag is None else flag
        found: Sequence[Any]
        if name == "string":
            found = texts_of(schema, place.key, self.hints)
            if found and "maxLength" in schema:
                found = [text[: schema["maxLength"]] for text in found]
        else:
            found = self.hints.numbers(place.key)
        fitting = [value for value in found if self.fits(value, name, schema)]
        if place.at < len(fitting):
            self._taken.add(str(fitting[place.at]))
            return fitting[place.at]
        if name != "string" and counts(place.key):
            if self._unused is None:
                self._unused = list(self.hints.countable)
            for position, number in enumerate(self._unused):
                if str(number) not in self._taken and self.fits(number, name, schema):
                    return self._unused.pop(position)
        return NOTHING

    def fits(self, value: JSON, name: str | None, schema: Schema) -> bool:
        """Tell whether a value is valid and, if a type is given, has that type."""
        if name is None:
            return accepts(schema, value, self._schemas.root)
        return is_type(value, name) and (schema.keys() <= FREE or accepts(schema, value, self._schemas.root))

    def told(self, schema: Any, place: Place) -> Any:
        """Return the prompt's text, number, Boolean or enum member for this place, or NOTHING."""
        flat = self._schemas.flat(schema) if isinstance(schema, dict) else {}
        if "enum" in flat:
            spend(len(flat["enum"]) / 2)
            named = [option for option in flat["enum"] if self.hints.names(option)]
            return named[min(place.at, len(named) - 1)] if named else NOTHING
        for name in types(flat):
            if name not in ("object", "array", "null") and flat.keys().isdisjoint(("const", "anyOf", "oneOf")):
                said = self.said(flat, name, place)
                if not isinstance(said, Nothing):
                    return said
        return NOTHING

    def told_by(self, branches: Sequence[Schema], place: Place) -> Any:
        """Return what the prompt has for one of the alternatives, or None if it has nothing and null is an
        alternative."""
        for branch in branches:
            told = self.told(branch, place)
            if not isinstance(told, Nothing):
                return told
        kinds = [types(self._schemas.flat(branch)) for branch in branches]
        plain = all(name not in ("object", "array") for kind in kinds for name in kind)
        return None if plain and any("null" in kind for kind in kinds) else NOTHING

    def mentions(self, branch: Schema) -> int:
        """Count how often the prompt names what distinguishes an alternative from the others: its title, its
        constants."""
        flat = self._schemas.flat(branch)
        if flat.get("type") == "null" or flat.get("const", 0) is None:
            return -1
        parts = [part for part in flat.get("properties", {}).values() if isinstance(part, dict)]
        constants = [
            option for part in parts for option in ([part["const"]] if "const" in part else part.get("enum", ()))
        ]
        return sum(self.hints.names(text) for text in (flat.get("title"), flat.get("const"), *constants))

    def listed(self, schema: Any, place: Place) -> list[JSON]:
        """Return the prompt's texts, numbers or enum members for a list."""
        flat = self._schemas.flat(schema) if isinstance(schema, dict) else {}
        named = types(flat)
        found: Sequence[Any] = ()
        if "enum" in flat:
            found = [option for option in flat["enum"] if self.hints.names(option)]
            others = [option for option in flat["enum"] if option not in found]
            found = found + self._chance.sample(others, k=0 if found else min(2, len(others)))
        elif "string" in named:
            telling = describe(place.key).kind in TELLING
            found = self.hints.listed(place.key) or (texts_of(flat, place.key, self.hints) if telling else ())
        elif named[0] in ("integer", "number"):
            found = self.hints.every_number(place.key)
        return [value for value in found if accepts(flat, value, self._schemas.root)][:MOST_ITEMS]

    def rows(self, schema: Any) -> int:
        """Return the length of a list if nothing gives it: as many as the prompt has names for its objects, or else
        two."""
        flat = self._schemas.flat(schema) if isinstance(schema, dict) else {}
        told = [key for key in flat.get("properties", {}) if describe(key).kind in TELLING]
        return min(max((len(self.hints.strings(key)) for key in told), default=0), 20) or 2
