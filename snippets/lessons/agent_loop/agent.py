"""Run an agent: it plans, acts, observes, and stops."""
# sandbox: script=agent.json

import json
from typing import Any

from dotenv import load_dotenv
from openai import OpenAI

INSTRUCTIONS = """Begin with a plan, and take one step at a time. If what you find
does not fit the plan, make a new one. Answer when you know, or cannot find out."""
RECORDS = {"A-17": "sent as parcel P-3, price $20", "P-3": "lost on November 20"}


def tool(name: str, description: str, **properties: Any) -> Any:
    """Describe a function: every parameter is required, and no other is allowed."""
    rules = {"required": list(properties), "additionalProperties": False}
    parameters = {"type": "object", "properties": properties, **rules}
    about = {"name": name, "description": description, "parameters": parameters}
    return {"type": "function", "strict": True, **about}


TEXT = {"type": "string"}
TOOLS = [
    tool("make_plan", "Make a plan.", steps={"type": "array", "items": TEXT}),
    tool("look_up", "Look up an order or a parcel by its number.", number=TEXT),
]
REQUEST: Any = {"model": "gpt-6-luna", "instructions": INSTRUCTIONS, "tools": TOOLS}


def act(state: dict[str, Any], name: str, arguments: str) -> str:
    """Do what the model asks for, and return what it observes."""
    given = json.loads(arguments)
    if name == "make_plan":
        state["plan"] = given["steps"]
        return "The plan is noted."
    return RECORDS.get(given["number"], "error: no such number")


def run(client: OpenAI, task: str, rounds: int = 8) -> dict[str, Any]:
    """Work on a task until the model answers. Return the agent's state."""
    history: list[Any] = [{"role": "user", "content": task}]
    state: dict[str, Any] = {"plan": [], "history": history, "answer": ""}
    for _ in range(rounds):
        reply = client.responses.create(**REQUEST, input=history)
        history += [item.to_dict() for item in reply.output]
        calls = [item for item in reply.output if item.type == "function_call"]
        if not calls:
            state["answer"] = reply.output_text
            break
        for call in calls:
            output = act(state, call.name, call.arguments)
            print(f"{call.name}({call.arguments}) -> {output}")
            result = {"call_id": call.call_id, "output": output}
            history.append({"type": "function_call_output", **result})
    return state


if __name__ == "__main__":
    load_dotenv()
    state = run(OpenAI(), "Where is order A-17?")
    print("plan:", state["plan"])
    print("answer:", state["answer"])
