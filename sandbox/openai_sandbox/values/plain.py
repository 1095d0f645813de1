"""Plain values for when the prompt says nothing: texts and numbers within the bounds of a schema."""

import math
import random
from fractions import Fraction
from typing import Protocol
from uuid import UUID

from . import patterns
from .budget import spend
from .json_schema import JSON, Schema
from .property_names import PLAIN_FORMATS, PLAIN_NUMBERS, PLAIN_TEXTS, counts, describe, singular
from .told import MOST_ITEMS, Place

LONGEST = 100_000


class Fits(Protocol):
    """Tells whether a value is valid and, if a type is given, has that type."""

    def __call__(self, value: JSON, name: str | None, schema: Schema) -> bool:
        """Tell whether it does."""


def plain_text(schema: Schema, place: Place, chance: random.Random, fits: Fits) -> str:
    """Return a plain text: by format, by name, by pattern, or a placeholder."""
    low, high = min(schema.get("minLength", 0), LONGEST), schema.get("maxLength", LONGEST)
    name = describe(place.key)
    if schema.get("format") == "uuid":
        return str(UUID(int=chance.getrandbits(128), version=4))
    plain = PLAIN_FORMATS.get(schema.get("format", "")) or PLAIN_TEXTS.get(name.kind or "") or []
    if name.kind in ("from", "to") and len(name.words) > 1:
        plain = []  # `from_account` is not a place
    for number in range(len(plain)):
        text = plain[(place.at + number) % len(plain)]
        if fits(text, "string", schema):
            return text
    if "pattern" in schema:
        made = patterns.matching(schema["pattern"], chance, low, high)
        if made is not None:
            return made
    spend(min(low, LONGEST) / 20)
    text = f"Example {singular(' '.join(name.words))}" if name.words else "Example text"
    if not low and high == LONGEST and not place.at:
        return text
    if place.at:
        text += f" {place.at + 1}"
    if len(text) < low:
        text = " ".join([text] * (low // len(text) + 1))[: max(low, 1)]
    return text[:high]


def plain_number(schema: Schema, name: str, place: Place, chance: random.Random, fits: Fits) -> float:
    """Return a plain number: by name, or else within the bounds."""
    for word in reversed(describe(place.key).words):
        for value in PLAIN_NUMBERS.get(word, ())[place.at % 3 :]:
            if fits(value, name, schema):
                return value
    low, high = _bounds(schema)
    if name == "integer" or "multipleOf" in schema or (low is None and high is None and counts(place.key)):
        return _multiple(schema, name, low, high, chance, fits)
    below = low if low is not None else (high - 10 if high is not None else 0)
    above = high if high is not None else below + 10
    for digits in (1, 2, 3, 6, 12):
        value = round(below + (above - below) * chance.random(), digits)
        if fits(value, None, schema):
            return value
    edges = (
        below,
        above,
        below / 2 + above / 2,
        math.nextafter(below, math.inf),
        math.nextafter(above, -math.inf),
        0,
    )
    return next((value for value in edges if fits(value, None, schema)), below)


def _multiple(
    schema: Schema, name: str, low: float | None, high: float | None, chance: random.Random, fits: Fits
) -> float:
    step = Fraction(str(schema.get("multipleOf", 1))) or Fraction(1)
    if name == "integer":
        step = Fraction(step.numerator)
    first = None if low is None else math.ceil(Fraction(str(low)) / step)
    last = None if high is None else math.floor(Fraction(str(high)) / step)
    if first is None:
        first = 1 if last is None or last > 1 else last - 9
    last = first + 9 if last is None else min(last, first + 99)
    tried = [chance.randint(first, max(first, last)) for _ in range(8)]
    for number in (*tried, *range(first, first + MOST_ITEMS)):
        multiple = step * number
        value = int(multiple) if multiple.denominator == 1 else float(multiple)
        if fits(value, None, schema):
            return value
    return first


def _bounds(schema: Schema) -> tuple[float | None, float | None]:
    """Return the lowest and the highest number that a schema names. They may be exclusive bounds."""
    low = [schema[key] for key in ("minimum", "exclusiveMinimum") if not isinstance(schema.get(key), bool | None)]
    high = [schema[key] for key in ("maximum", "exclusiveMaximum") if not isinstance(schema.get(key), bool | None)]
    return max(low, default=None), min(high, default=None)
