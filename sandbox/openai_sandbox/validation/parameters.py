"""Validates requests against the SDK's own parameter types, with the API's error messages.

`Validator` checks a JSON body against its endpoint's schema at every nesting level: missing keys, unknown keys, wrong
types, values outside an enum, and limits. Objects are closed if their schema lists properties. The types are JSON
Schemas generated from the installed SDK, so that checking needs neither the SDK nor the time to import it.
"""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from functools import cached_property
from operator import itemgetter
from typing import NamedTuple

from ..values.budget import spend
from ..wire.errors import APIError, error
from .bounds import bounds, check_bounds
from .types import JSON, Branch, Schema, Union, schemas
from .unions import discriminate
from .wording import expectation, kind, listing, unknown_parameter

Refuse = Callable[[str, JSON], None]

_PLACE = itemgetter(0)


class Field(NamedTuple):
    """A parameter of an endpoint. `place` is its position in the schema."""

    place: int
    name: str
    type: Union
    required: bool
    bounded: bool


class Validator:
    """Checks the request bodies of one endpoint.

    Args:
        endpoint: a key of parameters.json, such as `responses.create`.
    """

    def __init__(self, endpoint: str) -> None:
        self._endpoint = endpoint

    @cached_property
    def schema(self) -> Schema:
        """The body's JSON Schema."""
        schema: Schema = schemas()[self._endpoint]
        return schema

    @cached_property
    def _fields(self) -> dict[str, Field]:
        required, limited = self.schema.get("required", ()), bounds()
        return {
            name: Field(place, name, Union(schema), name in required, name in limited)
            for place, (name, schema) in enumerate(self.schema["properties"].items())
        }

    @cached_property
    def _required(self) -> list[Field]:
        return [field for field in self._fields.values() if field.required]

    def check_keys(self, body: Mapping[str, JSON], foreign: Iterable[str] = ()) -> None:
        """Raise for the first missing key, or else for the first key that the endpoint does not have or that is
        `foreign`."""
        for field in self._required:
            if field.name not in body:
                raise error("missing_required_parameter", param=field.name)
        known = self.schema["properties"]
        _unknown(body, known.keys() - foreign if foreign else known, "")

    def check(self, body: Mapping[str, JSON], refuse: Refuse | None = None) -> None:
        """Raise for the first field that is missing, has the wrong type or is out of bounds.

        Args:
            body: the request.
            refuse: raises if the endpoint or the model does not accept a field that has the right type.
        """
        known = self._fields
        fields = [known[name] for name in body if name in known]
        fields += [field for field in self._required if field.name not in body]
        fields.sort(key=_PLACE)
        for _, name, type, required, bounded in fields:
            if name not in body:
                raise error("missing_required_parameter", param=name)
            if body[name] is None and not required:
                continue  # as if it were left out
            _check(body[name], type, name)
            if refuse:
                refuse(name, body[name])
            if bounded:
                check_bounds(body[name], name)


def _check(value: JSON, type: Union, path: str) -> None:
    case = type.case(value)
    if not case.branches:
        got = kind(value)
        raise error("invalid_type", param=path, expected=expectation(type, got), got=got)
    if case.options is not None:
        if value not in case.options:
            raise error("invalid_value", param=path, value=value, supported=listing(case.options))
    elif isinstance(value, list):
        if len(value) < case.least:
            raise error("empty_array", param=path, minimum=case.least)
        _check_any(case.arrays, value, path)
    elif isinstance(value, dict):
        if case.closed:
            _check_any(discriminate(value, case, path), value, path)
        elif case.values:
            spend(len(value) / 3)
            for key, item in value.items():
                _check(item, case.values, f"{path}.{key}")
    elif case.least and isinstance(value, str) and len(value) < case.least:
        raise error("empty_string", param=path, minimum=case.least)


def _check_any(branches: Sequence[Branch], value: JSON, path: str) -> None:
    """Raise unless one branch accepts the value. The error is that of the branch that accepts the most of it."""
    failure: APIError | None = None
    for branch in branches:
        try:
            if branch.items and isinstance(value, list):
                if branch.items.free.issuperset(map(type, value)):
                    return
                spend(len(value) / 4)
                for index, item in enumerate(value):
                    _check(item, branch.items, f"{path}[{index}]")
            elif branch.properties is not None:
                _check_object(value, branch, branch.properties, path)
        except APIError as exc:
            failure = failure if failure and _reach(failure, path) >= _reach(exc, path) else exc
        else:
            return
    if failure:
        raise failure


def _reach(failure: APIError, path: str) -> tuple[int, int]:
    """Return how much of the value at a path was accepted: items of an array, and levels below it."""
    below = (failure.param or "").removeprefix(path)
    index = below[1:].partition("]")[0] if below.startswith("[") else "0"
    return int(index), below.count(".") + below.count("[")


def _check_object(value: Mapping[str, JSON], branch: Branch, properties: Mapping[str, Union], path: str) -> None:
    spend(0.5 + len(value) / 3)
    for key in branch.demanded:
        if key not in value:
            raise error("missing_required_parameter", param=f"{path}.{key}")
    if not branch.extra:
        _unknown(value, properties, f"{path}.")
    for key, type in properties.items():
        # A null for something optional means that it is left out.
        if key in value and (value[key] is not None or key in branch.required):
            _check(value[key], type, f"{path}.{key}")


def _unknown(value: Mapping[str, JSON], known: Collection[str], prefix: str) -> None:
    for key in value:
        if key not in known:
            raise unknown_parameter(key, prefix + key, [name for name in known if name not in value])
