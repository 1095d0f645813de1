"""Test that a program sends only the prompts that the test expects."""

import pytest
from openai import BadRequestError, OpenAI

from openai_sandbox import Sandbox
from openai_sandbox.scripts import ScriptError


def greet(name: str) -> str:
    response = OpenAI().responses.create(model="gpt-6-luna", input=f"Greet {name}")
    return response.output_text


@pytest.mark.openai_sandbox(strict=True)
def test_everybody_is_greeted(openai_sandbox: Sandbox) -> None:
    openai_sandbox.when("greet Ada").say("Hello, Ada!")
    unexpected = openai_sandbox.when("greet Alan").say("Hello, Alan!")
    assert greet("Ada") == "Hello, Ada!"
    openai_sandbox.assert_called("greet Ada", times=1)
    assert openai_sandbox.unused() == [unexpected]


def test_a_prompt_without_a_rule_is_an_error() -> None:
    fails = pytest.raises(ScriptError, match="no rule fits 'Greet Grace'")
    with fails, Sandbox(strict=True) as api:
        api.when("greet Ada").say("Hello, Ada!")
        with pytest.raises(BadRequestError):
            greet("Grace")
