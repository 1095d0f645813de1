"""Give the model several functions and run the loop, with Chat Completions."""

import json
from typing import Any

from dotenv import load_dotenv
from openai import OpenAI


def tool(name: str, description: str, **properties: Any) -> Any:
    """Describe a function: every parameter is required, and no other is allowed."""
    rules = {"required": list(properties), "additionalProperties": False}
    parameters = {"type": "object", "properties": properties, **rules}
    about = {"name": name, "description": description, "parameters": parameters}
    return {"type": "function", "function": {"strict": True, **about}}


def get_weather(city: str) -> str:
    return f"18 degrees and cloudy in {city}"


def get_time(city: str) -> str:
    return {"Oslo": "20:30", "Tokyo": "04:30"}[city]


CITY = {"type": "string", "description": "As in 'Oslo'"}
TOOLS = [
    tool("get_weather", "Get the current weather in a city.", city=CITY),
    tool("get_time", "Get the current time in a city.", city=CITY),
]
FUNCTIONS = {"get_weather": get_weather, "get_time": get_time}
REQUEST: Any = {"model": "gpt-6-luna", "tools": TOOLS, "reasoning_effort": "none"}


def run(name: str, arguments: str) -> str:
    """Return what the function returned, or an error that the model can read."""
    try:
        return FUNCTIONS[name](**json.loads(arguments))
    except Exception as error:
        return f"error: {type(error).__name__}: {error}"


def ask(client: OpenAI, question: str, rounds: int = 5) -> str | None:
    """Return the answer, after a few rounds of calls at most."""
    history: list[Any] = [{"role": "user", "content": question}]
    for _ in range(rounds):
        reply = client.chat.completions.create(**REQUEST, messages=history)
        message = reply.choices[0].message
        history.append(message)
        if not message.tool_calls:
            answer: str | None = message.content
            return answer
        for call in message.tool_calls:
            output = run(call.function.name, call.function.arguments)
            print(f"{call.function.name}({call.function.arguments}) -> {output}")
            result = {"tool_call_id": call.id, "content": output}
            history.append({"role": "tool", **result})
    raise RuntimeError(f"no answer after {rounds} rounds")


if __name__ == "__main__":
    load_dotenv()
    weather = "What is the weather in Paris and Oslo"
    print(ask(OpenAI(), f"{weather}, and what time is it in Tokyo?"))
