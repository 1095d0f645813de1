"""Let the model call one function of yours, with Chat Completions."""

import json
from typing import Any

from dotenv import load_dotenv
from openai import OpenAI
from openai.types.chat import ChatCompletionFunctionToolParam

load_dotenv()

QUESTION = "What is the weather in Paris?"
CITY = {"type": "string", "description": "As in 'Oslo'"}
TOOL: ChatCompletionFunctionToolParam = {
    "type": "function",
    "function": {
        "name": "get_weather",
        "description": "Get the current weather in a city.",
        "parameters": {
            "type": "object",
            "properties": {"city": CITY},
            "required": ["city"],
            "additionalProperties": False,
        },
        "strict": True,
    },
}
REQUEST: Any = {"model": "gpt-6-luna", "tools": [TOOL], "reasoning_effort": "none"}


def get_weather(city: str) -> str:
    """Return the weather as text. A real one would ask a weather service."""
    return f"18 degrees and cloudy in {city}"


if __name__ == "__main__":
    client = OpenAI()
    history: list[Any] = [{"role": "user", "content": QUESTION}]
    first = client.chat.completions.create(**REQUEST, messages=history)
    message = first.choices[0].message
    history.append(message)

    for call in message.tool_calls or ():
        print(f"{call.function.name}({call.function.arguments}), {call.id}")
        output = get_weather(**json.loads(call.function.arguments))
        result = {"tool_call_id": call.id, "content": output}
        history.append({"role": "tool", **result})

    last = client.chat.completions.create(**REQUEST, messages=history)
    print(last.choices[0].message.content)
