"""Refund an order once, however often the model asks, and ask a person first."""
# sandbox: script=once.json

import json
from typing import Any

from dotenv import load_dotenv
from openai import OpenAI

ORDERS = {"A-17": 20, "B-4": 900}  # dollars
REFUNDED: dict[str, str] = {}  # in production, a table with a unique key
RULES = {"required": ["order"], "additionalProperties": False}
ORDER = {"type": "object", "properties": {"order": {"type": "string"}}, **RULES}
TOOL = {"name": "refund", "strict": True, "parameters": ORDER}
REQUEST: Any = {"model": "gpt-6-luna", "tools": [{"type": "function", **TOOL}]}


def approved(order: str) -> bool:
    """Tell whether a refund may happen. A large one needs a person, who said no."""
    return ORDERS[order] <= 100


def refund(order: str) -> str:
    """Refund an order, unless that was done or is not allowed."""
    if order not in ORDERS:
        return f"error: no order {order!r}"
    if order in REFUNDED:
        return f"already done: {REFUNDED[order]}"
    if not approved(order):
        return "error: a person declined this. Do not try again."
    REFUNDED[order] = f"refunded ${ORDERS[order]} for {order}"
    return REFUNDED[order]


if __name__ == "__main__":
    load_dotenv()
    client = OpenAI()
    history: list[Any] = [{"role": "user", "content": "Refund A-17 and B-4."}]
    for _ in range(5):
        reply = client.responses.create(**REQUEST, input=history)
        history += reply.output
        calls = [item for item in reply.output if item.type == "function_call"]
        if not calls:
            break
        for call in calls:
            output = refund(**json.loads(call.arguments))
            print(f"{call.name}({call.arguments}) -> {output}")
            result = {"call_id": call.call_id, "output": output}
            history.append({"type": "function_call_output", **result})
    print(reply.output_text)
