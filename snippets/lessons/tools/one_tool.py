"""Let the model call one function of yours, and answer with what it returned."""

import json
from typing import Any

from dotenv import load_dotenv
from openai import OpenAI
from openai.types.responses import FunctionToolParam

load_dotenv()

QUESTION = "What is the weather in Paris?"
TOOL: FunctionToolParam = {
    "type": "function",
    "name": "get_weather",
    "description": "Get the current weather in a city.",
    "parameters": {
        "type": "object",
        "properties": {"city": {"type": "string", "description": "As in 'Oslo'"}},
        "required": ["city"],
        "additionalProperties": False,
    },
    "strict": True,
}


def get_weather(city: str) -> str:
    """Return the weather as text. A real one would ask a weather service."""
    return f"18 degrees and cloudy in {city}"


if __name__ == "__main__":
    client = OpenAI()
    history: list[Any] = [{"role": "user", "content": QUESTION}]
    first = client.responses.create(model="gpt-6-luna", input=history, tools=[TOOL])
    history += first.output

    for item in first.output:
        if item.type == "function_call":
            print(f"{item.name}({item.arguments}), {item.call_id}")
            output = get_weather(**json.loads(item.arguments))
            result = {"call_id": item.call_id, "output": output}
            history.append({"type": "function_call_output", **result})

    last = client.responses.create(model="gpt-6-luna", input=history, tools=[TOOL])
    print(last.output_text)
