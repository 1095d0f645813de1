"""A value that is not supported is told which are, in every field at every level of a body."""

import pytest

from .answers import bad_value
from .asker import (
    CREATE_COMPLETION,
    CREATE_EMBEDDINGS,
    CREATE_RESPONSE,
    Asker,
    Case,
    check,
)
from .spoiling import tags_told, texts, walked

NOT_THERE = "no-such-value"


@pytest.mark.simulates("error-places")
@pytest.mark.parametrize(
    ("endpoint", "least"),
    [
        (CREATE_RESPONSE, 500),
        (CREATE_COMPLETION, 110),
        (CREATE_EMBEDDINGS, 3),
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


@pytest.mark.parametrize(
    ("endpoint", "least"), [(CREATE_RESPONSE, 190), (CREATE_COMPLETION, 30), ("conversations.create", 150)]
)
def test_an_object_of_no_known_type_or_role_is_told_which_there_are(asker: Asker, endpoint: str, least: int) -> None:
    cases = []
    for place in walked(endpoint)[0]:
        if not place.is_tag() or not place.owner or "x-otherwise" in place.owner.union:
            continue
        path = place.owner.path if place.owner.union.get("x-whole") else place.path
        cases.append(Case(place.put(NOT_THERE), bad_value(path, NOT_THERE, tags_told(place))))
    check(asker.differing(endpoint, cases), len(cases), least)


@pytest.mark.parametrize(("endpoint", "field"), [(CREATE_RESPONSE, "input"), ("conversations.items.create", "items")])
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
