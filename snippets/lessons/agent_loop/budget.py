"""Record what each step of an agent costs, and stop when a limit is reached."""
# sandbox: script=agent.json

import json
from typing import Any

from dotenv import load_dotenv
from genai_prices import extract_usage
from openai import OpenAI
from openai.types.responses import Response

STOP = {"role": "developer", "content": "The budget is spent. Say what you know."}
RECORDS = {"A-17": "sent as parcel P-3", "P-3": "lost, case C-8", "C-8": "paid $20"}
RULES = {"required": ["number"], "additionalProperties": False}
NUMBER = {"type": "object", "properties": {"number": {"type": "string"}}, **RULES}
TOOL = {"name": "look_up", "strict": True, "parameters": NUMBER}
REQUEST: Any = {"model": "gpt-6-luna", "tools": [{"type": "function", **TOOL}]}


def model_step(reply: Response, did: str) -> dict[str, Any]:
    """Return what the model did, and what it counts toward each limit."""
    if not (usage := reply.usage):
        raise ValueError("no usage, no price")
    data = reply.to_dict()
    used = extract_usage(data, provider_id="openai", api_flavor="responses")
    dollars = float(used.calc_price().total_price)
    did = f"model: {did} ({usage.input_tokens} in, {usage.output_tokens} out)"
    counts = {"rounds": 1, "tokens": usage.total_tokens, "dollars": dollars}
    return {"did": did, **counts}


def run(client: OpenAI, state: dict[str, Any], limits: dict[str, Any]) -> None:
    """Go on until the model answers or a limit is reached."""
    history: list[Any] = state["history"]
    steps: list[dict[str, Any]] = state["steps"]
    while True:
        used = {name: sum(step.get(name, 0) for step in steps) for name in limits}
        over = [name for name in limits if used[name] >= limits[name]]
        args: Any = {"input": history}
        if over:
            steps.append({"did": f"stop: {used[over[0]]} {over[0]} used"})
            args = {"input": [*history, STOP], "tool_choice": "none"}
        reply = client.responses.create(**REQUEST, **args)
        history += [item.to_dict() for item in reply.output]
        calls = [item for item in reply.output if item.type == "function_call"]
        steps.append(model_step(reply, "call" if calls else reply.output_text))
        if not calls:
            return
        for call in calls:
            output = RECORDS[json.loads(call.arguments)["number"]]
            steps.append({"did": f"{call.name}({call.arguments}) -> {output}"})
            result = {"call_id": call.call_id, "output": output}
            history.append({"type": "function_call_output", **result})


if __name__ == "__main__":
    load_dotenv()
    for limits in ({"rounds": 8, "dollars": 0.01}, {"rounds": 8, "tokens": 250}):
        print("limits:", limits)
        task = {"role": "user", "content": "What happened to order A-17?"}
        state: dict[str, Any] = {"history": [task], "steps": []}
        run(OpenAI(), state, dict(limits))
        for step in state["steps"]:
            print(" ", step["did"])
