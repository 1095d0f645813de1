"""Searching with somebody else's regular expression: the same answer as `re`, in a time that is bounded."""

import random
import re

import pytest

from openai_sandbox.values import budget
from openai_sandbox.values.budget import OverBudgetError
from openai_sandbox.values.expression_search import _program, _search, found, parsed

# Expressions of each construct, and texts that tell them apart.
EXPRESSIONS = (
    r"^(a|ab)*c$",
    r"(a+)+b",
    r"^[a-c]{2,3}\d?$",
    r"^(?:x|y|)+z",
    r"\bcat\b",
    r"^\w+\s\w+$",
    r"[^abc]d",
    r"a.c",
    r"(?s)a.c",
    r"(?i)^AbC$",
    r"^a?a?a?aaa$",
    r"(?m)^b$",
    r"\Aa\Z",
    r"^(?=.*\d)[a-z\d]+$",
    r"^(?!.*cc)[abc]+$",
    r"(?a)^\w+$",
    r"\D\S\W",
    r"a{2}b{0,2}$",
    r"^(a{0})*b",
    r"x*?y+?",
    r"$",
    r"é+|ß",
    r"a\B.",
)
LETTERS = "abcdxyz019 \n_éß.C"


@pytest.mark.parametrize("expression", EXPRESSIONS)
def test_following_states_finds_what_re_finds(expression: str) -> None:
    chance = random.Random(expression)
    known = parsed(expression)
    assert known
    texts = ["".join(chance.choices(LETTERS, k=chance.randint(0, 9))) for _ in range(300)]
    differing = [text for text in texts if _search(_program(known), text) != bool(re.search(expression, text))]
    assert not differing


@pytest.mark.parametrize(
    ("expression", "text"),
    [
        (r"^(a+)+\bb", "a" * 5_000),
        (r"^(\w+\s?)*\.$", "The quick brown fox jumps over the lazy dog " * 20),
        (r"(x+x+)+y", "x" * 2_000),
        (r"^([\w.-]*)*\/?$", "word " * 500),
        ("a?" * 60 + "a" * 60, "a" * 59),
        (r"a*a*a*a*a*b", "a" * 400),
    ],
)
def test_what_re_never_finishes_has_an_answer(expression: str, text: str) -> None:
    budget.begin()
    try:
        assert found(expression, text) is False
    finally:
        budget.end()


@pytest.mark.parametrize(
    ("expression", "text"),
    [(r"(a+)+\1$", "a" * 100 + "b"), (r"^((a{1,999}){1,999}){1,999}$", "b")],
)
def test_what_cannot_be_bounded_is_over_the_budget(expression: str, text: str) -> None:
    budget.begin()
    try:
        with pytest.raises(OverBudgetError):
            found(expression, text)
    finally:
        budget.end()


def test_what_is_no_expression_is_found_nowhere_and_in_no_doubt() -> None:
    assert found("(", "(") is None


def test_outside_of_a_request_nothing_is_counted() -> None:
    budget.begin(1)
    with pytest.raises(OverBudgetError):
        budget.spend(2)
    budget.end()
    budget.spend(10**9)
