"""Ask a person before a side effect, and go on from saved state afterward."""
# sandbox: script=agent.json

import json
from typing import Any

from dotenv import load_dotenv
from openai import OpenAI
from openai.types.responses import Response

PRICES = {"A-17": 20, "B-4": 900}  # dollars
FUNCTIONS = {
    "look_up": lambda number: f"lost on November 20, price ${PRICES[number]}",
    "refund": lambda number: f"refunded ${PRICES[number]}",
}
RISKY = {"refund"}
RULES = {"type": "object", "required": ["number"], "additionalProperties": False}
NUMBER = {"properties": {"number": {"type": "string"}}, **RULES}
TOOL = {"type": "function", "strict": True, "parameters": NUMBER}
TOOLS = [{"name": name, **TOOL} for name in FUNCTIONS]
REQUEST: Any = {"model": "gpt-6-luna", "tools": TOOLS}


def waiting(history: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return the calls that have no output yet."""
    items = [item for item in history if "call_id" in item]
    done = {item["call_id"] for item in items if "output" in item}
    return [item for item in items if item["call_id"] not in done]


def act(call: dict[str, Any], decision: str | None) -> str:
    """Run a call, unless it is risky and not approved. Return its output."""
    if call["name"] in RISKY and decision != "approved":
        return "error: a person declined this. Do not try again."
    return FUNCTIONS[call["name"]](**json.loads(call["arguments"]))


def run(client: OpenAI, state: dict[str, Any], rounds: int = 8) -> str | None:
    """Return the answer, or None if a person has to decide first."""
    for _ in range(rounds):
        for call in waiting(state["history"]):
            decision = state["decisions"].get(call["call_id"])
            if call["name"] in RISKY and decision is None:
                return None
            output = act(call, decision)
            print(f"{call['name']} -> {output}")
            result = {"call_id": call["call_id"], "output": output}
            state["history"].append({"type": "function_call_output", **result})
        reply: Response = client.responses.create(**REQUEST, input=state["history"])
        state["history"] += [item.to_dict() for item in reply.output]
        if not waiting(state["history"]):
            return reply.output_text
    raise RuntimeError(f"no answer after {rounds} rounds")


if __name__ == "__main__":
    load_dotenv()
    client = OpenAI()
    for order, decision in (("A-17", "approved"), ("B-4", "declined")):
        task = {
            "role": "user",
            "content": f"Order {order} never arrived. Refund it.",
        }
        state: dict[str, Any] = {"history": [task], "decisions": {}}
        run(client, state)
        saved = json.dumps(state)  # the process can end here
        state = json.loads(saved)
        (call,) = waiting(state["history"])
        print(f"{call['name']}({call['arguments']})? {decision}")
        state["decisions"][call["call_id"]] = decision
        print(run(client, state))
