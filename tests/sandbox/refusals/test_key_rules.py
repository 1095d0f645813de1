"""A missing, an unknown and a misspelled key are named by their place, in every object at every level of a body."""

from collections.abc import Collection, Iterator
from functools import cache

import pytest

from .answers import Answer, missing, unknown
from .asker import (
    CREATE_COMPLETION,
    CREATE_EMBEDDINGS,
    CREATE_RESPONSE,
    GOOD,
    Asker,
    Body,
    Case,
    check,
)
from .spoiling import OWN, PARAMETERS, walked


@pytest.mark.simulates("error-places")
@pytest.mark.parametrize(
    ("endpoint", "least"),
    [
        (CREATE_RESPONSE, 490),
        (CREATE_COMPLETION, 145),
        (CREATE_EMBEDDINGS, 1),
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
    needed = {"input"} if endpoint == CREATE_RESPONSE else set(PARAMETERS[endpoint].get("required", ())) - own
    cases = [Case({name: value for name, value in base.items() if name != key}, missing(key)) for key in needed]
    for thing in walked(endpoint)[1]:
        for key in thing.type.get("required", ()):
            # Without its type an item is a message, and a choice of tools one of a function.
            if not (thing.tags(key) and thing.union.keys() & {"x-whole", "x-otherwise"}):
                left = {name: value for name, value in thing.good.items() if name != key}
                cases.append(Case(thing.put(left), missing(f"{thing.path}.{key}")))
    check(asker.differing(endpoint, cases), len(cases), least)


@pytest.mark.simulates("error-places", "moderation-unknown-keys")
@pytest.mark.parametrize(
    ("endpoint", "least"),
    [
        (CREATE_RESPONSE, 285),
        (CREATE_COMPLETION, 90),
        (CREATE_EMBEDDINGS, 1),
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
    things = [thing for thing in walked(endpoint)[1] if "x-extra" not in thing.type]
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


@pytest.mark.parametrize(
    ("endpoint", "least"),
    [(CREATE_RESPONSE, 730), (CREATE_COMPLETION, 250), (CREATE_EMBEDDINGS, 9), ("batches.create", 6)],
)
def test_a_misspelled_key_is_told_what_may_be_meant(asker: Asker, endpoint: str, least: int) -> None:
    known, base = PARAMETERS[endpoint]["properties"].keys(), GOOD[endpoint][1]
    cases = [Case(base | {typo: 1}, unknown(typo, near)) for typo, near in misspelled(known, base)]
    seen = set()
    for thing in walked(endpoint)[1]:
        keys = tuple(thing.type["properties"])
        if keys in seen or "x-extra" in thing.type:
            continue  # the same object elsewhere, or one that takes any key
        seen.add(keys)
        for typo, near in misspelled(thing.type["properties"].keys(), thing.good):
            cases.append(Case(thing.put(thing.good | {typo: 1}), unknown(f"{thing.path}.{typo}", near)))
    check(asker.differing(endpoint, cases), len(cases), least)
    assert {0, 1} <= {case.expected.message.count("'") // 2 - 1 for case in cases}, "with and without suggestions"


def test_functions_may_have_keys_of_the_callers_own(asker: Asker) -> None:
    tool = {"type": "function", "function": {"name": "f", "requires_confirmation": False}}
    assert asker.post(CREATE_COMPLETION, GOOD[CREATE_COMPLETION][1] | {"tools": [tool]}) == Answer(200)


def test_unknown_keys_of_moderations_are_ignored(asker: Asker) -> None:
    assert asker.post("moderations.create", {"input": "Hi", "no_such_key": 1}) == Answer(200)
    parts = {"input": [{"type": "text", "text": "Hi", "no_such_key": 1}]}
    assert asker.post("moderations.create", parts) == Answer(200)
