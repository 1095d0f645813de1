"""Test a program whose answers must follow a schema."""

from typing import Literal

import pytest
from openai import BadRequestError, OpenAI
from pydantic import BaseModel

from openai_sandbox import Sandbox
from openai_sandbox.scripts import ScriptError


class Ticket(BaseModel):
    topic: Literal["delivery", "refund", "other"]
    urgent: bool


def read(letter: str) -> Ticket | None:
    response = OpenAI().responses.parse(
        model="gpt-6-luna", input=letter, text_format=Ticket
    )
    return response.output_parsed


def test_a_letter_becomes_a_ticket(openai_sandbox: Sandbox) -> None:
    openai_sandbox.when("parcel").say_json(topic="delivery", urgent=True)
    assert read("Where is my parcel?!") == Ticket(topic="delivery", urgent=True)


def test_a_refusal_is_no_ticket(openai_sandbox: Sandbox) -> None:
    openai_sandbox.when("parcel").refuse()
    assert read("Where is my parcel?!") is None


def test_an_answer_that_does_not_fit_the_schema_is_a_mistake_of_the_test() -> None:
    with pytest.raises(ScriptError, match="lacks 'urgent'"), Sandbox() as api:
        api.when("parcel").say_json(topic="delivery")
        with pytest.raises(BadRequestError):
            read("Where is my parcel?!")
