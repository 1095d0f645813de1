"""The table of what a mistake costs adds up, and a program that prints something else is named."""

import re

import pytest

from docs._tools.tables import typed_tool_costs


def test_the_question_with_a_mistake_takes_a_request_more_and_costs_as_much_more_as_it_says() -> None:
    table = typed_tool_costs.typed_tools()
    rows = re.findall(r"^\| [\w ]+ \| (\d) \| (\d+) \| (\d+) \| \$([\d.]+) \|$", table, re.MULTILINE)
    (right, *_, cheap), (wrong, *_, dear) = rows
    assert int(wrong) == int(right) + 1
    assert f"{float(dear) / float(cheap) - 1:.0%} more" in table


@pytest.mark.parametrize("output", ["", "inside: 96 in, 29 out\n", "a: 1 in, 2 out\n" * 3 + "b: 1 in, 2 out\n" * 2])
def test_an_output_with_other_lines_is_named(output: str) -> None:
    with pytest.raises(ValueError, match=r"cost\.out: expected two lines"):
        typed_tool_costs.questions(output)
