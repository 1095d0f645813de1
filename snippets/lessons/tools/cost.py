"""Count what tools add to the input, and what each round reads and writes."""

from typing import Any

from dotenv import load_dotenv
from openai import OpenAI

load_dotenv()
client = OpenAI()

CITY = {"type": "string", "description": "As in 'Oslo'"}
RULES = {"required": ["city"], "additionalProperties": False}
SCHEMA = {"type": "object", "properties": {"city": CITY}, **RULES}
ABOUT = {"description": "Get the current weather in a city.", "parameters": SCHEMA}
TOOL: Any = {"type": "function", "name": "get_weather", "strict": True, **ABOUT}
REQUEST: Any = {"model": "gpt-6-luna", "reasoning": {"effort": "none"}}

question = "What is the weather in Paris, Oslo and Lima?"
for count in (0, 1, 10, 50):
    tools: Any = [{**TOOL, "name": f"get_weather_{id}"} for id in range(count)]
    counted = client.responses.input_tokens.count(
        model="gpt-6-luna", input=question, tools=tools
    )
    print(f"tools: {count}, input tokens: {counted.input_tokens}")

history: list[Any] = [{"role": "user", "content": question}]
for number in (1, 2):
    reply = client.responses.create(**REQUEST, input=history, tools=[TOOL])
    if usage := reply.usage:
        print(f"round {number}: {usage.input_tokens} in, {usage.output_tokens} out")
    history += reply.output
    for item in reply.output:
        if item.type == "function_call":
            result = {"call_id": item.call_id, "output": "18 degrees and cloudy"}
            history.append({"type": "function_call_output", **result})
