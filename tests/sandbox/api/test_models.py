"""GET /v1/models through the real SDK."""

from openai import OpenAI


def test_models_that_were_shut_down_are_not_listed(openai_client: OpenAI) -> None:
    listed = {model.id for model in openai_client.models.list()}
    assert "gpt-6-luna" in listed
    assert "gpt-4" not in listed


def test_a_model_can_be_retrieved_with_its_shutdown_date(openai_client: OpenAI) -> None:
    model = openai_client.models.retrieve("gpt-4.1")
    assert model.shutdown_date == "2027-01-14"
    assert openai_client.models.retrieve("gpt-6-luna").shutdown_date is None
