"""What the SDK documents of the parameters that models refuse most often."""

import inspect
from collections.abc import Callable
from typing import Any, get_args, get_overloads

import pytest
from openai.resources import Embeddings
from openai.resources.chat import Completions
from openai.resources.responses import Responses
from openai.types.shared import ChatModel, ResponsesModel


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


@pytest.mark.proves("responses-only-models")
def test_some_models_are_listed_for_responses_only() -> None:
    listed = {name for each in get_args(ResponsesModel) for name in get_args(each)}
    only = listed - set(get_args(ChatModel))
    assert "gpt-5.5-pro" in only
    assert len(only) > 1


@pytest.mark.proves("embeddings-limits")
def test_the_input_of_embeddings_has_limits() -> None:
    said = documentation(Embeddings.create)
    assert "the model (8192 tokens for all embedding models), cannot be an empty string" in said
    assert "any array must be 2048 dimensions or less" in said
    assert "a maximum of 300,000 tokens summed across all inputs in a single request" in said
