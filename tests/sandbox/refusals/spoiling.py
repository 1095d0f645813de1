"""The request bodies of an endpoint that are good but for one place, made from the schemas that the sandbox enforces.

The schemas are read here by other code than the sandbox's.
"""

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import cache
from importlib.resources import files
from typing import Any, NamedTuple

from .asker import (
    CREATE_COMPLETION,
    CREATE_EMBEDDINGS,
    CREATE_RESPONSE,
    GOOD,
    Body,
)

Schema = Mapping[str, Any]

PARAMETERS: dict[str, Any] = json.loads(
    files("openai_sandbox.validation").joinpath("parameters.json").read_text("utf-8")
)

# Fields that their endpoint checks in its own way and words. The rules leave them out: api/test_embeddings.py and the
# measured refusals have them.
OWN: dict[str, set[str]] = {
    CREATE_RESPONSE: {"model"},
    CREATE_COMPLETION: {"model", "reasoning_effort", "prompt_cache_retention"},
    CREATE_EMBEDDINGS: {"model", "input"},
    "responses.input_tokens.count": {"model"},
    "moderations.create": {"model"},
}
# What an item has to have although its schema does not say so.
BESIDES = {"function_call_output": {"call_id": "call_1"}}
TAGS = ("type", "role")


class Place(NamedTuple):
    """A place in a body that holds a value: where it is, its type, and how to make a body that is good but for it."""

    path: str
    type: Schema
    put: Callable[[Any], Body]
    owner: "Thing | None" = None
    key: str = ""

    def is_tag(self) -> bool:
        """Tell whether objects are told apart by the value."""
        return self.owner is not None and bool(self.owner.tags(self.key))


class Thing(NamedTuple):
    """An object in a body: its type, the types that could stand there instead, and a good value."""

    path: str
    type: Schema
    siblings: Sequence[Schema]
    union: Schema
    good: Body
    put: Callable[[Any], Body]

    def tags(self, key: str) -> list[str]:
        """Return the values of a key by which this object is told from others, none if it is not.

        That is `type` first, then, among the objects of the same type, `role`.
        """
        left = self.siblings
        if key == "role" and "type" in self.good:
            left = [sibling for sibling in left if self.good["type"] in texts(sibling["properties"].get("type", {}))]
        if key not in TAGS or len(left) < 2:
            return []
        found = [texts(sibling["properties"][key]) for sibling in left if key in sibling["properties"]]
        return list(dict.fromkeys(value for values in found for value in values))


def branches(schema: Schema) -> list[Schema]:
    """Return the alternatives of a type, references and nested unions resolved."""
    if "$ref" in schema:
        return branches(PARAMETERS["$defs"][schema["$ref"].rpartition("/")[2]])
    if "anyOf" in schema:
        return [branch for part in schema["anyOf"] for branch in branches(part)]
    return [schema]


def texts(schema: Schema) -> list[str]:
    """Return the strings that a type allows, none if it allows any."""
    strings = [branch for branch in branches(schema) if branch.get("type") == "string"]
    options = [[branch["const"]] if "const" in branch else branch.get("enum", []) for branch in strings]
    return list(dict.fromkeys(text for given in options for text in given)) if all(options) else []


def good(schema: Schema) -> Any:
    """Return a value that fits, and holds no more than it has to."""
    first = next(branch for branch in branches(schema) if branch.get("type") != "null")
    options = [first["const"]] if "const" in first else first.get("enum")
    if options:
        return options[0]
    if first.get("type") == "object":
        return good_object(first)
    if first.get("type") == "array":
        return [good(first["items"])] * first.get("minItems", 0)
    return {"string": "x", "boolean": True, "integer": 20, "number": 0.5}.get(first.get("type", ""), "x")


def good_object(schema: Schema) -> Body:
    """Return an object with what it has to have, and with the type that tells it apart."""
    known = schema.get("properties", {})
    needed = {name for name in known if name in schema.get("required", ())} | ({"type"} & known.keys())
    value = {name: good(part) for name, part in known.items() if name in needed}
    return value | BESIDES.get(str(value.get("type")), {})


def walk(endpoint: str) -> tuple[list[Place], list[Thing]]:
    """Return every place and every object of an endpoint's bodies. What holds itself is entered once."""
    base, own = GOOD[endpoint][1], OWN.get(endpoint, set())
    places: list[Place] = []
    things: list[Thing] = []

    def enter(place: Place, inside: frozenset[str]) -> None:
        places.append(place)
        reached = inside | set(references(place.type))
        if inside & set(references(place.type)):
            return
        options = branches(place.type)
        objects = [branch for branch in options if "properties" in branch]
        for branch in options:
            if "properties" in branch:
                thing = Thing(place.path, branch, objects, place.type, good_object(branch), place.put)
                things.append(thing)
                for key, part in branch["properties"].items():
                    enter(
                        Place(f"{place.path}.{key}", part, inserting(place.put, thing.good, key), thing, key), reached
                    )
            elif branch.get("type") == "array" and "items" in branch:
                # After a good item, so that the number in the path is not always 0.
                before = [good(branch["items"])]
                enter(Place(f"{place.path}[1]", branch["items"], appending(place.put, before)), reached)
            elif isinstance(branch.get("additionalProperties"), dict):
                inner = inserting(place.put, {}, "k")
                enter(Place(f"{place.path}.k", branch["additionalProperties"], inner), reached)

    for name, schema in PARAMETERS[endpoint]["properties"].items():
        if name not in own:
            enter(Place(name, schema, inserting(lambda value: value, base, name)), frozenset())
    return places, things


def inserting(put: Callable[[Any], Body], around: Body, key: str) -> Callable[[Any], Body]:
    return lambda value: put(around | {key: value})


def appending(put: Callable[[Any], Body], before: list[Any]) -> Callable[[Any], Body]:
    return lambda value: put([*before, value])


def references(schema: Schema) -> Iterator[str]:
    """Yield the names of the types that may stand at a place, not of those inside them."""
    if "$ref" in schema:
        yield schema["$ref"]
        yield from references(PARAMETERS["$defs"][schema["$ref"].rpartition("/")[2]])
    for part in schema.get("anyOf", ()):
        yield from references(part)


walked = cache(walk)


def tags_told(place: Place) -> Sequence[str]:
    """Return the values that an error in a `type` or `role` lists."""
    assert place.owner
    listed: Sequence[str] | None = place.owner.union.get("x-types") if place.key == "type" else None
    return listed or place.owner.tags(place.key)


def may_be_null(endpoint: str, place: Place) -> bool:
    """Tell whether a place may be left out, and so be null: the API takes that as if it were not there."""
    if place.owner:
        return place.key not in place.owner.type.get("required", ())
    top = PARAMETERS[endpoint]
    return place.path in top["properties"] and place.path not in top.get("required", ())


def is_open(schema: Schema) -> bool:
    """Tell whether a type allows anything."""
    return any("type" not in branch for branch in branches(schema))
