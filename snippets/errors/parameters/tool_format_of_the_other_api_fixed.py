"""Offer Responses a function in its own form."""

from typing import Any

from dotenv import load_dotenv
from openai import OpenAI

load_dotenv()
client = OpenAI()

weather: Any = {
    "type": "function",
    "name": "get_weather",
    "parameters": {
        "type": "object",
        "properties": {"city": {"type": "string"}},
    },
    "strict": False,
}
response = client.responses.create(
    model="gpt-6-luna", input="What is the weather in Paris?", tools=[weather]
)
for item in response.output:
    if item.type == "function_call":
        print("to call:", item.name, item.arguments)
        #> to call: get_weather {"city":"Paris"}
