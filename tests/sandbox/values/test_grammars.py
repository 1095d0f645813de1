"""Grammars in Lark's form: what is read, which texts are made, and what is refused."""

import random
import re
import time

import pytest
from openai import BadRequestError, OpenAI

from openai_sandbox.values import budget
from openai_sandbox.values.budget import OverBudgetError
from openai_sandbox.values.grammar_texts import text_of
from openai_sandbox.values.grammars import GrammarError, read

from ...good_requests import LUNA

SUM = r"""
    start: expr
    expr: term (SP ADD SP term)* -> add
    | term
    term: factor (SP MUL SP factor)* -> mul
    | factor
    factor: INT
    SP: " "
    ADD: "+"
    MUL: "*"
    %import common.INT
"""
SELECT = r"""
    // A query.
    start: "SELECT"i columns "FROM" table [where] ";"
    ?columns: COL ("," COL)* | "*"  // one or more
    table: NAME
    where.2: "WHERE" COL "=" (NUMBER | ESCAPED_STRING)
    COL: /[a-z]{1,8}/
    NAME: LETTER (LETTER | "_" | DIGIT)~2..5
    %import common (LETTER, DIGIT, NUMBER, ESCAPED_STRING)
    %import common.WS
    %ignore WS
"""


def texts(definition: str, count: int = 50) -> set[str]:
    grammar = read(definition)
    return {text_of(grammar, random.Random(seed)) for seed in range(count)}


@pytest.mark.parametrize(
    ("definition", "form"),
    [
        (SUM, r"\d+( [+*] \d+)*"),
        (SELECT, r'SELECT ?([a-z]+(,[a-z]+)*|\*) ?FROM \w{3,6}( WHERE [a-z]+=(\d+|"[a-z ]*"))?;'),
        ('start: "a".."c" "0"~3', "[abc]000"),
        ('start: ("x" | "y")+ "\\n"', "[xy]+\n"),
        ('start: [A] B?\nA: "a" B\nB: /b+/i', "(ab+)?(b+)?"),
        ('start:\n  "one"\n  | "two" -> second', "one|two"),
        ('start: item~2..4\nitem: /[0-9]/ | "(" item ")"', r"[0-9()]{2,}"),
    ],
)
def test_texts_are_of_the_language(definition: str, form: str) -> None:
    made = texts(definition)
    assert len(made) > 1
    assert [text for text in made if not re.fullmatch(form, text, re.IGNORECASE)] == []


@pytest.mark.parametrize(
    ("definition", "message"),
    [
        ("", "no rule 'start'"),
        ("start: start", "no text is finite"),
        ("start: other", "'other' is not defined"),
        ('start: "a"~5..2', "'~5..2' is not from 0 to 1000"),
        ('start "a"', "expected ':'"),
        ("%import os.path", "only `common`"),
        ("%import common.NOTHING", "no 'NOTHING'"),
        ("start: " + "(" * 5000, "nested too deep"),
        ('start: "c".."a"', "is not a range"),
        ("start: $", "'\\$' is not understood"),
    ],
)
def test_what_cannot_be_read_is_refused_with_its_place(definition: str, message: str) -> None:
    with pytest.raises(GrammarError, match=message):
        read(definition)


@pytest.mark.parametrize(
    "definition",
    [
        'start: a\na: b~1000\nb: c~1000\nc: "x"~1000',
        "start: a0\n" + "\n".join(f"a{n}: a{n + 1} a{n + 1}" for n in range(3000)) + '\na3000: "x"',
        "start: " + "|".join('"a"' for _ in range(20_000)),
        "start: /" + "a?" * 5000 + "b/",
        "\n" * 100_000,
        "start: /(a+)+$/",
    ],
    ids=["repeated", "doubled", "wide", "optional", "empty", "nested"],
)
def test_no_grammar_takes_long(definition: str) -> None:
    budget.begin()
    begun = time.process_time()
    try:
        text_of(read(definition), random.Random(1))
    except (GrammarError, OverBudgetError):
        pass
    finally:
        budget.end()
    assert time.process_time() - begun < 2


@pytest.mark.simulates("custom-tools")
def test_a_custom_tool_is_called_with_a_text_of_its_grammar(openai_client: OpenAI) -> None:
    tool = {"type": "custom", "name": "math_exp", "description": "Evaluates a sum"}
    given = tool | {"format": {"type": "grammar", "syntax": "lark", "definition": SUM}}
    response = openai_client.responses.create(**LUNA, input="Use math_exp to add 4 and 4", tools=[given])  # type: ignore[list-item]
    (call,) = [item for item in response.output if item.type == "custom_tool_call"]
    assert re.fullmatch(r"\d+( [+*] \d+)*", call.input)
    wrong = tool | {"format": {"type": "grammar", "syntax": "lark", "definition": "start: other"}}
    with pytest.raises(BadRequestError) as caught:
        openai_client.responses.create(**LUNA, input="Add 4 and 4", tools=[wrong])  # type: ignore[list-item]
    assert caught.value.param == "tools[0].format.definition"
