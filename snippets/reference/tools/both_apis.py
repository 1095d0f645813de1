"""Write a function once, in the form of Responses, and offer it in both APIs."""

from typing import Any

from dotenv import load_dotenv
from openai import OpenAI

CITY = {"type": "object", "properties": {"city": {"type": "string"}}}
RULES = {"required": ["city"], "additionalProperties": False}
WEATHER: Any = {
    "type": "function",
    "name": "get_weather",
    "description": "Get the current weather in a city.",
    "parameters": {**CITY, **RULES},
    "strict": True,
}


def for_chat(tool: Any) -> Any:
    """Return the same function in the form of Chat Completions."""
    function = {name: value for name, value in tool.items() if name != "type"}
    return {"type": "function", "function": function}


if __name__ == "__main__":
    load_dotenv()
    client = OpenAI()
    question = "What is the weather in Paris?"
    response = client.responses.create(
        model="gpt-6-luna", input=question, tools=[WEATHER]
    )
    for item in response.output:
        if item.type == "function_call":
            print(item.name, item.arguments)
            #> get_weather {"city":"Paris"}

    completion = client.chat.completions.create(
        model="gpt-6-luna",
        messages=[{"role": "user", "content": question}],
        tools=[for_chat(WEATHER)],
        reasoning_effort="none",
    )
    for call in completion.choices[0].message.tool_calls or ():
        if call.type == "function":
            print(call.function.name, call.function.arguments)
            #> get_weather {"city":"Paris"}
