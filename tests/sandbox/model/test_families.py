"""Models, their shutdown dates and their families."""

from datetime import date

import pytest

from openai_sandbox.model import families


@pytest.mark.simulates("shutdown")
def test_a_model_stops_answering_on_its_shutdown_day() -> None:
    assert families.find("gpt-4.1", date(2027, 1, 13))
    assert not families.find("gpt-4.1", date(2027, 1, 14))


def test_every_model_has_a_family_whose_default_effort_it_accepts() -> None:
    for model in families.text_models().values():
        assert model.family.default_effort is None or model.family.default_effort in model.family.efforts
