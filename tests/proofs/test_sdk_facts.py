"""What the installed SDK says of itself and of models."""

from importlib.metadata import metadata

import pytest

from docs._tools.model_list import model_ids, shutdown_dates


@pytest.mark.proves("responses-recommended")
def test_the_readme_calls_responses_the_primary_api() -> None:
    readme = metadata("openai").json["description"]
    assert "The primary API for interacting with OpenAI models is the [Responses API]" in readme


@pytest.mark.proves("python-version")
def test_the_sdk_needs_python_3_10() -> None:
    assert metadata("openai")["Requires-Python"] == ">=3.10"


@pytest.mark.proves("luna-no-shutdown")
def test_no_shutdown_is_announced_for_luna() -> None:
    assert "gpt-6-luna" in model_ids()
    assert "gpt-6-luna" not in shutdown_dates()
    assert shutdown_dates()["gpt-4"] == "2026-10-23"  # the list is read: a model that has a date
