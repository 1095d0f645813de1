"""The table of parameters says what is known of the live API, and no more."""

import re

import pytest

from docs._tools.tables import parameter_matrix
from openai_sandbox.model.families import families, text_models

TEXT = parameter_matrix.render()
ROWS = {
    name: cells
    for names, *cells in (line.strip("| ").split(" | ") for line in TEXT.splitlines() if line.startswith("| `"))
    for name in re.findall(r"`([^`]+)`", names)
}
EFFORTS, SAMPLING, LOGPROBS, MAX_TOKENS, STOP, EVIDENCE = range(6)
SOURCES = dict(re.findall(r"^(\d+)\. (.*)$", TEXT, re.MULTILINE))


def source(model: str) -> str:
    return str(SOURCES[ROWS[model][EVIDENCE].partition("(")[2].rstrip(")")])


@pytest.mark.parametrize("model", ["gpt-5", "gpt-5-mini", "gpt-5-nano", "gpt-5.1", "gpt-5.2"])
def test_stop_is_refused_where_a_live_400_was_seen(model: str) -> None:
    assert ROWS[model][STOP] == "no"
    assert "live 400" in source(model)


@pytest.mark.parametrize("model", ["gpt-5.1", "gpt-5.2"])
def test_a_disagreement_of_sources_on_stop_is_named(model: str) -> None:
    assert "BerriAI/litellm #28662 disagrees" in source(model)


@pytest.mark.parametrize("model", ["gpt-6.1-sol", "gpt-6.2-astra", "gpt-6.2-sol"])
def test_models_without_effort_none_do_not_list_it_and_show_no_default_that_nobody_saw(model: str) -> None:
    assert ROWS[model][EFFORTS] == "low, medium, high, xhigh, max"
    assert ROWS[model][STOP] == "unknown"


def test_the_first_model_without_effort_none_shows_what_was_tried_on_it() -> None:
    assert ROWS["gpt-6-astra"][EFFORTS] == "low, **medium**, high, xhigh, max"
    assert {ROWS["gpt-6-astra"][column] for column in (SAMPLING, LOGPROBS, MAX_TOKENS, STOP)} == {"no"}
    assert ROWS["gpt-6-astra"][EVIDENCE].startswith("pasted")


def test_log_probabilities_and_penalties_need_effort_none_as_temperature_does() -> None:
    assert all(cells[LOGPROBS] == cells[SAMPLING] for cells in ROWS.values())
    assert "with effort `none`" in {cells[LOGPROBS] for cells in ROWS.values()}


@pytest.mark.parametrize("model", ["gpt-5.2-pro", "gpt-5.4-pro", "gpt-5.5-pro"])
def test_pro_models_take_the_efforts_that_the_api_lists_when_it_refuses(model: str) -> None:
    assert ROWS[model][EFFORTS] == "medium, high, xhigh"
    assert ROWS[model][SAMPLING] == "no"


def test_gpt_5_pro_takes_one_effort() -> None:
    assert ROWS["gpt-5-pro"][EFFORTS] == "**high**"


def test_gpt_5_5_reasons_when_no_effort_is_named() -> None:
    assert ROWS["gpt-5.5"][EFFORTS] == "none, low, **medium**, high, xhigh"


def test_no_row_says_that_a_column_is_as_on_models_that_differ_in_it() -> None:
    """A row that refers to another model for "all else" contradicts itself as soon as one column differs."""
    for family in families():
        assert not re.search(r"all else|other values", family.source), family.match


def test_no_model_that_has_shut_down_is_in_the_table() -> None:
    assert {"o1-pro", "o4-mini", "gpt-4.1-nano"} <= set(text_models())
    assert not {"o1-pro", "o4-mini", "gpt-4.1-nano"} & set(ROWS)
    assert {"gpt-6-luna", "gpt-6.2-sol"} <= set(ROWS)
