"""The values written for JSON Schemas fit them.

The `jsonschema` package judges what fits.
"""

import datetime
import json
import random
import uuid
from importlib.resources import files
from typing import Literal, Optional

import openai
import pytest
from jsonschema import Draft202012Validator
from openai.lib._pydantic import to_strict_json_schema
from pydantic import BaseModel, Field

from openai_sandbox.validation.strict import problems
from openai_sandbox.values.instances import compact, instance
from openai_sandbox.values.json_schema import accepts

from ...good_requests import closed
from .random_schemas import PROMPTS, Schema, changed, faults, ordinary_schema, strict_schema


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
    definitions = parameters.pop("$defs")
    del parameters["$comment"]
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
