"""GET /v1/models, and what the sandbox knows of models."""

from datetime import date

import pytest
from openai import OpenAI

from openai_sandbox.model import families


def test_models_that_were_shut_down_are_not_listed(openai_client: OpenAI) -> None:
    listed = {model.id for model in openai_client.models.list()}
    assert "gpt-6-luna" in listed
    assert "gpt-4" not in listed


def test_a_model_can_be_retrieved_with_its_shutdown_date(openai_client: OpenAI) -> None:
    model = openai_client.models.retrieve("gpt-4.1")
    assert model.shutdown_date == "2027-01-14"
    assert openai_client.models.retrieve("gpt-6-luna").shutdown_date is None


@pytest.mark.simulates("shutdown")
def test_a_model_stops_answering_on_its_shutdown_day() -> None:
    assert families.find("gpt-4.1", date(2027, 1, 13))
    assert not families.find("gpt-4.1", date(2027, 1, 14))


def test_every_model_has_a_family_whose_default_effort_it_accepts() -> None:
    for model in families.models().values():
        assert model.family.default_effort is None or model.family.default_effort in model.family.efforts
