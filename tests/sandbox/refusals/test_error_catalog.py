"""Every error of the catalog is raised by a request, and those seen on the live API come out word for word."""

import re

import pytest

from openai_sandbox.wire.errors import catalog

from .answers import Answer
from .raised_errors import OTHERS
from .seen_errors import SEEN


def pattern(template: str) -> str:
    """Return the regular expression that what is made of a catalog's message or param fits."""
    return re.sub(r"\\{\w+\\}", "(.*)", re.escape(template))


def fits(answer: Answer, id: str) -> bool:
    """Tell whether an answer is that error of the catalog."""
    case = catalog()[id]
    # What the code and the param of a refused schema are depends on where it stands.
    same = id.startswith("schema.") or answer.code == case.code
    # An error in a stream has no status, and a fault may be given one.
    status = answer.status if id.startswith(("stream_failed.", "http_error")) else case.status
    named = case.param is None if answer.param is None else re.fullmatch(pattern(case.param or ""), answer.param)
    return bool(
        same
        and (named or id.startswith("schema."))
        and (answer.status, answer.type) == (status, case.type)
        and re.fullmatch(pattern(case.message), answer.message, re.DOTALL)
    )


def test_what_was_seen_on_the_live_api_comes_out_word_for_word() -> None:
    answers = [(id, expected, run()) for id, run, expected in SEEN]
    wrong = [f"{id}\n  expected: {want}\n  got:      {got}" for id, want, got in answers if got != want]
    assert not wrong, "\n".join(wrong)
    assert len(SEEN) >= 38


def test_what_was_seen_is_in_the_catalog() -> None:
    assert [id for id, _, expected in SEEN if not fits(expected, id)] == []


@pytest.mark.parametrize("id", OTHERS)
def test_the_error_is_raised(id: str) -> None:
    answer = OTHERS[id]()
    assert fits(answer, id), answer


def test_every_error_of_the_catalog_is_raised_by_a_request() -> None:
    raised = {id for id, _, _ in SEEN} | OTHERS.keys()
    assert catalog().keys() - raised == set(), "add a request that raises it"
    assert raised - catalog().keys() == set()
