"""Send what a tool returned as it is, although it is not a string."""

import json
from typing import Any

from dotenv import load_dotenv
from openai import OpenAI

load_dotenv()
client = OpenAI()

WEATHER = {"Paris": {"sky": "sunny", "degrees": 21}}
tool: Any = {
    "type": "function",
    "name": "get_weather",
    "parameters": {"type": "object", "properties": {"city": {"type": "string"}}},
}
history: list[Any] = [{"role": "user", "content": "What is the weather in Paris?"}]
first = client.responses.create(model="gpt-6-luna", tools=[tool], input=history)

history += first.output
for item in first.output:
    if item.type == "function_call":
        found = WEATHER[json.loads(item.arguments)["city"]]
        told = {"call_id": item.call_id, "output": found}
        history.append({"type": "function_call_output", **told})
second = client.responses.create(model="gpt-6-luna", tools=[tool], input=history)
print(second.output_text)
