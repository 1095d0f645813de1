"""A value outside the limits of its field is told the limit, and one just within them is taken.

The limits are those of bounds.json.
"""

import json
from collections.abc import Callable, Iterator, Mapping
from importlib.resources import files
from itertools import product
from typing import Any

import pytest

from ...good_requests import HI
from .answers import Answer, bad_value, refused, wrong_type
from .asker import (
    CREATE_COMPLETION,
    CREATE_RESPONSE,
    GOOD,
    Asker,
    Body,
    Case,
    check,
    report,
)
from .spoiling import PARAMETERS, branches, good, inserting, walked

BOUNDS: dict[str, Any] = json.loads(files("openai_sandbox.validation").joinpath("bounds.json").read_text("utf-8"))


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
            if first in PARAMETERS[endpoint]["properties"] and name not in ELSEWHERE:
                inner: Body = good(PARAMETERS[endpoint]["properties"][first]) if second else {}
                if second and second not in inner:
                    continue
                around = inserting(lambda value: value, base | BESIDE.get((endpoint, name), {}), first)
                yield endpoint, name, inserting(around, inner, second) if second else around


# In forms and in parts of bodies: api/test_files.py, test_partial_images.py, test_uploads.py, test_vector_stores.py.
ELSEWHERE = {
    "attributes",
    "bytes",
    "chunk_overlap_tokens",
    "expires_after.seconds",
    "file_ids",
    "files",
    "max_chunk_size_tokens",
    "partial_images",
}

# What else a field needs to be taken.
BESIDE = {(CREATE_COMPLETION, "top_logprobs"): {"logprobs": True}}


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
    assert {name for _, name, _ in bounded()} == BOUNDS.keys() - ELSEWHERE


@pytest.mark.parametrize(("endpoint", "least"), [(CREATE_RESPONSE, 3), (CREATE_COMPLETION, 2)])
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
    "/v1/vector_stores": 100,
    "/v1/vector_stores/{vector_store}/files": 100,
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
    answers = {query: asker.ask("GET", f"{full}?{query}") for query in expected}
    wrong = [report(query, expected[query], got) for query, got in answers.items() if got != expected[query]]
    check(wrong, len(expected), 8)
