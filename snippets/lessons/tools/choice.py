"""See what each `tool_choice` makes of the same question."""

from typing import Any

from dotenv import load_dotenv
from openai import OpenAI

load_dotenv()
client = OpenAI()

CITY = {"type": "object", "properties": {"city": {"type": "string"}}}
RULES = {"required": ["city"], "additionalProperties": False}
FUNCTION = {"type": "function", "strict": True, "parameters": {**CITY, **RULES}}
TOOLS: Any = [
    {**FUNCTION, "name": "get_weather", "description": "Get a city's weather."},
    {**FUNCTION, "name": "get_time", "description": "Get a city's time."},
]
TIME = {"type": "function", "name": "get_time"}
ALLOWED = {"type": "allowed_tools", "mode": "auto", "tools": [TIME]}
CHOICES: dict[str, Any] = {
    "auto": {"tool_choice": "auto"},
    "one at a time": {"parallel_tool_calls": False},
    "none": {"tool_choice": "none"},
    "required": {"tool_choice": "required"},
    "get_time": {"tool_choice": TIME},
    "allowed": {"tool_choice": ALLOWED},
}
question = "What is the weather in Paris and Oslo?"
for name, choice in CHOICES.items():
    response = client.responses.create(
        model="gpt-6-luna", input=question, tools=TOOLS, **choice
    )
    calls = [item.name for item in response.output if item.type == "function_call"]
    print(f"{name}: {', '.join(calls) or response.output_text}")
