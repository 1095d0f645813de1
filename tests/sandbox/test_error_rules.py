"""The rule behind each error holds for every field it applies to, at every level of a body.

The cases are made from the data that the sandbox enforces: the schemas of parameters.json and the limits of
bounds.json. Each body is good but for one thing, and the error has to name that thing. Cases are sent many to a test;
each test says how many there are at least.
"""

import json
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from functools import cache
from importlib.resources import files
from itertools import product
from typing import Any

import pytest

from .asking import (
    BAD,
    CHAT,
    EMBEDDINGS,
    GOOD,
    HI,
    RESPONSES,
    Answer,
    Asker,
    Body,
    Case,
    bad_value,
    check,
    listing,
    missing,
    refused,
    report,
    unknown,
    wrong_type,
)
from .spoiling import OWN, PARAMETERS, Place, Schema, branches, good, inserting, is_open, texts, walked

BOUNDS: dict[str, Any] = json.loads(files("openai_sandbox.validation").joinpath("bounds.json").read_text("utf-8"))

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
NOT_THERE = "no-such-value"


# The bodies that the other tests spoil.


@pytest.mark.parametrize("endpoint", GOOD)
def test_the_bodies_are_good_before_they_are_spoiled(asker: Asker, endpoint: str) -> None:
    assert asker.post(endpoint, GOOD[endpoint][1]) == Answer(200)
    codes = {"invalid_type", "invalid_value", "missing_required_parameter", "unknown_parameter"}
    answers = [(thing, asker.post(endpoint, thing.put(thing.good))) for thing in walked(endpoint)[1]]
    wrong = [report(thing.good, "good", got) for thing, got in answers if got.code in codes or got.status >= 500]
    check(wrong, len(answers), {RESPONSES: 285, CHAT: 90}.get(endpoint, 0))


# Types.


def called(schema: Schema) -> str | None:
    """Say what the API says it expects, None where only test_measured_refusals.py knows it: with long names, say."""
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
    """Yield bodies with a value of a wrong type, and what it is called. Only each `every`th, to save time."""
    number = 0
    for place in walked(endpoint)[0]:
        if is_open(place.type) or place.is_tag():
            continue
        fitting = {branch["type"] for branch in branches(place.type)}
        fitting |= {"integer"} if "number" in fitting else set()
        for kind, value, name in VALUES:
            if kind not in fitting and (value is not None or (endpoint, place.path) != (RESPONSES, "input")):
                number += 1
                if number % every == 0:
                    yield place, place.put(value), name


@pytest.mark.simulates("error-places")
@pytest.mark.parametrize(
    ("endpoint", "every", "least"),
    [
        (RESPONSES, 1, 5100),
        (CHAT, 1, 1400),
        (EMBEDDINGS, 1, 18),
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
        start, end = f"Invalid type for '{place.path}': expected ", f", but got {name} instead."
        fine = got[:4] == (400, BAD, "invalid_type", place.path) and got.message.startswith(start)
        said = got.message.removeprefix(start).removesuffix(end)
        if not (fine and got.message.endswith(end) and said and expected in (None, said)):
            wrong.append(report(body, wrong_type(place.path, expected or "...", name), got))
    check(wrong, number, least)


@pytest.mark.parametrize("endpoint", [RESPONSES, CHAT])
def test_almost_all_that_is_expected_is_known_here_too(endpoint: str) -> None:
    places = [place for place in walked(endpoint)[0] if not is_open(place.type) and not place.is_tag()]
    assert sum(called(place.type) is not None for place in places) > 0.95 * len(places)


@pytest.mark.parametrize(("endpoint", "least"), [(RESPONSES, 950), (CHAT, 180), ("conversations.create", 720)])
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


def tags_told(place: Place) -> Sequence[str]:
    """Return the values that an error in a `type` or `role` lists."""
    assert place.owner
    listed: Sequence[str] | None = place.owner.union.get("x-types") if place.key == "type" else None
    return listed or place.owner.tags(place.key)


# Values.


@pytest.mark.simulates("error-places")
@pytest.mark.parametrize(
    ("endpoint", "least"),
    [
        (RESPONSES, 500),
        (CHAT, 110),
        (EMBEDDINGS, 3),
        ("responses.input_tokens.count", 450),
        ("conversations.create", 350),
        ("batches.create", 9),
    ],
)
def test_a_value_that_is_not_supported_is_told_which_are(asker: Asker, endpoint: str, least: int) -> None:
    cases = [
        Case(place.put(value), bad_value(place.path, value, texts(place.type)))
        for place in walked(endpoint)[0]
        if texts(place.type) and not place.is_tag()
        for value in (NOT_THERE, "", texts(place.type)[0].upper())
        if value not in texts(place.type)
    ]
    check(asker.differing(endpoint, cases), len(cases), least)


@pytest.mark.parametrize(("endpoint", "least"), [(RESPONSES, 190), (CHAT, 30), ("conversations.create", 150)])
def test_an_object_of_no_known_type_or_role_is_told_which_there_are(asker: Asker, endpoint: str, least: int) -> None:
    cases = []
    for place in walked(endpoint)[0]:
        if not place.is_tag() or not place.owner or "x-otherwise" in place.owner.union:
            continue
        path = place.owner.path if place.owner.union.get("x-whole") else place.path
        cases.append(Case(place.put(NOT_THERE), bad_value(path, NOT_THERE, tags_told(place))))
    check(asker.differing(endpoint, cases), len(cases), least)


@pytest.mark.parametrize(("endpoint", "field"), [(RESPONSES, "input"), ("conversations.items.create", "items")])
def test_a_part_of_a_message_that_fits_another_role_only_is_told_what_fits(
    asker: Asker, endpoint: str, field: str
) -> None:
    cases = []
    for place in walked(endpoint)[0]:
        here = place.type.get("x-here")
        if here:
            foreign = [name for name in place.type["x-types"] if name not in here]
            cases += [Case(place.put({"type": name}), bad_value(place.path, name, here)) for name in foreign]
            assert place.path == f"{field}[1].content[1]"
    check(asker.differing(endpoint, cases), len(cases), 12)


# Keys.


@pytest.mark.simulates("error-places")
@pytest.mark.parametrize(
    ("endpoint", "least"),
    [
        (RESPONSES, 490),
        (CHAT, 145),
        (EMBEDDINGS, 1),
        ("responses.input_tokens.count", 475),
        ("conversations.create", 390),
        ("conversations.items.create", 390),
        ("chat.completions.update", 1),
        ("conversations.update", 1),
        ("batches.create", 5),
        ("moderations.create", 6),
    ],
)
def test_a_missing_key_is_named(asker: Asker, endpoint: str, least: int) -> None:
    base, own = GOOD[endpoint][1], OWN.get(endpoint, set()) - {"input"}
    needed = {"input"} if endpoint == RESPONSES else set(PARAMETERS[endpoint].get("required", ())) - own
    cases = [Case({name: value for name, value in base.items() if name != key}, missing(key)) for key in needed]
    for thing in walked(endpoint)[1]:
        for key in thing.type.get("required", ()):
            # Without its type an item is a message, and a choice of tools one of a function.
            if not (thing.tags(key) and thing.union.keys() & {"x-whole", "x-otherwise"}):
                left = {name: value for name, value in thing.good.items() if name != key}
                cases.append(Case(thing.put(left), missing(f"{thing.path}.{key}")))
    check(asker.differing(endpoint, cases), len(cases), least)


@pytest.mark.simulates("error-places")
@pytest.mark.parametrize(
    ("endpoint", "least"),
    [
        (RESPONSES, 285),
        (CHAT, 90),
        (EMBEDDINGS, 1),
        ("responses.input_tokens.count", 270),
        ("conversations.create", 210),
        ("conversations.items.create", 210),
        ("chat.completions.update", 1),
        ("conversations.update", 1),
        ("batches.create", 2),
    ],
)
def test_an_unknown_key_is_named(asker: Asker, endpoint: str, least: int) -> None:
    more = {"no_such_key": 1}
    cases = [Case(GOOD[endpoint][1] | more, unknown("no_such_key"))]
    things = walked(endpoint)[1]
    cases += [Case(thing.put(thing.good | more), unknown(f"{thing.path}.no_such_key")) for thing in things]
    check(asker.differing(endpoint, cases), len(cases), least)


@cache
def edits(left: str, right: str) -> int:
    """Return how many letters have to be added, removed or replaced, 3 if it is more than 2."""
    if not left or not right or abs(len(left) - len(right)) > 2:
        return min(3, max(len(left), len(right)) if not left or not right else 3)
    if left[0] == right[0]:
        return edits(left[1:], right[1:])
    return min(3, 1 + min(edits(left[1:], right), edits(left, right[1:]), edits(left[1:], right[1:])))


def misspelled(known: Collection[str], given: Body) -> Iterator[tuple[str, list[str]]]:
    """Yield names with one to three letters too few or too many, and what they are near to, the nearest first."""
    candidates = sorted(known - given.keys())
    for name in candidates:
        for typo in (name[:-1], f"zz{name}", f"{name}zzz"):
            if typo and typo not in known:
                near = sorted((edits(typo, other), other) for other in candidates)
                yield typo, [other for away, other in near if away <= 2]


@pytest.mark.parametrize(("endpoint", "least"), [(RESPONSES, 730), (CHAT, 250), (EMBEDDINGS, 9), ("batches.create", 6)])
def test_a_misspelled_key_is_told_what_may_be_meant(asker: Asker, endpoint: str, least: int) -> None:
    known, base = PARAMETERS[endpoint]["properties"].keys(), GOOD[endpoint][1]
    cases = [Case(base | {typo: 1}, unknown(typo, near)) for typo, near in misspelled(known, base)]
    seen = set()
    for thing in walked(endpoint)[1]:
        keys = tuple(thing.type["properties"])
        if keys in seen:
            continue  # the same object elsewhere
        seen.add(keys)
        for typo, near in misspelled(thing.type["properties"].keys(), thing.good):
            cases.append(Case(thing.put(thing.good | {typo: 1}), unknown(f"{thing.path}.{typo}", near)))
    check(asker.differing(endpoint, cases), len(cases), least)
    assert {0, 1} <= {case.expected.message.count("'") // 2 - 1 for case in cases}, "with and without suggestions"


def test_unknown_keys_of_moderations_are_ignored(asker: Asker) -> None:
    assert asker.post("moderations.create", {"input": "Hi", "no_such_key": 1}) == Answer(200)
    parts = {"input": [{"type": "text", "text": "Hi", "no_such_key": 1}]}
    assert asker.post("moderations.create", parts) == Answer(200)


# Limits.


def out_of_bounds(name: str, limits: Mapping[str, Any]) -> Iterator[tuple[Any, Answer]]:
    """Yield values just outside the limits of a field, and the refusals."""
    number = "integer" if limits.get("integer") else "decimal"
    for limit, sign, word, beyond in (("minimum", ">=", "below", -1), ("maximum", "<=", "above", 1)):
        if limit in limits:
            for step in (1, 1000) if number == "integer" else (0.5, 7):
                value = limits[limit] + beyond * step
                told = f"Expected a value {sign} {limits[limit]}, but got {value} instead."
                said = f"Invalid '{name}': {number} {word} {limit} value. {told}"
                yield value, refused(f"{number}_{word}_{limit[:3]}_value", name, said)
    if "min_items" in limits:
        said = "empty array. Expected an array with minimum length 1, but got an empty array instead."
        yield [], refused("empty_array", name, f"Invalid '{name}': {said}")
    if "max_items" in limits:
        most = limits["max_items"]
        said = f"Expected an array with maximum length {most}, but got an array with length {most + 1} instead."
        item = HI if name == "items" else "x"
        yield [item] * (most + 1), refused("array_above_max_length", name, f"Invalid '{name}': array too long. {said}")
    if "max_properties" in limits:
        yield from metadata_out_of_bounds(name, limits)


def metadata_out_of_bounds(name: str, limits: Mapping[str, Any]) -> Iterator[tuple[Any, Answer]]:
    most, key, value = limits["max_properties"], limits["max_key_length"], limits["max_value_length"]
    said = f"Expected an object with at most {most} properties, but got an object with {most + 1} properties instead."
    full = refused("object_above_max_properties", name, f"Invalid '{name}': too many properties. {said}")
    yield {str(number): "v" for number in range(most + 1)}, full
    said = f"Expected a string with maximum length {key}, but got a string with length {key + 1} instead."
    long = f"Invalid property name in '{name}': 'aaa...bbb' is too long. {said}"
    text = "aaa".ljust(key - 2, "x") + "bbb"
    yield {"a": "b", text: "v"}, refused("property_name_above_max_length", f"{name}.{text}", long)
    said = f"Expected a string with maximum length {value}, but got a string with length {value + 1} instead."
    long = f"Invalid '{name}.k': string too long. {said}"
    yield {"a": "b", "k": "x" * (value + 1)}, refused("string_above_max_length", f"{name}.k", long)


def within_bounds(name: str, limits: Mapping[str, Any]) -> list[Any]:
    """Return values just inside the limits."""
    values = [limits[limit] for limit in ("minimum", "maximum") if limit in limits]
    item = HI if name in ("items", "messages") else "x"
    values += [[item] * limits[limit] for limit in ("min_items", "max_items") if limit in limits]
    if "max_properties" in limits:
        names = [str(number).rjust(limits["max_key_length"], "k") for number in range(limits["max_properties"])]
        values.append(dict.fromkeys(names, "x" * limits["max_value_length"]))
    return values


def bounded() -> Iterator[tuple[str, str, Callable[[Any], Body]]]:
    """Yield every limited field of every endpoint that has it, and how to put a value there."""
    for endpoint, (_, base) in GOOD.items():
        for name in BOUNDS:
            first, _, second = name.partition(".")
            if first in PARAMETERS[endpoint]["properties"]:
                inner: Body = good(PARAMETERS[endpoint]["properties"][first]) if second else {}
                around = inserting(lambda value: value, base | BESIDE.get((endpoint, name), {}), first)
                yield endpoint, name, inserting(around, inner, second) if second else around


# What else a field needs to be taken.
BESIDE = {(CHAT, "top_logprobs"): {"logprobs": True}}


def test_a_value_out_of_bounds_is_told_the_bound(asker: Asker) -> None:
    cases = [
        (endpoint, Case(put(value), expected))
        for endpoint, name, put in bounded()
        for value, expected in out_of_bounds(name, BOUNDS[name])
    ]
    check([line for endpoint, case in cases for line in asker.differing(endpoint, [case])], len(cases), 80)


def test_a_value_just_within_bounds_is_taken(asker: Asker) -> None:
    cases = [
        (endpoint, Case(put(value), Answer(200)))
        for endpoint, name, put in bounded()
        for value in within_bounds(name, BOUNDS[name])
    ]
    check([line for endpoint, case in cases for line in asker.differing(endpoint, [case])], len(cases), 39)


def test_every_bound_belongs_to_a_field() -> None:
    forms = {"expires_after.seconds"}  # of uploads: test_files.py
    assert {name for _, name, _ in bounded()} == BOUNDS.keys() - forms


@pytest.mark.parametrize(("endpoint", "least"), [(RESPONSES, 3), (CHAT, 2)])
def test_what_may_not_be_empty_is_told_so(asker: Asker, endpoint: str, least: int) -> None:
    kinds: tuple[tuple[str, str, str, Any], ...] = (("minItems", "an", "array", []), ("minLength", "a", "string", ""))
    cases = []
    for place, (keyword, article, kind, empty) in product(walked(endpoint)[0], kinds):
        if any(keyword in branch for branch in branches(place.type)):
            said = f"Expected {article} {kind} with minimum length 1, but got an empty {kind} instead."
            refusal = refused(f"empty_{kind}", place.path, f"Invalid '{place.path}': empty {kind}. {said}")
            cases.append(Case(place.put(empty), refusal))
    check(asker.differing(endpoint, cases), len(cases), least)


LISTS = {
    "/v1/responses/{response}/input_items": 100,
    "/v1/conversations/{conversation}/items": 100,
    "/v1/chat/completions": 100,
    "/v1/chat/completions/{completion}/messages": 100,
    "/v1/files": 10_000,
    "/v1/batches": 100,
}


@pytest.mark.parametrize("path", LISTS)
def test_pages_have_bounds(asker: Asker, path: str) -> None:
    most = LISTS[path]
    bounds = {"integer": True, "minimum": 1, "maximum": most}
    expected = {f"limit={value}": answer for value, answer in out_of_bounds("limit", bounds)}
    expected |= {f"limit={value}": wrong_type("limit", "an integer", "a string") for value in ("x", "1.5")}
    expected |= {f"limit={value}": Answer(200) for value in (1, most)}
    if path != "/v1/batches":
        expected |= {f"order={value}": bad_value("order", value, ["asc", "desc"]) for value in ("x", "ASC")}
    full = path.format(**asker.made)
    answers = {query: asker.ask("GET", full, query=query) for query in expected}
    wrong = [report(query, expected[query], got) for query, got in answers.items() if got != expected[query]]
    check(wrong, len(expected), 8)
