"""Request validation from the SDK's own parameter types, failing with the API's messages.

parameters.json holds the types as JSON Schemas, generated from the installed SDK, so that checking needs neither the
SDK nor its import time. `Validator` walks a JSON body along a schema, at every nesting level: missing keys, unknown
keys, wrong types, values outside an enum, and the limits of bounds.json. Objects are closed where their schema lists
properties. References and unions are resolved once, when a body first needs them. The keywords that begin with `x-`
are explained in docs/_tools/tables/parameter_schemas.py, which writes them.
"""

import json
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from functools import cache, cached_property
from importlib.resources import files
from operator import itemgetter
from typing import Any, NamedTuple

from ..wire.errors import APIError, error

JSON = Any
Schema = Mapping[str, Any]
Refuse = Callable[[str, JSON], None]

_FITTING: dict[type, tuple[str, ...]] = {
    str: ("string",),
    bool: ("boolean",),
    int: ("integer", "number"),
    float: ("number",),
    list: ("array",),
    dict: ("object",),
    type(None): ("null",),
}
_WORDS = {"string": "a string", "boolean": "a boolean", "integer": "an integer", "number": "a decimal"}
_TAGS = ("type", "role")
_ABSENT = object()
_PLACE = itemgetter(0)
_MOST_MEANINGS = 100
_LONGEST_NAME = 12


@cache
def _data(name: str) -> Mapping[str, Any]:
    loaded: Mapping[str, Any] = json.loads(files(__package__).joinpath(name).read_text("utf-8"))
    return loaded


class Branch:
    """One alternative of a type: a schema that is neither a reference nor a union."""

    def __init__(self, schema: Schema) -> None:
        self.schema = schema
        self.type: str | None = schema.get("type")
        self.options: list[JSON] = [schema["const"]] if "const" in schema else schema.get("enum", [])
        self.required: frozenset[str] = frozenset(schema.get("required", ()))
        self.least: int = schema.get("minItems") or schema.get("minLength") or 0

    @cached_property
    def properties(self) -> dict[str, "Union"] | None:
        """The object's keys, None where any are allowed."""
        listed = self.schema.get("properties")
        return None if listed is None else {key: Union(schema) for key, schema in listed.items()}

    @cached_property
    def demanded(self) -> list[str]:
        """The keys that may not be missing, in the schema's order."""
        return [name for name in self.properties or {} if name in self.required]

    @cached_property
    def items(self) -> "Union | None":
        """What the array holds."""
        return Union(self.schema["items"]) if "items" in self.schema else None

    @cached_property
    def values(self) -> "Union | None":
        """What an object with free keys holds."""
        schema = self.schema.get("additionalProperties")
        return Union(schema) if isinstance(schema, dict) else None

    @cached_property
    def tags(self) -> dict[str, list[JSON]]:
        """The values that the discriminating properties may have; none for one that does not tell this branch apart."""
        known = self.properties or {}
        return {
            name: [option for branch in known[name].branches for option in branch.options] if name in known else []
            for name in _TAGS
        }


class Case:
    """The alternatives of a type that JSON values of one type fit, and what is left to check of such a value."""

    def __init__(self, branches: Sequence[Branch], union: Schema) -> None:
        self.branches = branches
        self.union = union
        self.arrays = [branch for branch in branches if branch.items]
        self.objects = [branch for branch in branches if branch.properties is not None]
        self.closed = bool(branches) and len(self.objects) == len(branches)
        self.values = branches[0].values if branches and not self.objects else None
        self.least = min((branch.least for branch in branches), default=0)
        every = bool(branches) and all(branch.options and not branch.schema.get("x-open") for branch in branches)
        self.options = list(dict.fromkeys(option for b in branches for option in b.options)) if every else None
        self.meanings: dict[tuple[JSON, JSON], Sequence[Branch]] = {}


class Union:
    """A type: its alternatives, references and nested unions resolved."""

    def __init__(self, schema: Schema) -> None:
        self._schema = schema
        self._cases: dict[type, Case] = {}

    @cached_property
    def branches(self) -> Sequence[Branch]:
        """The alternatives, in the schema's order."""
        if "$ref" in self._schema:
            return _definition(self._schema["$ref"].rpartition("/")[2]).branches
        for union in ("anyOf", "oneOf"):
            if union in self._schema:
                return [branch for part in self._schema[union] for branch in Union(part).branches]
        return [Branch(self._schema)]

    def case(self, value: JSON) -> Case:
        """Return the alternatives whose JSON type the value has. Its contents are not looked at."""
        found = self._cases.get(type(value))
        if found is None:
            fitting = _FITTING[type(value)]
            fit = [branch for branch in self.branches if branch.type is None or branch.type in fitting]
            found = Case(fit, self._schema)
            self._cases[type(value)] = found
        return found

    def expectation(self, got: str = "") -> str:
        """Say what a value should be, as the API does: `a string`, `one of a string or array of objects`."""
        called: str | dict[str, str] | None = self._schema.get("x-called")
        if called:
            return called if isinstance(called, str) else called.get(got, called[""])
        return _expectation(self.branches)


@cache
def _definition(name: str) -> Union:
    return Union(_data("parameters.json")["$defs"][name])


class Field(NamedTuple):
    """A parameter of an endpoint. `place` counts them in the schema's order."""

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
        schema: Schema = _data("parameters.json")[self._endpoint]
        return schema

    @cached_property
    def _fields(self) -> dict[str, Field]:
        required, bounds = self.schema.get("required", ()), _data("bounds.json")
        return {
            name: Field(place, name, Union(schema), name in required, name in bounds)
            for place, (name, schema) in enumerate(self.schema["properties"].items())
        }

    @cached_property
    def _required(self) -> list[Field]:
        return [field for field in self._fields.values() if field.required]

    def check_keys(self, body: Mapping[str, JSON], foreign: Iterable[str] = ()) -> None:
        """Raise for the first key that is missing, else for the first that is not the endpoint's or is `foreign`."""
        for field in self._required:
            if field.name not in body:
                raise error("missing_required_parameter", param=field.name)
        known = self.schema["properties"]
        _unknown(body, known.keys() - foreign if foreign else known, "")

    def check(self, body: Mapping[str, JSON], refuse: Refuse | None = None) -> None:
        """Raise for the first field that is missing, of the wrong type or out of bounds.

        Args:
            body: the request.
            refuse: raises where the endpoint or the model does not take a field that is of the right type.
        """
        known = self._fields
        fields = [known[name] for name in body if name in known]
        fields += [field for field in self._required if field.name not in body]
        fields.sort(key=_PLACE)
        for _, name, type, _, bounded in fields:
            if name not in body:
                raise error("missing_required_parameter", param=name)
            _check(body[name], type, name)
            if refuse:
                refuse(name, body[name])
            if bounded:
                check_bounds(body[name], name)


def _check(value: JSON, type: Union, path: str) -> None:
    case = type.case(value)
    if not case.branches:
        got = kind(value)
        raise error("invalid_type", param=path, expected=type.expectation(got), got=got)
    if case.options is not None:
        if value not in case.options:
            raise error("invalid_value", param=path, value=value, supported=listing(case.options))
    elif isinstance(value, list):
        if len(value) < case.least:
            raise error("empty_array", param=path, minimum=case.least)
        _check_any(case.arrays, value, path)
    elif isinstance(value, dict):
        if case.closed:
            _check_any(_discriminate(value, case, path), value, path)
        elif case.values:
            for key, item in value.items():
                _check(item, case.values, f"{path}.{key}")
    elif case.least and isinstance(value, str) and len(value) < case.least:
        raise error("empty_string", param=path, minimum=case.least)


def _check_any(branches: Sequence[Branch], value: JSON, path: str) -> None:
    """Raise unless one branch accepts the value: the branch that was meant is the one that accepts the most of it."""
    failure: APIError | None = None
    for branch in branches:
        try:
            if branch.items and isinstance(value, list):
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
    """Return how much was accepted of the value at a path: items of an array, and levels below it."""
    below = (failure.param or "").removeprefix(path)
    index = below[1:].partition("]")[0] if below.startswith("[") else "0"
    return int(index), below.count(".") + below.count("[")


def _check_object(value: Mapping[str, JSON], branch: Branch, properties: Mapping[str, Union], path: str) -> None:
    for key in branch.demanded:
        if key not in value:
            raise error("missing_required_parameter", param=f"{path}.{key}")
    _unknown(value, properties, f"{path}.")
    for key, type in properties.items():
        if key in value:
            _check(value[key], type, f"{path}.{key}")


def _unknown(value: Mapping[str, JSON], known: Collection[str], prefix: str) -> None:
    for key in value:
        if key not in known:
            raise unknown_parameter(key, prefix + key, [name for name in known if name not in value])


def _expectation(branches: Sequence[Branch]) -> str:
    strings = [branch for branch in branches if branch.type == "string"]
    options = list(dict.fromkeys(option for branch in strings for option in branch.options))
    text = _choice(options) if strings and all(branch.options for branch in strings) else "a string"
    words = [text if branch.type == "string" else _word(branch) for branch in branches if branch.type != "null"]
    words = list(dict.fromkeys(words))
    if len(words) == 1:
        return words[0]
    return "one of " + " or ".join([words[0], *(word.removeprefix("an ").removeprefix("a ") for word in words[1:])])


def _word(branch: Branch) -> str:
    if "x-called" in branch.schema:
        called: str = branch.schema["x-called"]
        return called
    if branch.type == "array":
        of = branch.items.expectation() if branch.items else ""
        if of.startswith("one of '"):
            return f"an array of {of}"
        return f"an array of { {'a string': 'strings', 'an integer': 'integers'}.get(of, 'objects') }"
    return _WORDS.get(branch.type or "", "an object")


def _choice(options: Sequence[str]) -> str:
    """Name a type by its options, as the API does: `one of 'a', 'b', or 'c'`, long names shortened."""
    return f"one of {_either([shortened(option) for option in options])}"


def _either(names: Sequence[str]) -> str:
    quoted = [f"'{name}'" for name in names]
    return " or ".join(quoted) if len(quoted) <= 2 else ", ".join(quoted[:-1]) + f", or {quoted[-1]}"


def shortened(name: str) -> str:
    """Shorten a name as the API does in the middle of a sentence: `fil...lts`."""
    return name if len(name) <= _LONGEST_NAME else f"{name[:3]}...{name[-3:]}"


def _discriminate(value: Mapping[str, JSON], case: Case, path: str) -> Sequence[Branch]:
    """Return the object types whose `type` and `role` allow this object.

    Raises:
        APIError: `type` or `role` has a value that no alternative knows, or is missing where all need it.
    """
    if len(case.objects) < 2:
        return case.objects
    tag = (value.get("type", _ABSENT), value.get("role", _ABSENT))
    try:
        known = case.meanings.get(tag)
    except TypeError:  # an array or an object, which nothing is told apart by
        return _meant(value, case, path)[0]
    if known is None:
        known, always = _meant(value, case, path)
        if always and len(case.meanings) < _MOST_MEANINGS:
            case.meanings[tag] = known
    return known


def _meant(value: Mapping[str, JSON], case: Case, path: str) -> tuple[Sequence[Branch], bool]:
    """Return the object types that are meant, and whether that holds for all objects with this `type` and `role`."""
    candidates: Sequence[Branch] = case.objects
    always = True
    for name in _TAGS:
        if len(candidates) < 2:
            break
        tags = [branch.tags[name] for branch in candidates]
        if not any(tags):
            continue
        if name not in value:
            # What is not told apart by this is only meant by an object that has its keys, and no others.
            always = always and all(tags)
            allowed = [
                b
                for b, tag in zip(candidates, tags, strict=True)
                if (name not in b.required if tag else _has_keys_of(value, b))
            ]
        elif isinstance(value[name], str) or case.union.get("x-whole"):
            allowed = [b for b, tag in zip(candidates, tags, strict=True) if _allows(b, tag, name, value[name])]
        else:
            raise error("invalid_type", param=f"{path}.{name}", expected="a string", got=kind(value[name]))
        candidates = allowed or _otherwise(value, case, name, tags, path)
    return candidates, always


def _allows(branch: Branch, tag: Sequence[JSON], name: str, value: JSON) -> bool:
    return name in (branch.properties or {}) and (not tag or value in tag)


def _has_keys_of(value: Mapping[str, JSON], branch: Branch) -> bool:
    return branch.required <= value.keys() <= (branch.properties or {}).keys()


def _otherwise(
    value: Mapping[str, JSON], case: Case, name: str, tags: Sequence[Sequence[JSON]], path: str
) -> Sequence[Branch]:
    """Return what an object is read as that has a tag of no alternative.

    Raises:
        APIError: there is no such reading.
    """
    union, given = case.union, value.get(name)
    supported: Sequence[JSON] = list(dict.fromkeys(option for tag in tags for option in tag))
    place = path if union.get("x-whole") else f"{path}.{name}"
    if name == "type":
        if "x-otherwise" in union:
            return [branch for branch in case.objects if union["x-otherwise"] in branch.tags[name]]
        supported, here = union.get("x-types", supported), union.get("x-here", ())
        if given in here:
            raise error("sandbox_unsupported", param=f"{path}.type")
        if here and given in supported:
            place, supported = path, here
    if name not in value and not union.get("x-whole"):
        raise error("missing_required_parameter", param=place)
    shown = given if isinstance(given, str) else ""
    raise error("invalid_value", param=place, value=shown, supported=listing(supported))


def kind(value: JSON) -> str:
    """Name a JSON value's type as the API does, article included."""
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "a boolean"
    names = {int: "an integer", float: "a decimal number", str: "a string", list: "an array", dict: "an object"}
    return names[type(value)]


def listing(options: Sequence[object]) -> str:
    """Join options as the API does: `'a'`, `'a' and 'b'`, `'a', 'b', and 'c'`."""
    quoted = [f"'{option}'" for option in options]
    if len(quoted) <= 2:
        return " and ".join(quoted)
    return ", ".join(quoted[:-1]) + f", and {quoted[-1]}"


def unknown_parameter(key: str, path: str, candidates: Iterable[str]) -> APIError:
    """Return the API's error for an unknown key, suggesting the known ones within edit distance 2, nearest first."""
    near = sorted((distance(key, known), known) for known in candidates)
    names = [known for away, known in near if away <= 2]
    if names:
        return error("unknown_parameter.did_you_mean", param=path, known=_either(names))
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
                most = limits["max_key_length"]
                raise error("key_too_long", param=param, key=key, short=shortened(key), maximum=most, count=len(key))
            if len(item) > limits["max_value_length"]:
                raise error(
                    "string_too_long", param=f"{param}.{key}", maximum=limits["max_value_length"], count=len(item)
                )


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
