"""Answer every tool call of the model, with an error text if the tool failed."""

import json
from typing import Any

from dotenv import load_dotenv
from openai import OpenAI

load_dotenv()
client = OpenAI()

WEATHER = {"Paris": "sunny"}
tool: Any = {
    "type": "function",
    "name": "get_weather",
    "parameters": {"type": "object", "properties": {"city": {"type": "string"}}},
}
history: list[Any] = [{"role": "user", "content": "The weather in Paris and Oslo?"}]
first = client.responses.create(model="gpt-6-luna", tools=[tool], input=history)

history += first.output
for item in first.output:
    if item.type == "function_call":
        city = json.loads(item.arguments)["city"]
        found = WEATHER.get(city, "error: no weather station there")
        told = {"call_id": item.call_id, "output": found}
        history.append({"type": "function_call_output", **told})
second = client.responses.create(model="gpt-6-luna", tools=[tool], input=history)
print(second.output_text)
