"""The types of parameters: the SDK's own, from the JSON Schemas in parameters.json.

References and unions are resolved once, when a body first needs them. The generator of parameters.json explains the
keywords that begin with `x-`.
"""

import json
from collections.abc import Mapping, Sequence
from functools import cache, cached_property
from importlib.resources import files
from typing import Any

JSON = Any
Schema = Mapping[str, Any]

_FITTING: dict[type, tuple[str, ...]] = {
    str: ("string",),
    bool: ("boolean",),
    int: ("integer", "number"),
    float: ("number",),
    list: ("array",),
    dict: ("object",),
    type(None): ("null",),
}
TAGS = ("type", "role")
"""The properties that tell the alternatives of a union apart."""


@cache
def schemas() -> Mapping[str, Schema]:
    """Return the schema of each endpoint's body, and the schemas that these refer to under `$defs`."""
    loaded: Mapping[str, Schema] = json.loads(files(__package__).joinpath("parameters.json").read_text("utf-8"))
    return loaded


class Branch:
    """One alternative of a type: a schema that is neither a reference nor a union."""

    def __init__(self, schema: Schema) -> None:
        self.schema = schema
        self.type: str | None = schema.get("type")
        self.options: list[JSON] = [schema["const"]] if "const" in schema else schema.get("enum", [])
        self.extra: bool = schema.get("x-extra", False)
        self.required: frozenset[str] = frozenset(schema.get("required", ()))
        self.least: int = schema.get("minItems") or schema.get("minLength") or 0

    @cached_property
    def properties(self) -> dict[str, "Union"] | None:
        """The object's keys, or None if any are allowed."""
        listed = self.schema.get("properties")
        return None if listed is None else {key: Union(schema) for key, schema in listed.items()}

    @cached_property
    def demanded(self) -> list[str]:
        """The required keys, in the schema's order."""
        return [name for name in self.properties or {} if name in self.required]

    @cached_property
    def items(self) -> "Union | None":
        """The type of the array's items."""
        return Union(self.schema["items"]) if "items" in self.schema else None

    @cached_property
    def values(self) -> "Union | None":
        """The type of the values of an object with free keys."""
        schema = self.schema.get("additionalProperties")
        return Union(schema) if isinstance(schema, dict) else None

    @cached_property
    def tags(self) -> dict[str, list[JSON]]:
        """The values that the discriminating properties may have; none for a property that does not distinguish this
        branch."""
        known = self.properties or {}
        return {
            name: [option for branch in known[name].branches for option in branch.options] if name in known else []
            for name in TAGS
        }


class Case:
    """The alternatives of a type that JSON values of one type match, and what is left to check in such a value."""

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
        self.schema = schema
        self._cases: dict[type, Case] = {}

    @cached_property
    def branches(self) -> Sequence[Branch]:
        """The alternatives, in the schema's order."""
        if "$ref" in self.schema:
            return _definition(self.schema["$ref"].rpartition("/")[2]).branches
        for union in ("anyOf", "oneOf"):
            if union in self.schema:
                return [branch for part in self.schema[union] for branch in Union(part).branches]
        return [Branch(self.schema)]

    @cached_property
    def free(self) -> frozenset[type]:
        """The JSON types whose values all match, so that many of them can be checked at once."""
        samples: tuple[JSON, ...] = ("", True, 0, 0.0, None)
        cases = [(type(sample), self.case(sample)) for sample in samples]
        return frozenset(name for name, case in cases if case.branches and case.options is None and not case.least)

    def case(self, value: JSON) -> Case:
        """Return the alternatives whose JSON type the value has. Its contents are not checked."""
        found = self._cases.get(type(value))
        if found is None:
            fitting = _FITTING[type(value)]
            fit = [branch for branch in self.branches if branch.type is None or branch.type in fitting]
            found = Case(fit, self.schema)
            if fit:  # only matches are remembered: there are far more wrong values
                self._cases[type(value)] = found
        return found


@cache
def _definition(name: str) -> Union:
    return Union(schemas()["$defs"][name])
