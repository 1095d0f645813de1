"""What the SDK documents of the parameters that models refuse most often."""

import inspect
from collections.abc import Callable
from typing import Any, get_overloads

import pytest
from openai.resources.chat import Completions
from openai.resources.responses import Responses


def documentation(method: Callable[..., Any]) -> str:
    """Return a method's documentation, or that of its overloads, on one line."""
    described = [method, *get_overloads(method)]
    return " ".join(" ".join(inspect.getdoc(each) or "" for each in described).split())


@pytest.mark.proves("cap-includes-reasoning")
@pytest.mark.parametrize(
    ("method", "parameter"),
    [(Completions.create, "max_completion_tokens"), (Responses.create, "max_output_tokens")],
)
def test_the_cap_is_on_reasoning_too(method: Callable[..., Any], parameter: str) -> None:
    said = documentation(method).partition(f"{parameter}: An upper bound for the number of tokens")[2][:200]
    assert "including visible output tokens and [reasoning tokens]" in said
