"""Let the model write a filter in a small language of your own."""
# sandbox: script=filter.json

from typing import Any

from dotenv import load_dotenv
from openai import OpenAI
from openai.types.responses import CustomToolParam

GRAMMAR = r"""
start: condition (" and " condition)*
condition: "total " SIGN " " NUMBER | "status = " STATUS
SIGN: "<" | ">"
NUMBER: /[0-9]{1,6}/
STATUS: "open" | "sent"
"""
TOOL: CustomToolParam = {
    "type": "custom",
    "name": "find_orders",
    "description": "Find orders, such as: total > 500 and status = sent",
    "format": {"type": "grammar", "syntax": "lark", "definition": GRAMMAR},
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
    request: Any = {"model": "gpt-6-luna", "tools": [TOOL]}
    question = "Which open orders are over $100?"
    history: list[Any] = [{"role": "user", "content": question}]
    reply = client.responses.create(**request, input=history)
    history += reply.output
    for item in reply.output:
        if item.type == "custom_tool_call":
            output = find_orders(item.input)
            print(f"{item.name}: {item.input} -> {output}")
            result = {"call_id": item.call_id, "output": output}
            history.append({"type": "custom_tool_call_output", **result})
    print(client.responses.create(**request, input=history).output_text)
