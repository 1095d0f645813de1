"""Save an agent's state after each step, and go on from it after a crash."""
# sandbox: script=agent.json

import json
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from dotenv import load_dotenv
from openai import OpenAI

RULES = {"type": "object", "required": ["number"], "additionalProperties": False}
NUMBER = {"properties": {"number": {"type": "string"}}, **RULES}
TOOL = {"type": "function", "strict": True, "parameters": NUMBER}
TOOLS = [{"name": name, **TOOL} for name in ("look_up", "refund")]
REQUEST: Any = {"model": "gpt-6-luna", "tools": TOOLS}
PAID: dict[str, str] = {}  # what the payment service knows, by idempotency key


def act(name: str, number: str) -> str:
    """Run a call. The payment service pays once for each key."""
    if name == "look_up":
        return "lost on November 20, price $20"
    if (key := f"refund {number}") in PAID:
        return f"already {PAID[key]}"
    PAID[key] = "refunded $20"
    raise SystemExit("crash: the money is paid, and the output is not saved")


def save(path: Path, state: dict[str, Any]) -> None:
    """Replace the file at once. A crash leaves the old state or the new one."""
    new = path.with_suffix(".new")
    new.write_text(json.dumps(state), "utf-8")
    new.replace(path)


def run(client: OpenAI, path: Path) -> str:
    """Go on where the saved state ends, and return the answer."""
    state = json.loads(path.read_text("utf-8"))
    while not state["answer"] and state["rounds"] < 8:
        items = [item for item in state["history"] if "call_id" in item]
        done = {item["call_id"] for item in items if "output" in item}
        if calls := [item for item in items if item["call_id"] not in done]:
            output = act(calls[0]["name"], **json.loads(calls[0]["arguments"]))
            print(f"  {calls[0]['name']} -> {output}")
            result = {"call_id": calls[0]["call_id"], "output": output}
            state["history"].append({"type": "function_call_output", **result})
        else:
            reply = client.responses.create(**REQUEST, input=state["history"])
            state["history"] += [item.to_dict() for item in reply.output]
            state["rounds"] += 1
            if not any(item.type == "function_call" for item in reply.output):
                state["answer"] = reply.output_text
        save(path, state)
    return str(state["answer"])


if __name__ == "__main__":
    load_dotenv()
    task = {"role": "user", "content": "Order A-17 never arrived. Refund it."}
    with TemporaryDirectory() as folder:
        path = Path(folder, "state.json")
        save(path, {"history": [task], "rounds": 0, "answer": ""})
        for attempt in (1, 2):
            print(f"process {attempt}:")
            try:
                print(" ", run(OpenAI(), path))
            except SystemExit as crash:
                print(" ", crash)
    print("paid:", PAID)
