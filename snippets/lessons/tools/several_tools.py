"""Give the model several functions, and run the loop until it answers."""

import json
from typing import Any

from dotenv import load_dotenv
from openai import OpenAI
from openai.types.responses import Response, ResponseFunctionToolCall


def tool(name: str, description: str, **properties: Any) -> Any:
    """Describe a function: every parameter is required, and no other is allowed."""
    rules = {"required": list(properties), "additionalProperties": False}
    parameters = {"type": "object", "properties": properties, **rules}
    about = {"name": name, "description": description, "parameters": parameters}
    return {"type": "function", "strict": True, **about}


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
REQUEST: Any = {"model": "gpt-6-luna", "tools": TOOLS}


def run(call: ResponseFunctionToolCall) -> str:
    """Return what the function returned, or an error that the model can read."""
    try:
        return FUNCTIONS[call.name](**json.loads(call.arguments))
    except Exception as error:
        return f"error: {type(error).__name__}: {error}"


def ask(client: OpenAI, question: str, rounds: int = 5) -> str:
    """Return the answer, after a few rounds of calls at most."""
    history: list[Any] = [{"role": "user", "content": question}]
    for _ in range(rounds):
        reply: Response = client.responses.create(**REQUEST, input=history)
        history += reply.output
        calls = [item for item in reply.output if item.type == "function_call"]
        if not calls:
            return reply.output_text
        for call in calls:
            output = run(call)
            print(f"{call.name}({call.arguments}) -> {output}")
            result = {"call_id": call.call_id, "output": output}
            history.append({"type": "function_call_output", **result})
    raise RuntimeError(f"no answer after {rounds} rounds")


if __name__ == "__main__":
    load_dotenv()
    weather = "What is the weather in Paris and Oslo"
    print(ask(OpenAI(), f"{weather}, and what time is it in Tokyo?"))
