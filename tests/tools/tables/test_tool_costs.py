"""The tables of what tools cost add up, and a program that prints something else is named."""

import re

import pytest

from docs._tools.tables import tool_costs


def test_calls_in_rounds_of_their_own_read_the_history_again_each_time() -> None:
    assert tool_costs.one_by_one(75, 135, calls=3) == 75 + 95 + 115 + 135
    assert tool_costs.one_by_one(75, 95, calls=1) == 75 + 95, "one call alone needs both rounds anyway"


def test_definitions_are_what_a_question_takes_more_than_without_tools() -> None:
    rows = re.findall(r"^\| ([\d,]+) \| ([\d,]+) \| ([\d,]+) \| \$[\d.]+ \|$", tool_costs.tools(), re.MULTILINE)
    numbers = [[int(cell.replace(",", "")) for cell in row] for row in rows]
    bare = numbers[0][1]
    assert [count for count, *_ in numbers] == [0, 1, 10, 50]
    assert all(tokens - bare == definitions for _, tokens, definitions in numbers)
    each = {round(definitions / count) for count, _, definitions in numbers if count}
    assert len(each) == 1, "equal functions take equal numbers of tokens"


def test_the_cost_so_far_is_the_sum_of_the_rounds() -> None:
    rows = re.findall(r"^\| \d \| \d+ \| \d+ \| \$([\d.]+) \| \$([\d.]+) \|$", tool_costs.tools(), re.MULTILINE)
    assert len(rows) == 2
    assert sum(float(cost) for cost, _ in rows) == pytest.approx(float(rows[-1][1]), abs=1.1e-6)


@pytest.mark.parametrize("output", ["", "tools: 1, input tokens: 77\ntools: 10, input tokens: 617\n"])
def test_an_output_without_a_request_without_tools_is_named(output: str) -> None:
    with pytest.raises(ValueError, match=r"cost\.out: expected lines such as 'tools: 0"):
        tool_costs.offered(output)


def test_an_output_with_another_number_of_rounds_is_named() -> None:
    with pytest.raises(ValueError, match=r"cost\.out: expected two lines"):
        tool_costs.rounds("round 1: 75 in, 47 out\n")
