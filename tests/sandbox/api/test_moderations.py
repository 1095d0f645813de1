"""POST /v1/moderations through the real SDK: texts, parts, categories and refusals."""

from typing import Any

import pytest
from openai import AsyncOpenAI, BadRequestError, OpenAI
from openai.types import ModerationCreateResponse

from openai_sandbox import Sandbox
from openai_sandbox.model import moderation

from ...good_requests import MODERATIONS
from ..client import Ask

IMAGE: Any = {"type": "image_url", "image_url": {"url": "https://example.com/a.png"}}


@pytest.mark.simulates("strict-objects")
def test_every_reply_is_strictly_valid(client: Ask) -> None:
    for given in ("hello", ["hello", "I will kill you"], [{"type": "text", "text": "hi"}, IMAGE], [IMAGE], ""):
        reply = client("POST", MODERATIONS, json={"input": given}).json()
        ModerationCreateResponse.model_validate(reply, strict=True)
        assert reply["model"] == "omni-moderation-latest"
        for result in reply["results"]:
            assert all(0 <= score <= 1 for score in result["category_scores"].values())


@pytest.mark.simulates("moderation-scores")
def test_a_listed_word_flags_a_text_and_the_same_text_has_the_same_scores(openai_client: OpenAI) -> None:
    calm, violent, again = openai_client.moderations.create(
        input=["A quiet afternoon in the garden.", "I want to kill them.", "I want to kill them."]
    ).results
    assert not calm.flagged
    assert max(calm.category_scores.model_dump(by_alias=True).values()) < 0.01
    assert violent.flagged
    assert violent.categories.violence
    assert not violent.categories.sexual
    assert violent == again


def test_a_word_inside_another_flags_nothing(openai_client: OpenAI) -> None:
    assert not openai_client.moderations.create(input="A skilled killjoy").results[0].flagged


@pytest.mark.simulates("moderation-inputs")
def test_texts_have_a_result_each_and_parts_have_one_together(openai_client: OpenAI) -> None:
    assert len(openai_client.moderations.create(input="one").results) == 1
    assert len(openai_client.moderations.create(input=["one", "two", "three"]).results) == 3
    parts: Any = [{"type": "text", "text": "calm"}, {"type": "text", "text": "murder"}, IMAGE]
    (result,) = openai_client.moderations.create(input=parts).results
    assert result.categories.violence


def test_applied_types_say_what_was_scored(openai_client: OpenAI) -> None:
    def applied(given: Any) -> tuple[list[str], list[str]]:
        types = openai_client.moderations.create(input=given).results[0].category_applied_input_types
        return list(types.hate), list(types.violence)

    assert applied("text") == (["text"], ["text"])
    assert applied([{"type": "text", "text": "x"}, IMAGE]) == (["text"], ["text", "image"])
    assert applied([IMAGE]) == ([], ["image"])
    scores = openai_client.moderations.create(input=[IMAGE]).results[0].category_scores
    assert scores.hate == 0.0 < scores.violence


@pytest.mark.anyio
async def test_it_works_async_with_a_dated_model(api: Sandbox) -> None:
    async with AsyncOpenAI() as client:
        reply = await client.moderations.create(input="hello", model="omni-moderation-2024-09-26")
    assert reply.model == "omni-moderation-2024-09-26"


def test_models_that_were_shut_down_or_never_were_are_refused(openai_client: OpenAI) -> None:
    for model in ("text-moderation-latest", "text-moderation-stable", "gpt-6-luna", "x"):
        with pytest.raises(BadRequestError) as caught:
            openai_client.moderations.create(input="hello", model=model)
        assert (caught.value.code, caught.value.param) == (None, "model")
        expected = f"Invalid value for 'model' = {model}. Please check the OpenAI documentation and try again."
        assert caught.value.body == {
            "message": expected,
            "type": "invalid_request_error",
            "param": "model",
            "code": None,
        }


@pytest.mark.parametrize(
    ("body", "code", "param"),
    [
        ({}, "missing_required_parameter", "input"),
        ({"input": None}, "invalid_type", "input"),
        ({"input": 7}, "invalid_type", "input"),
        ({"input": {"type": "text"}}, "invalid_type", "input"),
        ({"input": []}, "empty_array", "input"),
        ({"input": ["x", 7]}, "invalid_type", "input[1]"),
        ({"input": ["x", IMAGE]}, "invalid_type", "input[1]"),
        ({"input": [{"type": "audio"}]}, "invalid_value", "input[0].type"),
        ({"input": [{"type": "text"}]}, "missing_required_parameter", "input[0].text"),
        ({"input": [{"type": "text", "text": 7}]}, "invalid_type", "input[0].text"),
        ({"input": [{"type": "image_url", "image_url": "x"}]}, "invalid_type", "input[0].image_url"),
        ({"input": [{"type": "image_url", "image_url": {}}]}, "missing_required_parameter", "input[0].image_url.url"),
        ({"input": "x", "model": 7}, "invalid_type", "model"),
    ],
)
def test_a_bad_body_is_refused(client: Ask, body: Any, code: str, param: str) -> None:
    reply = client("POST", MODERATIONS, json=body)
    error = reply.json()["error"]
    assert (reply.status_code, error["code"], error["param"]) == (400, code, param)


@pytest.mark.simulates("moderation-unknown-keys")
def test_keys_the_api_does_not_know_are_ignored_here(client: Ask) -> None:
    part = {"type": "image_url", "image_url": {"url": "https://example.com/a.png", "detail": "low"}}
    assert client("POST", MODERATIONS, json={"input": [part], "invented": 1}).status_code == 200


def test_every_category_the_sdk_knows_is_scored_and_every_model_says_how_it_is_known() -> None:
    from openai.types.moderation import CategoryScores

    names = {field.alias or name for name, field in CategoryScores.model_fields.items()}
    assert moderation.categories().keys() == names
    for model in moderation.moderation_models().values():
        assert model.evidence in ("recorded", "specified", "pasted", "inferred")
        assert model.source
