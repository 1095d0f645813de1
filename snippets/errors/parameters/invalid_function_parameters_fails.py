"""Offer a tool with a list that does not say what is in it."""

from typing import Any

from dotenv import load_dotenv
from openai import OpenAI

load_dotenv()
client = OpenAI()

tool: Any = {
    "type": "function",
    "name": "save_tags",
    "parameters": {
        "type": "object",
        "properties": {"tags": {"type": "array"}},
    },
}
response = client.responses.create(
    model="gpt-6-luna",
    input="Tag this text: I am learning Python.",
    tools=[tool],
    tool_choice="required",
)
for item in response.output:
    if item.type == "function_call":
        print("to call:", item.name)
