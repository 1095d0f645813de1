"""Values that come from the prompt where it names them, and plain ones where it does not."""

import random
from typing import Any

import pytest

from openai_sandbox.values.instances import instance

from ...good_requests import closed
from .random_schemas import NAMES, Schema, faults


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
