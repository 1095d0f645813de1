"""Let the model write a filter in a small language of your own, with Chat."""
# sandbox: script=filter.json

from typing import Any

from dotenv import load_dotenv
from openai import OpenAI
from openai.types.chat import ChatCompletionCustomToolParam

GRAMMAR = r"""
start: condition (" and " condition)*
condition: "total " SIGN " " NUMBER | "status = " STATUS
SIGN: "<" | ">"
NUMBER: /[0-9]{1,6}/
STATUS: "open" | "sent"
"""
TOOL: ChatCompletionCustomToolParam = {
    "type": "custom",
    "custom": {
        "name": "find_orders",
        "description": "Find orders, such as: total > 500 and status = sent",
        "format": {
            "type": "grammar",
            "grammar": {"syntax": "lark", "definition": GRAMMAR},
        },
    },
}
ORDERS = {"A-17": (20, "sent"), "B-4": (900, "open"), "C-9": (150, "open")}


def fits(condition: str, total: int, status: str) -> bool:
    """Tell whether an order fits a condition, such as `total > 500`."""
    match condition.split(" "):
        case "total", ">", value:
            return total > int(value)
        case "total", "<", value:
            return total < int(value)
        case "status", "=", value:
            return status == value
    raise ValueError(f"not a condition: {condition}")


def find_orders(text: str) -> str:
    """Return the numbers of the orders that fit all conditions."""
    parts = text.split(" and ")
    try:
        found = [
            id for id in ORDERS if all(fits(part, *ORDERS[id]) for part in parts)
        ]
    except ValueError:
        return "error: this is not a filter"
    return ", ".join(found) or "none"


if __name__ == "__main__":
    load_dotenv()
    client = OpenAI()
    tools = {"tools": [TOOL], "reasoning_effort": "none"}
    request: Any = {"model": "gpt-6-luna", **tools}
    question = "Which open orders are over $100?"
    history: list[Any] = [{"role": "user", "content": question}]
    reply = client.chat.completions.create(**request, messages=history)
    message = reply.choices[0].message
    history.append(message)
    for call in message.tool_calls or ():
        if call.type == "custom":
            output = find_orders(call.custom.input)
            print(f"{call.custom.name}: {call.custom.input} -> {output}")
            result = {"tool_call_id": call.id, "content": output}
            history.append({"role": "tool", **result})
    reply = client.chat.completions.create(**request, messages=history)
    print(reply.choices[0].message.content)
