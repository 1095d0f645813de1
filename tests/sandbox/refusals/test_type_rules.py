"""A value of a wrong type is refused by its place and type, in every field at every level of a body."""

from collections.abc import Iterator, Sequence
from typing import Any

import pytest

from .answers import BAD, Answer, bad_value, listing, wrong_type
from .asker import (
    CREATE_COMPLETION,
    CREATE_EMBEDDINGS,
    CREATE_RESPONSE,
    Asker,
    Body,
    Case,
    check,
    report,
)
from .spoiling import Place, Schema, branches, is_open, may_be_null, tags_told, texts, walked

# A value of each JSON type, and what the API calls it.
VALUES: list[tuple[str, Any, str]] = [
    ("string", "x", "a string"),
    ("boolean", True, "a boolean"),
    ("integer", 7, "an integer"),
    ("number", 0.5, "a decimal number"),
    ("array", [], "an array"),
    ("object", {}, "an object"),
    ("null", None, "null"),
]


CALLED = {"string": "a string", "boolean": "a boolean", "integer": "an integer", "number": "a decimal"}
CALLED |= {"object": "an object"}


def called(schema: Schema) -> str | None:
    """Say what the API says it expects, None where only the measured refusals know it: with long names, say."""
    if "x-called" in schema:
        return schema["x-called"] if isinstance(schema["x-called"], str) else None
    words = []
    for branch in branches(schema):
        if branch.get("type") == "null":
            continue
        word = called_alone(branch, texts(schema))
        if word is None:
            return None
        words.append(word)
    words = list(dict.fromkeys(words))
    rest = [word.removeprefix("an ").removeprefix("a ") for word in words[1:]]
    return f"one of {' or '.join([words[0], *rest])}" if rest else words[0]


def called_alone(branch: Schema, options: Sequence[str]) -> str | None:
    """Say what the API says it expects where there is one kind of it; `options` are those of a string."""
    kind = branch.get("type", "object")
    if "x-called" in branch:
        return str(branch["x-called"])
    if kind == "string" and options:
        return f"one of {listing(options, 'or')}" if max(map(len, options)) <= 12 else None
    if kind != "array":
        return CALLED[kind]
    item = called(branch.get("items", {"type": "object"}))
    if item is None or item.startswith("one of '"):
        return item and f"an array of {item}"
    return {"a string": "an array of strings", "an integer": "an array of integers"}.get(item, "an array of objects")


def wrong_types(endpoint: str, every: int) -> Iterator[tuple[Place, Body, str]]:
    """Yield bodies with a value of a wrong type, or null, and what it is called. Each `every`th only, to save time."""
    number = 0
    for place in walked(endpoint)[0]:
        if is_open(place.type) or place.is_tag():
            continue
        fitting = {branch["type"] for branch in branches(place.type)}
        fitting |= {"integer"} if "number" in fitting else set()
        for kind, value, name in VALUES:
            if kind not in fitting and (value is not None or (endpoint, place.path) != (CREATE_RESPONSE, "input")):
                number += 1
                if number % every == 0:
                    yield place, place.put(value), name


@pytest.mark.simulates("error-places")
@pytest.mark.simulates("nulls")
@pytest.mark.parametrize(
    ("endpoint", "every", "least"),
    [
        (CREATE_RESPONSE, 1, 5100),
        (CREATE_COMPLETION, 1, 1400),
        (CREATE_EMBEDDINGS, 1, 18),
        ("responses.input_tokens.count", 10, 480),
        ("conversations.create", 20, 190),
        ("conversations.items.create", 20, 190),
        ("moderations.create", 1, 35),
        ("batches.create", 1, 45),
    ],
)
def test_a_value_of_a_wrong_type_is_named(asker: Asker, endpoint: str, every: int, least: int) -> None:
    wrong, number = [], 0
    for place, body, name in wrong_types(endpoint, every):
        number += 1
        got, expected = asker.post(endpoint, body), called(place.type)
        if name == "null" and may_be_null(endpoint, place):
            # As if it were left out: what else is wrong with the body then is another matter.
            if got.code == "invalid_type" and got.param == place.path:
                wrong.append(report(body, Answer(200), got))
            continue
        start, end = f"Invalid type for '{place.path}': expected ", f", but got {name} instead."
        fine = got[:4] == (400, BAD, "invalid_type", place.path) and got.message.startswith(start)
        said = got.message.removeprefix(start).removesuffix(end)
        if not (fine and got.message.endswith(end) and said and expected in (None, said)):
            wrong.append(report(body, wrong_type(place.path, expected or "...", name), got))
    check(wrong, number, least)


@pytest.mark.parametrize("endpoint", [CREATE_RESPONSE, CREATE_COMPLETION])
def test_almost_all_that_is_expected_is_known_here_too(endpoint: str) -> None:
    places = [place for place in walked(endpoint)[0] if not is_open(place.type) and not place.is_tag()]
    assert sum(called(place.type) is not None for place in places) > 0.95 * len(places)


@pytest.mark.parametrize(
    ("endpoint", "least"), [(CREATE_RESPONSE, 950), (CREATE_COMPLETION, 180), ("conversations.create", 720)]
)
def test_a_type_or_role_that_is_no_string_is_named(asker: Asker, endpoint: str, least: int) -> None:
    cases = []
    for place in walked(endpoint)[0]:
        if not place.is_tag() or not place.owner or "x-otherwise" in place.owner.union:
            continue
        whole = place.owner.union.get("x-whole")
        for kind, value, name in VALUES:
            if kind != "string" and not fits_null(place, value):
                refusal = bad_value(place.owner.path, "", tags_told(place))
                cases.append(Case(place.put(value), refusal if whole else wrong_type(place.path, "a string", name)))
    check(asker.differing(endpoint, cases), len(cases), least)


def fits_null(place: Place, value: Any) -> bool:
    return value is None and any(branch.get("type") == "null" for branch in branches(place.type))
