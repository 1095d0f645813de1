"""The bodies that other tests spoil are good before."""

import pytest

from .answers import Answer
from .asker import (
    CREATE_COMPLETION,
    CREATE_RESPONSE,
    GOOD,
    Asker,
    check,
    report,
)
from .spoiling import walked


@pytest.mark.parametrize("endpoint", GOOD)
def test_the_bodies_are_good_before_they_are_spoiled(asker: Asker, endpoint: str) -> None:
    assert asker.post(endpoint, GOOD[endpoint][1]) == Answer(200)
    codes = {"invalid_type", "invalid_value", "missing_required_parameter", "unknown_parameter"}
    answers = [(thing, asker.post(endpoint, thing.put(thing.good))) for thing in walked(endpoint)[1]]
    wrong = [report(thing.good, "good", got) for thing, got in answers if got.code in codes or got.status >= 500]
    check(wrong, len(answers), {CREATE_RESPONSE: 285, CREATE_COMPLETION: 90}.get(endpoint, 0))
