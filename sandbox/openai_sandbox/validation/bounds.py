"""The limits of numbers, arrays and objects, from bounds.json."""

import json
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import Any

from ..wire.errors import error
from .types import JSON
from .wording import shortened


@cache
def bounds() -> Mapping[str, Any]:
    """Return the limits by parameter."""
    loaded: Mapping[str, Any] = json.loads(files(__package__).joinpath("bounds.json").read_text("utf-8"))
    return loaded


def check_bounds(value: JSON, param: str, place: str = "") -> None:
    """Raise if a value is outside the limits in bounds.json for the parameter. `place` is its path, if longer."""
    limits, param = bounds().get(param), place or param
    if limits is None or value is None:
        return
    if isinstance(value, int | float):
        number = "integer" if limits.get("integer") else "decimal"
        if "minimum" in limits and value < limits["minimum"]:
            raise error(f"{number}_below_min", param=param, minimum=limits["minimum"], value=value)
        if "maximum" in limits and value > limits["maximum"]:
            raise error(f"{number}_above_max", param=param, maximum=limits["maximum"], value=value)
    elif isinstance(value, list):
        if len(value) < limits.get("min_items", 0):
            raise error("empty_array", param=param, minimum=limits["min_items"])
        if len(value) > limits.get("max_items", len(value)):
            raise error("array_too_long", param=param, maximum=limits["max_items"], count=len(value))
    elif isinstance(value, dict):
        if len(value) > limits["max_properties"]:
            raise error("too_many_properties", param=param, maximum=limits["max_properties"], count=len(value))
        for key, item in value.items():
            if len(key) > limits["max_key_length"]:
                most = limits["max_key_length"]
                raise error("key_too_long", param=param, key=key, short=shortened(key), maximum=most, count=len(key))
            if isinstance(item, str) and len(item) > limits["max_value_length"]:
                raise error(
                    "string_too_long", param=f"{param}.{key}", maximum=limits["max_value_length"], count=len(item)
                )
