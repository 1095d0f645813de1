"""Test that a program stops when its budget is spent."""

from decimal import Decimal

import pytest
from genai_prices import Usage, calc_price
from openai import OpenAI

from openai_sandbox import Sandbox


class Budget:
    def __init__(self, dollars: str) -> None:
        self.left = Decimal(dollars)

    def ask(self, question: str) -> str:
        if self.left <= 0:
            raise RuntimeError("the budget is spent")
        reply = OpenAI().responses.create(model="gpt-6-luna", input=question)
        assert reply.usage, "no usage, no price"
        tokens = Usage(
            input_tokens=reply.usage.input_tokens,
            cache_read_tokens=reply.usage.input_tokens_details.cached_tokens,
            cache_write_tokens=reply.usage.input_tokens_details.cache_write_tokens,
            output_tokens=reply.usage.output_tokens,
        )
        price = calc_price(tokens, reply.model, provider_id="openai")
        self.left -= price.total_price
        return reply.output_text


def test_it_stops_at_the_budget(openai_sandbox: Sandbox) -> None:
    budget = Budget("0.0002")
    with pytest.raises(RuntimeError):
        for _ in range(100):
            budget.ask("Why is the sky blue?")
    assert 1 < len(openai_sandbox.requests) < 10
    assert budget.left <= 0
