"""Offer Responses a function in the form of Chat Completions."""

from typing import Any

from dotenv import load_dotenv
from openai import OpenAI

load_dotenv()
client = OpenAI()

weather: Any = {
    "type": "function",
    "function": {
        "name": "get_weather",
        "parameters": {
            "type": "object",
            "properties": {"city": {"type": "string"}},
        },
    },
}
response = client.responses.create(
    model="gpt-6-luna", input="What is the weather in Paris?", tools=[weather]
)
for item in response.output:
    if item.type == "function_call":
        print("to call:", item.name, item.arguments)
