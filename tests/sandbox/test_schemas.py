"""The values written for JSON Schemas fit them, and what strict mode refuses is refused in the API's words.

The `jsonschema` package judges what fits.
"""

import datetime
import ipaddress
import json
import random
import re
import uuid
from collections.abc import Callable, Mapping
from importlib.resources import files
from typing import Any, Literal, Optional

import openai
import pytest
from jsonschema import Draft202012Validator
from openai.lib._pydantic import to_strict_json_schema
from pydantic import BaseModel, Field

from openai_sandbox.validation.strict import FORMATS
from openai_sandbox.values import patterns
from openai_sandbox.values.schemas import compact, instance, problems, refusal
from openai_sandbox.values.validity import accepts

Schema = dict[str, Any]

SOME_NAMES = (
    "name",
    "title",
    "description",
    "city",
    "date",
    "email",
    "steps",
    "age",
    "price",
    "tags",
    "count",
    "status",
)
OTHER_NAMES = ("url", "order_id", "is_active", "notes", "user", "createdAt", "x", "top_k", "query", "phone", "zip")
NAMES = SOME_NAMES + OTHER_NAMES
PATTERNS = (r"^[A-Z]{3}-\d{4}$", r"^@[a-z_]{2,10}$", r"^\d{5}(-\d{4})?$", r"^[^@\s]+@[^@\s]+\.[a-z]{2,}$", "x")
PROMPTS = (
    "",
    "Ada is 36 years old and lives in Paris. Email ada@example.com, order A-12.",
    "Roll 3 dice on 2027-03-03 at 5 pm: open, high, low, x, dog. tags: red, green",
)


def closed(properties: Mapping[str, Any], **others: Any) -> Schema:
    """Return a schema of an object as strict mode wants it."""
    every: Schema = {"type": "object", "properties": dict(properties), "required": list(properties)}
    return every | {"additionalProperties": False} | others


def scalar(rng: random.Random) -> Schema:
    kind = rng.choice(["string", "integer", "number", "boolean", "null", "enum", "nullable enum", "const"])
    if kind == "enum":
        return {"type": "integer", "enum": [1, 2, 3]}
    if kind == "nullable enum":
        return {"type": ["string", "null"], "enum": ["x", "y", None]}
    if kind == "const":
        return {"type": "string", "const": rng.choice(["cat", "dog"])}
    schema: Schema = {"type": kind}
    if kind == "string":
        more = rng.choice(["", "", "pattern", "format", "enum"])
        options: dict[str, Any] = {
            "pattern": rng.choice(PATTERNS),
            "format": rng.choice(sorted(FORMATS)),
            "enum": rng.sample(["a", "b", "low", "high", "Paris", "open"], 3),
        }
        schema |= {more: options[more]} if more else {}
        if more == "enum":
            return schema
    elif kind in ("integer", "number"):
        low = rng.choice([-10, 0, 1, 2.5, 100, -1.5])
        if rng.random() < 0.4:
            schema[rng.choice(["minimum", "exclusiveMinimum"])] = low
        if rng.random() < 0.3:
            schema[rng.choice(["maximum", "exclusiveMaximum"])] = low + rng.choice([3, 10, 1000, 7.25])
        elif rng.random() < 0.3:
            schema["multipleOf"] = rng.choice([1, 2, 0.5, 0.25, 0.1, 0.01])
    if kind != "null" and rng.random() < 0.2:
        schema["type"] = [kind, "null"]
    return schema


def nested(rng: random.Random, depth: int, definitions: list[str]) -> Schema:
    chance = rng.random()
    if depth <= 0 or chance < 0.5:
        return scalar(rng)
    if chance < 0.62:
        least = rng.randint(0, 3)
        bounds: Schema = rng.choice(
            [{}, {"minItems": least}, {"maxItems": least}, {"minItems": least, "maxItems": least + 2}]
        )
        return {"type": "array", "items": nested(rng, depth - 1, definitions)} | bounds
    if chance < 0.8:
        return record(rng, depth - 1, definitions)
    if chance < 0.9 or not definitions:
        return {"anyOf": [nested(rng, depth - 1, definitions) for _ in range(rng.randint(1, 3))]}
    return rng.choice([{"$ref": f"#/$defs/{rng.choice(definitions)}"}, {"anyOf": [{"$ref": "#"}, {"type": "null"}]}])


def record(rng: random.Random, depth: int, definitions: list[str]) -> Schema:
    return closed({name: nested(rng, depth, definitions) for name in rng.sample(NAMES, rng.randint(0, 4))})


def strict_schema(rng: random.Random) -> Schema:
    """Return a schema strict mode accepts. Definitions refer to later ones, and to themselves where that can end."""
    names = rng.sample(["Step", "Node", "Tag"], rng.choice([0, 0, 1, 3]))
    schema = record(rng, 2, names)
    for number, name in enumerate(names):
        part = record(rng, 1, names[number + 1 :])
        own = {"$ref": f"#/$defs/{name}"}
        ways = {"next": {"anyOf": [own, {"type": "null"}]}, "children": {"type": "array", "items": own}}
        more = {key: ways[key] for key in ways if rng.random() < 0.5}
        schema.setdefault("$defs", {})[name] = closed(part["properties"] | more)
    return schema


def ordinary_schema(rng: random.Random, depth: int = 3) -> Schema:
    """Return a schema with keywords strict mode does not have."""
    chance = rng.random()
    if depth <= 0 or chance < 0.2:
        return scalar(rng)
    if chance < 0.25:
        least = rng.randint(0, 12)
        return {"type": "string", "minLength": least, "maxLength": least + rng.randint(0, 20)}
    if chance < 0.5:
        properties = {name: ordinary_schema(rng, depth - 1) for name in rng.sample(NAMES, rng.randint(1, 4))}
        names = list(properties)
        more: Schema = rng.choice(
            [
                {"required": rng.sample(names, rng.randint(0, len(names)))},
                {"additionalProperties": rng.choice([False, True, {"type": "string"}])},
                {"minProperties": len(names) + rng.randint(0, 2)},
                {"required": names[:1], "dependentRequired": {names[0]: names[-1:]}},
            ]
        )
        return {"type": "object", "properties": properties} | more
    if chance < 0.65:
        schema = {"type": "array", "items": ordinary_schema(rng, depth - 1)}
        return schema | rng.choice(
            [
                {"minItems": 2},
                {"uniqueItems": True, "minItems": 3, "items": {"type": rng.choice(["string", "integer"])}},
                {"prefixItems": [ordinary_schema(rng, depth - 1), {"type": "boolean"}]},
                {"contains": {"type": "integer", "minimum": 3}, "items": {}},
            ]
        )
    if chance < 0.75:
        return {"anyOf": [ordinary_schema(rng, depth - 1) for _ in range(rng.randint(1, 3))]}
    if chance < 0.82:
        kinds = rng.sample("abc", 2)
        return {"oneOf": [closed({"kind": {"const": kind}, kind: ordinary_schema(rng, depth - 2)}) for kind in kinds]}
    if chance < 0.9:
        parts = {name: ordinary_schema(rng, depth - 2) for name in rng.sample(NAMES, 2)}
        return {"allOf": [{"type": "object", "properties": {n: p}, "required": [n]} for n, p in parts.items()]}
    if chance < 0.95:
        switch = {"type": "object", "properties": {"x": {"type": "boolean"}, "y": {"type": "integer"}}}
        return switch | {"required": ["x"], "if": {"properties": {"x": {"const": True}}}, "then": {"required": ["y"]}}
    return {"type": "string", "not": {"enum": ["Example text", "Ada", "Example name"]}}


def changed(rng: random.Random, value: Any) -> Any:
    """Return a value with something changed in it."""
    if isinstance(value, dict) and value and rng.random() < 0.7:
        key = rng.choice(list(value))
        others = {name: item for name, item in value.items() if name != key}
        return rng.choice([others, value | {"other": 1}, others | {key: changed(rng, value[key])}])
    if isinstance(value, list) and value and rng.random() < 0.7:
        place = rng.randrange(len(value))
        return rng.choice([value[1:], [*value, value[0]], [*value[:place], changed(rng, value[place])]])
    return rng.choice([None, True, 0, 1, 1.0, 2.5, -7, "", "x", "dog", [], {}, "Paris", 3])


def faults(schema: Schema, value: Any) -> list[str]:
    return [fault.message for fault in Draft202012Validator(schema).iter_errors(value)]


def test_a_value_fits_every_schema_that_strict_mode_accepts() -> None:
    for seed in range(2_000):
        schema = strict_schema(random.Random(seed))
        assert problems(schema) is None, schema
        value = instance(schema, random.Random(seed), PROMPTS[seed % 3])
        assert not faults(schema, value), (seed, schema, value)


def test_a_value_fits_ordinary_schemas_too() -> None:
    for seed in range(600):
        schema = ordinary_schema(random.Random(seed))
        value = instance(schema, random.Random(seed), PROMPTS[seed % 3])
        assert not faults(schema, value), (seed, schema, value)


def test_what_fits_is_judged_as_an_independent_implementation_does() -> None:
    verdicts = []
    for seed in range(600):
        rng = random.Random(seed)
        schema = (ordinary_schema if seed % 2 else strict_schema)(rng)
        value = instance(schema, random.Random(seed))
        for _ in range(3):
            value = changed(rng, value)
            verdicts.append(accepts(schema, value, schema))
            assert verdicts[-1] == Draft202012Validator(schema).is_valid(value), (seed, schema, value)
    assert 100 < sum(verdicts) < len(verdicts) - 100


@pytest.mark.parametrize("schema", [{"enum": [1, False]}, {"const": 0}, {"const": [True]}, {"const": {"a": 1}}])
def test_truth_values_are_no_numbers(schema: Schema) -> None:
    for value in (0, 1, 0.0, 1.0, False, True, [1], [True], {"a": 1.0}, {"a": True}):
        assert accepts(schema, value, schema) == Draft202012Validator(schema).is_valid(value)


def test_a_value_fits_the_requests_of_the_api_itself() -> None:
    parameters = json.loads(files("openai_sandbox.validation").joinpath("parameters.json").read_text("utf-8"))
    parameters.pop("$comment")
    definitions = parameters.pop("$defs")
    endpoints = [schema | {"$defs": definitions} for schema in parameters.values()]
    parts = [{"$ref": f"#/$defs/{name}", "$defs": definitions} for name in definitions]
    assert len(endpoints) >= 5
    assert len(parts) >= 200
    for schema in (*endpoints, *parts):
        assert not faults(schema, instance(schema, random.Random(1), "What is the weather in Paris?"))


@pytest.mark.parametrize(
    "schema",
    [
        {},
        {"type": "object", "properties": {"a": True}, "required": ["a"]},
        {
            "type": "object",
            "patternProperties": {"^S_": {"type": "string"}, "^I_": {"type": "integer"}},
            "required": ["S_a", "I_b"],
            "additionalProperties": False,
        },
        {"type": "object", "propertyNames": {"pattern": "^[a-z]{3}$"}, "minProperties": 2},
        {"type": "object", "propertyNames": {"enum": ["a", "b"]}, "minProperties": 2},
        {"type": "object", "additionalProperties": {"type": "integer"}, "required": ["k"]},
        {
            "allOf": [{"$ref": "#/$defs/A"}, {"$ref": "#/$defs/B"}],
            "$defs": {
                "A": {"type": "object", "properties": {"a": {"type": "integer"}}, "required": ["a"]},
                "B": {"type": "object", "properties": {"a": {"minimum": 50}}},
            },
        },
        {
            "type": "object",
            "properties": {"a": {"$ref": "#/$defs/S", "maxLength": 4, "description": "Short."}},
            "required": ["a"],
            "$defs": {"S": {"type": "string", "minLength": 2}},
        },
        {
            "type": "object",
            "properties": {"a/b": {"type": "integer", "minimum": 9}, "c": {"$ref": "#/properties/a~1b"}},
            "required": ["c"],
        },
        {"type": "array", "items": {"enum": ["a", "b", "c"]}, "uniqueItems": True, "minItems": 3},
        {"type": "array", "items": {"type": "boolean"}, "uniqueItems": True, "minItems": 2},
        {"type": "array", "items": {"type": "string"}, "uniqueItems": True, "minItems": 12},
        {"type": "array", "prefixItems": [{"type": "number"}], "items": False, "minItems": 1},
        {"type": "array", "contains": {"type": "integer", "minimum": 5}, "minContains": 2, "maxContains": 3},
        {"type": "array", "items": {"type": "string"}, "maxItems": 0},
        {"type": "string", "pattern": "^[a-z]+$", "minLength": 30, "maxLength": 31},
        {"type": "string", "pattern": "b", "minLength": 10, "maxLength": 10},
        {"type": "string", "minLength": 1000},
        {"type": "string", "nullable": True},
        {"type": "string", "format": "email", "pattern": r"^(?!\.)(?!.*\.\.)[A-Za-z0-9.]+@[a-z]+\.[a-z]{2,}$"},
        {"oneOf": [{"type": "integer"}, {"type": "number", "minimum": 2}]},
        {"anyOf": [{"type": "string"}, {"type": "integer"}], "enum": ["a", 1, None]},
        {"type": "integer", "minimum": 1, "maximum": 5, "not": {"enum": [1, 2, 3, 4]}},
        {
            "type": "object",
            "properties": {"country": {"enum": ["US", "CA"]}, "zip": {"type": "string"}},
            "required": ["country", "zip"],
            "if": {"properties": {"country": {"const": "US"}}},
            "then": {"properties": {"zip": {"pattern": "^[0-9]{5}$"}}},
            "else": {"properties": {"zip": {"pattern": "^[A-Z][0-9][A-Z]$"}}},
        },
        {"type": "number", "exclusiveMinimum": 0, "exclusiveMaximum": 1e-9},
        {"type": "number", "minimum": 1e300},
        {"type": "number", "minimum": -1.7e308, "maximum": 1.7e308},
        {"type": "number", "multipleOf": 0.1, "minimum": 0.35, "maximum": 0.45},
        {"type": "integer", "multipleOf": 7, "minimum": 50, "maximum": 56},
        {"type": "integer", "multipleOf": 1.5, "minimum": 4},
        {"type": "integer", "multipleOf": 0.0001, "minimum": 4.5, "maximum": 6},
        {"type": "integer", "exclusiveMinimum": 1, "exclusiveMaximum": 3},
        {"enum": ["red", 1, True, None, {"a": 1}]},
        {"const": {"a": [1]}},
        {"allOf": [{"type": "number", "minimum": 5, "maximum": 90}, {"type": "integer", "minimum": 50, "maximum": 60}]},
        {"allOf": [{"enum": ["a", "b", "c"]}, {"enum": ["c", "d"]}, {"type": ["string", "null"]}]},
        {"allOf": [{"anyOf": [{"minimum": 3}, {"maximum": -3}]}, {"anyOf": [{"type": "integer"}]}]},
        {"type": ["object", "array", "null"]},
        {
            "type": "object",
            "properties": {"a": {"type": "string"}},
            "required": ["a"],
            "dependentSchemas": {"a": {"required": ["c"], "properties": {"c": {"type": "integer"}}}},
        },
    ],
)
def test_a_value_fits_each_keyword(schema: Schema) -> None:
    for seed in range(5):
        assert not faults(schema, instance(schema, random.Random(seed), PROMPTS[seed % 3]))


def test_recursive_schemas_end() -> None:
    node = closed({"value": {"type": "integer"}, "children": {"type": "array", "items": {"$ref": "#"}}})
    linked = closed({"next": {"anyOf": [{"$ref": "#"}, {"type": "null"}]}})
    names = [f"T{number}" for number in range(12)]
    every = closed({name: {"anyOf": [{"$ref": f"#/$defs/{name}"}, {"type": "null"}]} for name in names})
    mutual = {"$ref": "#/$defs/T0", "$defs": dict.fromkeys(names, every)}
    for schema in (node, linked, mutual):
        assert not faults(schema, instance(schema, random.Random(1)))
    tree = instance(node, random.Random(1))
    assert tree["children"][0]["children"][0]["children"] == []
    assert instance(linked, random.Random(1)) == {"next": {"next": {"next": None}}}


@pytest.mark.parametrize(
    "schema",
    [
        closed({"next": {"$ref": "#"}}),
        {"$ref": "#/$defs/A", "$defs": {"A": {"$ref": "#/$defs/A"}}},
        {"$ref": "#/$defs/A", "$defs": {"A": {"anyOf": [{"$ref": "#/$defs/A"}]}}},
        {"$ref": "#/$defs/Nowhere"},
        {"type": "string", "minLength": 5, "maxLength": 3},
        {"type": "string", "pattern": "^(?!x)x"},
        {"type": "string", "pattern": r"((a{1000}){1000}){1000}"},
        {"type": "array", "items": {"type": "null"}, "minItems": 10**9},
        {"not": {}},
        {"anyOf": [False]},
        {"enum": []},
    ],
)
def test_what_nothing_fits_ends_as_well(schema: Schema) -> None:
    json.dumps(instance(schema, random.Random(1), PROMPTS[1]))


def test_equal_seeds_give_equal_values_and_others_do_not() -> None:
    for number in range(100):
        schema = strict_schema(random.Random(number))
        assert instance(schema, random.Random(5), PROMPTS[1]) == instance(schema, random.Random(5), PROMPTS[1])
    schema = closed({"id": {"type": "string", "format": "uuid"}, "score": {"type": "integer", "maximum": 99}})
    assert len({compact(instance(schema, random.Random(seed))) for seed in range(10)}) > 5


def fields(**types: Any) -> Schema:
    return closed({name: {"type": kind} if isinstance(kind, str) else kind for name, kind in types.items()})


@pytest.mark.parametrize(
    ("prompt", "schema", "expected"),
    [
        (
            "Ada is 36 years old and lives in London.",
            fields(name="string", age="integer", city="string"),
            {"name": "Ada", "age": 36, "city": "London"},
        ),
        (
            "name: Grace Hopper, age: 41, city: New York",
            fields(name="string", age="integer", city="string"),
            {"name": "Grace Hopper", "age": 41, "city": "New York"},
        ),
        (
            "Alice and Bob are going to a science fair on Friday.",
            fields(name="string", date="string", participants={"type": "array", "items": {"type": "string"}}),
            {"name": "science fair", "date": "Friday", "participants": ["Alice", "Bob"]},
        ),
        (
            "Ada is 36 and lives in Rome. Bob is 41 years old and lives in Paris.",
            closed({"people": {"type": "array", "items": fields(name="string", age="integer", city="string")}}),
            {"people": [{"name": "Ada", "age": 36, "city": "Rome"}, {"name": "Bob", "age": 41, "city": "Paris"}]},
        ),
        (
            "Write to ada@example.com or see https://example.com/x, we open on March 3, 2027 at 3:30 pm.",
            closed(
                {
                    "email": {"type": "string", "format": "email"},
                    "website": {"type": "string"},
                    "day": {"type": "string", "format": "date"},
                    "opens": {"type": "string", "format": "date-time"},
                    "at": {"type": "string", "format": "time"},
                }
            ),
            {
                "email": "ada@example.com",
                "website": "https://example.com/x",
                "day": "2027-03-03",
                "opens": "2027-03-03T15:30:00Z",
                "at": "15:30:00Z",
            },
        ),
        ("What is 17 plus 25?", fields(a="number", b="number"), {"a": 17, "b": 25}),
        ("Two tickets at $12.50 each", fields(tickets="integer", price="number"), {"tickets": 2, "price": 12.5}),
        (
            "This one is urgent and high priority.",
            closed({"is_urgent": {"type": "boolean"}, "priority": {"type": "string", "enum": ["low", "high"]}}),
            {"is_urgent": True, "priority": "high"},
        ),
        ("It is not urgent.", fields(urgent="boolean"), {"urgent": False}),
        (
            "tags: red, green and blue. colors: none",
            closed({"tags": {"type": "array", "items": {"type": "string"}}}),
            {"tags": ["red", "green", "blue"]},
        ),
        (
            "The sizes small and large sold best.",
            closed({"sizes": {"type": "array", "items": {"type": "string", "enum": ["small", "medium", "large"]}}}),
            {"sizes": ["small", "large"]},
        ),
        ("The email is ada@example.com.", fields(nickname={"type": ["string", "null"]}), {"nickname": None}),
        ("I am Ada.", fields(age={"anyOf": [{"type": "integer"}, {"type": "null"}]}), {"age": None}),
        ("I am Ada.", fields(name={"anyOf": [{"type": "null"}, {"type": "string"}]}), {"name": "Ada"}),
        ("Zoë moved to Zürich.", fields(name="string", city="string"), {"name": "Zoë", "city": "Zürich"}),
    ],
)
def test_values_come_from_the_prompt_where_it_names_them(prompt: str, schema: Schema, expected: Any) -> None:
    assert instance(schema, random.Random(1), prompt) == expected


def test_a_value_of_the_prompt_that_does_not_fit_is_not_taken() -> None:
    schema = closed({"age": {"type": "integer", "maximum": 30}, "city": {"type": "string", "enum": ["Oslo"]}})
    assert instance(schema, random.Random(1), "Ada is 36 years old and lives in London.")["age"] <= 30
    assert instance(schema, random.Random(1), "Ada is 36 years old and lives in London.")["city"] == "Oslo"


def test_the_alternative_that_the_prompt_mentions_is_taken() -> None:
    pets = [closed({"kind": {"type": "string", "const": kind}}) for kind in ("cat", "dog", "bird")]
    for kind in ("cat", "dog", "bird"):
        value = instance(closed({"pet": {"anyOf": pets}}), random.Random(1), f"I have a {kind}.")
        assert value == {"pet": {"kind": kind}}


def test_without_a_hint_values_are_plain() -> None:
    schema = fields(name="string", city="string", email="string", explanation="string", temperature="number")
    assert instance(schema, random.Random(1)) == {
        "name": "Ada Lovelace",
        "city": "Paris",
        "email": "ada@example.com",
        "explanation": "Example explanation",
        "temperature": 21.5,
    }
    assert instance({"type": "array", "items": {"type": "string"}}, random.Random(1)) == [
        "Example text",
        "Example text 2",
    ]


def test_a_very_long_prompt_is_read_in_part() -> None:
    prompt = "name: Ada " + "about (a-a ' x: 1 " * 60_000 + "city: Rome"
    assert instance(fields(name="string", city="string"), random.Random(1), prompt) == {"name": "Ada", "city": "Rome"}


@pytest.mark.parametrize("unit", ["9", "1,", "a-", "1 2:3 ", "March 3 ", "a@b.", "'", "(", "in A, ", "is x: ", "“"])
def test_a_strange_prompt_does_no_harm(unit: str) -> None:
    schema = fields(**dict.fromkeys(NAMES, "string") | {"age": "integer", "count": "number", "is_active": "boolean"})
    assert not faults(schema, instance(schema, random.Random(1), (unit * 8_000)[:8_000]))


CHECKS: dict[str, Callable[[str], Any]] = {
    "date": datetime.date.fromisoformat,
    "date-time": datetime.datetime.fromisoformat,
    "duration": re.compile(r"P(\d+D)?(T(\d+H)?(\d+M)?)?").fullmatch,
    "email": re.compile(r"[a-z]+@[a-z]+\.[a-z]+").fullmatch,
    "hostname": re.compile(r"[a-z]+\.[a-z]+").fullmatch,
    "ipv4": ipaddress.IPv4Address,
    "ipv6": ipaddress.IPv6Address,
    "time": datetime.time.fromisoformat,
    "uuid": uuid.UUID,
}


@pytest.mark.parametrize("name", sorted(FORMATS))
def test_every_format_of_strict_mode_is_met(name: str) -> None:
    schema = {"type": "array", "items": {"type": "string", "format": name}, "minItems": 4}
    for text in instance(schema, random.Random(1)):
        assert CHECKS[name](text)


@pytest.mark.parametrize(
    "pattern",
    [
        *PATTERNS,
        r"^(?!^[-+.]*$)[+-]?0*\d*\.?\d*$",
        r"(a|b)+\1?",
        r"^(\w+\s)+\w+$",
        r"^[^a-z]+$",
        r"^\S+\s\D$",
        r"^[\W]+$",
        r"^[\u4e00-\u9fff]{2}$",
        r"^(?P<word>[a-z]+)-(?P=word)$",
        r"^x{3,}?y*+$",
        r"^(?>ab)c$",
        "^$",
        "",
    ],
)
def test_texts_are_made_for_patterns(pattern: str) -> None:
    for seed in range(10):
        text = patterns.matching(pattern, random.Random(seed))
        assert text is not None
        assert re.search(pattern, text)


class Step(BaseModel):
    explanation: str
    output: str


class Solution(BaseModel):
    """An answer with the way to it."""

    steps: list[Step]
    final_answer: str


class Folder(BaseModel):
    name: str
    folders: list["Folder"]
    parent: Optional["Folder"]


class Card(BaseModel):
    kind: Literal["card"]
    number: str = Field(pattern=r"^\d{4}-\d{4}$")


class Cash(BaseModel):
    kind: Literal["cash"]
    amount: float = Field(gt=0, le=500)


class Order(BaseModel):
    id: uuid.UUID
    made: datetime.datetime
    due: datetime.date | None
    status: Literal["open", "closed"]
    priority: int = Field(ge=1, le=5)
    payment: Card | Cash = Field(description="How it is paid.")
    lines: list[Step] = Field(min_length=1, max_length=3)


@pytest.mark.parametrize("model", [Solution, Folder, Order])
def test_what_is_written_for_a_model_of_pydantic_can_be_read_by_it(model: type[BaseModel]) -> None:
    strict = to_strict_json_schema(model)
    function = openai.pydantic_function_tool(model)["function"].get("parameters")
    assert function == strict
    assert problems(strict) is None
    assert problems(model.model_json_schema()) is not None
    for schema in (strict, model.model_json_schema()):
        for seed in range(20):
            model.model_validate_json(compact(instance(schema, random.Random(seed), PROMPTS[seed % 3])))


def test_json_text_is_compact() -> None:
    assert compact({"city": "Zürich", "days": [1, 2.5, None]}) == '{"city":"Zürich","days":[1,2.5,null]}'


def test_whole_numbers_are_written_without_a_point() -> None:
    for seed in range(20):
        for bounds in ({}, {"multipleOf": 0.5}, {"minimum": 2.5}, {"multipleOf": 2, "maximum": -3}):
            assert "." not in compact(instance({"type": "integer"} | bounds, random.Random(seed), "I have 3.5 of x."))


TEXT = {"type": "string"}


@pytest.mark.parametrize(
    ("schema", "path", "message"),
    [
        (
            {"type": "object", "properties": {}},
            "()",
            "In context=(), 'additionalProperties' is required to be supplied and to be false.",
        ),
        (
            closed({"a": {"type": "object", "properties": {}, "additionalProperties": {"type": "string"}}}),
            "('properties', 'a')",
            "In context=('properties', 'a'), 'additionalProperties' is required to be supplied and to be false.",
        ),
        (
            closed({"x": TEXT}, required=[]),
            "()",
            "In context=(), 'required' is required to be supplied and to be an array including every key in "
            "properties. Missing 'x'.",
        ),
        (
            closed({"x": TEXT}, required=["x", "y"]),
            "()",
            "In context=(), 'required' is required to be supplied and to be an array including every key in "
            "properties. Extra required key 'y' supplied.",
        ),
        (
            closed({"ok": {"const": True}}),
            "('properties', 'ok')",
            "In context=('properties', 'ok'), schema must have a 'type' key.",
        ),
        (
            closed({"a": True}),
            "('properties', 'a')",
            "In context=('properties', 'a'), schema must have a 'type' key.",
        ),
        (
            {"type": "array", "items": TEXT},
            "()",
            "schema must be a JSON Schema of 'type: \"object\"', got 'type: \"array\"'.",
        ),
        (
            {"anyOf": [closed({})]},
            "()",
            "schema must be a JSON Schema of 'type: \"object\"', got 'type: \"None\"'.",
        ),
        (
            closed({}, anyOf=[closed({})]),
            "()",
            "schema must have type 'object' and not have 'oneOf'/'anyOf'/'allOf'/'enum'/'not' at the top level.",
        ),
        ({"oneOf": [closed({})]}, "()", "In context=(), 'oneOf' is not permitted."),
        (
            closed({"tags": {"type": "array", "items": TEXT, "uniqueItems": True}}),
            "('properties', 'tags')",
            "In context=('properties', 'tags'), 'uniqueItems' is not permitted.",
        ),
        (
            closed({"a": {"type": "array", "items": TEXT | {"minLength": 1}}}),
            "('properties', 'a', 'items')",
            "In context=('properties', 'a', 'items'), 'minLength' is not permitted.",
        ),
        (
            closed({"paths": {"type": "array"}}),
            "('properties', 'paths')",
            "In context=('properties', 'paths'), array schema missing items.",
        ),
        (
            {"type": "object", "additionalProperties": False},
            "()",
            "In context=(), object schema missing properties.",
        ),
        (
            closed({"url": TEXT | {"format": "uri"}}),
            "('properties', 'url')",
            "In context=('properties', 'url'), 'uri' is not a valid format.",
        ),
        (
            closed({"url": {"type": ["string", "null"], "format": "uri"}}),
            "('properties', 'url', 'type', '0')",
            "In context=('properties', 'url', 'type', '0'), 'uri' is not a valid format.",
        ),
        (
            closed({"guide": {"anyOf": [TEXT, {"type": "null", "enum": ["javascript"]}]}}),
            "('properties', 'guide', 'anyOf', '1')",
            "context=('properties', 'guide', 'anyOf', '1'), enum value javascript does not validate against "
            "{'type': 'null'}.",
        ),
        (
            closed({"a": {"$ref": "#/$defs/A", "description": "An A."}}, **{"$defs": {"A": TEXT}}),
            "('properties', 'a')",
            "context=('properties', 'a'), $ref cannot have keywords {'description'}.",
        ),
        (
            closed({"x": TEXT, "y": {"type": "array", "items": {"$ref": "#/properties/x"}}}),
            "('properties', 'y', 'items')",
            "In context=('properties', 'y', 'items'), reference can only point to definitions defined at the top level "
            "of the schema.",
        ),
        (
            closed({"verdict": {"$ref": "#/$defs/Verdict"}}),
            "('properties', 'verdict')",
            "In context=('properties', 'verdict'), reference to component '#/$defs/Verdict' which was not found in the "
            "schema.",
        ),
        (
            closed({}, **{"$defs": {"A": {"type": "object", "properties": {}}}}),
            "('$defs', 'A')",
            "In context=('$defs', 'A'), 'additionalProperties' is required to be supplied and to be false.",
        ),
        (
            closed({"to": {"type": "array", "items": {"anyOf": [TEXT | {"pattern": r"^(?!x)\w"}]}}}),
            "$.properties.to.items.anyOf[0].pattern",
            "regex lookaround is not supported. Found at $.properties.to.items.anyOf[0].pattern.",
        ),
        (closed({"a": TEXT | {"pattern": r"^\p{L}$"}}), "('properties', 'a')", r"'^\\p{L}$' is not a 'regex'."),
        ({"type": "object", "properties": {}, "required": None}, "()", "None is not of type 'array'."),
        ({"type": "object", "properties": {}, "required": [1]}, "()", "1 is not of type 'string'."),
        ([], "()", "[] is not of type 'object', 'boolean'."),
        (
            closed({"a": {"type": "str"}}),
            "('properties', 'a')",
            "'str' is not valid under any of the given schemas.",
        ),
    ],
)
def test_what_strict_mode_refuses_is_refused_in_the_apis_words(schema: Any, path: str, message: str) -> None:
    assert problems(schema) == (path, message)


def deep(levels: int) -> Schema:
    schema: Schema = TEXT
    for _ in range(levels):
        schema = closed({"a": schema})
    return schema


def options(*counts: int, length: int = 6) -> Schema:
    return closed(
        {f"e{i}": TEXT | {"enum": [f"{n:0{length}}" for n in range(count)]} for i, count in enumerate(counts)}
    )


@pytest.mark.parametrize(
    ("fitting", "too_large", "message"),
    [
        (
            closed({f"p{number}": TEXT for number in range(5000)}),
            closed({f"p{number}": TEXT for number in range(5001)}),
            "5001 parameters exceeds limit of 5000.",
        ),
        (deep(10), deep(11), "11 levels of nesting exceeds limit of 10."),
        (
            options(250, 250, 250, 250),
            options(250, 250, 250, 251),
            "Expected at most 1000 enum values in total within a single schema when using structured outputs, but "
            "received 1001. Consider reducing the number of enums, or use 'strict: false' to opt out of structured "
            "outputs.",
        ),
        (
            options(250, length=100),
            options(251, length=100),
            "Expected at most 15000 total characters across enum values when there are more than 250 enum values, but "
            "received 25100. Consider reducing the number of enums, or opt out of structured outputs by setting "
            "'strict: false'.",
        ),
    ],
)
def test_schemas_have_a_size_limit(fitting: Schema, too_large: Schema, message: str) -> None:
    assert problems(fitting) is None
    assert problems(too_large) == ("()", message)


@pytest.mark.parametrize(
    "schema",
    [
        closed({}),
        closed({"a": TEXT | {"default": "x", "title": "A", "examples": ["x"], "unheard_of": 1}}),
        closed({"a": {"type": ["string", "null"], "enum": ["x", None]}}),
        closed({"a": {"type": "number", "minimum": 0, "exclusiveMaximum": 9, "multipleOf": 0.5}}),
        closed({"a": {"type": "array", "items": TEXT, "minItems": 1, "maxItems": 3}}),
        closed({"a": TEXT | {"pattern": r"^[(?=]\(\?!$"}}),
        closed({"a": {"anyOf": [{"$ref": "#"}, {"$ref": "#/definitions/b"}]}}, definitions={"b": TEXT}),
        closed({"oneOf": TEXT, "not": TEXT, "format": TEXT | {"format": "date"}}),
    ],
)
def test_what_is_not_known_to_be_refused_passes(schema: Schema) -> None:
    assert problems(schema) is None


def test_without_strict_mode_a_function_needs_little() -> None:
    assert problems({"type": "object", "properties": {"a": {"oneOf": [TEXT, {}]}}}, strict=False) is None
    assert problems({"type": "object"}, strict=False) == ("()", "In context=(), object schema missing properties.")
    missing = {"type": "object", "properties": {"a": {"anyOf": [{"type": "array"}]}}}
    message = "In context=('properties', 'a', 'anyOf', '0'), array schema missing items."
    assert problems(missing, strict=False) == ("('properties', 'a', 'anyOf', '0')", message)
    assert refusal({"type": "object"}, "response_format", "r", strict=False) is None


@pytest.mark.parametrize(
    ("where", "param", "code"),
    [
        ("function", "tools[1].parameters", "invalid_function_parameters"),
        ("text.format", "text.format.schema", "invalid_json_schema"),
        ("response_format", "response_format", None),
    ],
)
def test_a_refusal_names_what_the_schema_belongs_to(
    where: Literal["function", "text.format", "response_format"], param: str, code: str | None
) -> None:
    assert refusal(closed({}), where, "Answer", param="tools[1].parameters") is None
    error = refusal(TEXT, where, "Answer", param="tools[1].parameters")
    assert error is not None
    word = "function" if where == "function" else "response_format"
    assert (error.status, error.type, error.param, error.code) == (400, "invalid_request_error", param, code)
    sentence = "schema must be a JSON Schema of 'type: \"object\"', got 'type: \"string\"'."
    assert error.message == f"Invalid schema for {word} 'Answer': {sentence}"


@pytest.mark.parametrize(("where", "param"), [("function", "tools"), ("text.format", "text.format.schema")])
def test_lookarounds_are_refused_in_other_words(where: Literal["function", "text.format"], param: str) -> None:
    error = refusal(closed({"a": TEXT | {"pattern": "(?<=x)y"}}), where, "f", param="tools[0].parameters")
    assert error is not None
    assert (error.param, error.code) == (param, "invalid_json_schema")
    assert error.message == ("Invalid JSON schema: regex lookaround is not supported. Found at $.properties.a.pattern.")
