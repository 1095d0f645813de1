"""Request validation from the SDK's own parameter types, failing with the API's messages.

parameters.json holds the types as JSON Schemas, generated from the installed SDK, so that checking needs neither the
SDK nor its import time. `Validator` walks a JSON body along a schema, at every nesting level: unknown keys, missing
keys, wrong types, values outside an enum, and the limits of bounds.json. Objects are closed where their schema lists
properties.
"""

import json
from collections.abc import Iterable, Mapping, Sequence
from functools import cache, cached_property
from importlib.resources import files
from typing import Any

from .errors import APIError, error

JSON = Any
Schema = Mapping[str, Any]

_JSON_TYPES = {str: "string", list: "array", dict: "object", type(None): "null"}
_WORDS = {"string": "a string", "boolean": "a boolean", "integer": "an integer", "number": "a decimal"}


@cache
def _data(name: str) -> Mapping[str, Any]:
    loaded: Mapping[str, Any] = json.loads(files(__package__).joinpath(name).read_text("utf-8"))
    return loaded


class Validator:
    """Checks the request bodies of one endpoint.

    Args:
        endpoint: a key of parameters.json, such as `responses.create`.
        phrases: how the API words what it expected, by parameter, where that does not follow from the type.
    """

    def __init__(self, endpoint: str, phrases: Mapping[str, str] | None = None) -> None:
        self._endpoint = endpoint
        self._phrases = dict(phrases or {})

    @cached_property
    def schema(self) -> Schema:
        """The body's JSON Schema."""
        schema: Schema = _data("parameters.json")[self._endpoint]
        return schema

    def unknown_keys(self, body: Mapping[str, JSON]) -> None:
        """Raise for the first key the endpoint does not have."""
        self._unknown(body, self.schema, "")

    def check(self, body: Mapping[str, JSON]) -> None:
        """Raise for the first field that is missing, of the wrong type or out of bounds."""
        for key, schema in self.schema["properties"].items():
            if key in body:
                self._check(body[key], schema, key)
                check_bounds(body[key], key)
            elif key in self.schema.get("required", ()):
                raise error("missing_required_parameter", param=key)

    def _branches(self, schema: Schema) -> list[Schema]:
        """Return the alternatives of a schema, references and nested unions resolved."""
        if "$ref" in schema:
            return self._branches(_data("parameters.json")["$defs"][schema["$ref"].rpartition("/")[2]])
        for union in ("anyOf", "oneOf"):
            if union in schema:
                return [branch for part in schema[union] for branch in self._branches(part)]
        return [schema]

    def _check(self, value: JSON, schema: Schema, path: str) -> None:
        branches = self._branches(schema)
        fitting = [branch for branch in branches if fits(value, branch)]
        if not fitting:
            expected = self._phrases.get(path) or self._expectation(branches)
            raise error("invalid_type", param=path, expected=expected, got=kind(value))
        if all(options(branch) for branch in fitting):
            supported = list(dict.fromkeys(option for branch in fitting for option in options(branch)))
            if value not in supported:
                raise error("invalid_value", param=path, value=value, supported=listing(supported))
        elif isinstance(value, list):
            self._check_any([branch for branch in fitting if "items" in branch], value, path)
        elif isinstance(value, dict):
            closed = [branch for branch in fitting if "properties" in branch]
            if len(closed) == len(fitting):
                self._check_any(self._discriminate(value, closed, path), value, path)
            elif not closed and isinstance(fitting[0].get("additionalProperties"), dict):
                for key, item in value.items():
                    self._check(item, fitting[0]["additionalProperties"], f"{path}.{key}")

    def _check_any(self, branches: Sequence[Schema], value: JSON, path: str) -> None:
        """Raise unless one branch accepts the value: the deepest failure names the branch that was meant."""
        failure: APIError | None = None
        for branch in branches:
            try:
                if isinstance(value, list):
                    for index, item in enumerate(value):
                        self._check(item, branch["items"], f"{path}[{index}]")
                else:
                    self._check_object(value, branch, path)
            except APIError as exc:
                failure = failure if failure and depth(failure) >= depth(exc) else exc
            else:
                return
        if failure:
            raise failure

    def _check_object(self, value: Mapping[str, JSON], branch: Schema, path: str) -> None:
        self._unknown(value, branch, f"{path}.")
        for key, schema in branch["properties"].items():
            if key in value:
                self._check(value[key], schema, f"{path}.{key}")
            elif key in branch.get("required", ()):
                raise error("missing_required_parameter", param=f"{path}.{key}")

    def _unknown(self, value: Mapping[str, JSON], branch: Schema, prefix: str) -> None:
        known = branch["properties"]
        for key in value:
            if key not in known:
                raise unknown_parameter(key, prefix + key, [name for name in known if name not in value])

    def _discriminate(self, value: Mapping[str, JSON], branches: Sequence[Schema], path: str) -> Sequence[Schema]:
        """Return the object types whose `type` and `role` allow this object.

        Raises:
            APIError: `type` or `role` has a value that no alternative knows, or is missing where all need it.
        """
        candidates = branches
        for name in ("type", "role"):
            if len(candidates) < 2:
                break
            tags = [self._tags(branch, name) for branch in candidates]
            if not any(tags):
                continue
            if name not in value:
                optional = [b for b, tag in zip(candidates, tags, strict=True) if not tag or not _requires(b, name)]
                if not optional:
                    raise error("missing_required_parameter", param=f"{path}.{name}")
                candidates = optional
                continue
            if not isinstance(value[name], str):
                raise error("invalid_type", param=f"{path}.{name}", expected="a string", got=kind(value[name]))
            knowing = [(b, tag) for b, tag in zip(candidates, tags, strict=True) if name in b["properties"]]
            allowed = [b for b, tag in knowing if not tag or value[name] in tag]
            if not allowed:
                supported = list(dict.fromkeys(option for tag in tags for option in tag))
                raise error("invalid_value", param=f"{path}.{name}", value=value[name], supported=listing(supported))
            candidates = allowed
        return candidates

    def _tags(self, branch: Schema, name: str) -> list[JSON]:
        """Return the values a discriminating property may have; none if the branch is not told apart by it."""
        if name not in branch["properties"]:
            return []
        alternatives = self._branches(branch["properties"][name])
        return [option for alternative in alternatives for option in options(alternative)]

    def _expectation(self, branches: Sequence[Schema]) -> str:
        """Say what a value should be as the API does: `a string`, `one of a string or array of objects`."""
        words = list(dict.fromkeys(self._word(branch) for branch in branches if branch.get("type") != "null"))
        if len(words) == 1:
            return words[0]
        return "one of " + " or ".join([words[0], *(word.split(" ", 1)[1] for word in words[1:])])

    def _word(self, branch: Schema) -> str:
        if branch.get("type") == "array":
            of = self._expectation(self._branches(branch["items"])) if branch.get("items") else ""
            return f"an array of { {'a string': 'strings', 'an integer': 'integers'}.get(of, 'objects') }"
        return _WORDS.get(branch.get("type", ""), "an object")


def _requires(branch: Schema, name: str) -> bool:
    return name in branch.get("required", ())


def options(branch: Schema) -> list[JSON]:
    """Return the values an enum or const allows; none for other schemas."""
    return [branch["const"]] if "const" in branch else branch.get("enum", [])


def fits(value: JSON, branch: Schema) -> bool:
    """Tell whether a JSON value is of the schema's JSON type. Its contents are not looked at."""
    wanted = branch.get("type")
    if wanted is None:
        return True
    if isinstance(value, bool):
        return bool(wanted == "boolean")
    if isinstance(value, int):
        return wanted in ("integer", "number")
    if isinstance(value, float):
        return bool(wanted == "number")
    return bool(wanted == _JSON_TYPES[type(value)])


def kind(value: JSON) -> str:
    """Name a JSON value's type as the API does, article included."""
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "a boolean"
    names = {int: "an integer", float: "a decimal", str: "a string", list: "an array", dict: "an object"}
    return names[type(value)]


def listing(options: Sequence[object]) -> str:
    """Join options as the API does: `'a'`, `'a' and 'b'`, `'a', 'b', and 'c'`."""
    quoted = [f"'{option}'" for option in options]
    if len(quoted) <= 2:
        return " and ".join(quoted)
    return ", ".join(quoted[:-1]) + f", and {quoted[-1]}"


def unknown_parameter(key: str, path: str, candidates: Iterable[str]) -> APIError:
    """Return the API's error for an unknown key, suggesting a known one within edit distance 2."""
    nearest = min(candidates, key=lambda known: (distance(key, known), known), default=None)
    if nearest is not None and distance(key, nearest) <= 2:
        return error("unknown_parameter.did_you_mean", param=path, known=nearest)
    return error("unknown_parameter", param=path)


def check_bounds(value: JSON, param: str) -> None:
    """Raise when a value is outside the limits bounds.json gives for the parameter."""
    limits = _data("bounds.json").get(param)
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
                raise error("key_too_long", param=param, maximum=limits["max_key_length"], count=len(key))
            if len(item) > limits["max_value_length"]:
                raise error(
                    "string_too_long", param=f"{param}.{key}", maximum=limits["max_value_length"], count=len(item)
                )


def depth(failure: APIError) -> int:
    """Return how deep in the body a failure lies."""
    return (failure.param or "").count(".") + (failure.param or "").count("[")


def distance(left: str, right: str) -> int:
    """Return the Levenshtein distance between two names. Names of very different length are just far apart."""
    if abs(len(left) - len(right)) > 2:
        return 3
    row = list(range(len(right) + 1))
    for i, a in enumerate(left, 1):
        previous, row[0] = row[0], i
        for j, b in enumerate(right, 1):
            previous, row[j] = row[j], min(row[j] + 1, row[j - 1] + 1, previous + (a != b))
    return row[-1]
