"""Stop a loop of tool calls after a number of rounds, or when its budget is spent."""

from decimal import Decimal
from typing import Any

from dotenv import load_dotenv
from genai_prices import Usage, calc_price
from openai import OpenAI
from openai.types.responses import Response

ROUNDS = 6
BUDGET = Decimal("0.0002")  # dollars
NOTHING = {"type": "object", "properties": {}, "required": []}
PARAMETERS = {**NOTHING, "additionalProperties": False}
TOOL = {"name": "count_orders", "strict": True, "parameters": PARAMETERS}
REQUEST: Any = {"model": "gpt-6-luna", "tools": [{"type": "function", **TOOL}]}
FORCED = "required"  # a mistake in a loop: the model has to call a tool every time


def price_of(reply: Response) -> Decimal:
    """Return what a reply cost, in dollars."""
    if not (usage := reply.usage):
        raise ValueError("no usage, no price")
    details = usage.input_tokens_details
    tokens = Usage(
        input_tokens=usage.input_tokens,
        cache_read_tokens=details.cached_tokens,
        cache_write_tokens=details.cache_write_tokens,
        output_tokens=usage.output_tokens,
    )
    return calc_price(tokens, reply.model, provider_id="openai").total_price


def ask(client: OpenAI, question: str) -> str:
    """Return the answer. The last round allows no calls, so it has to be one."""
    history: list[Any] = [{"role": "user", "content": question}]
    spent = Decimal(0)
    for number in range(1, ROUNDS + 1):
        over = number == ROUNDS or spent >= BUDGET
        args: Any = {"input": history, "tool_choice": "none" if over else FORCED}
        reply: Response = client.responses.create(**REQUEST, **args)
        spent += price_of(reply)
        history += reply.output
        calls = [item for item in reply.output if item.type == "function_call"]
        print(f"round {number}, calls: {len(calls)}, so far: ${spent:.6f}")
        if not calls:
            break
        for call in calls:
            result = {"call_id": call.call_id, "output": "12 orders are open"}
            history.append({"type": "function_call_output", **result})
    return reply.output_text


if __name__ == "__main__":
    load_dotenv()
    print(ask(OpenAI(), "How many orders are open?"))
