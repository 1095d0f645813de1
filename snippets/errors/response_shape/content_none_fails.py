"""Expect text from a model that calls a tool instead."""

from dotenv import load_dotenv
from openai import OpenAI
from openai.types.chat import ChatCompletionFunctionToolParam

load_dotenv()
client = OpenAI()

weather: ChatCompletionFunctionToolParam = {
    "type": "function",
    "function": {
        "name": "get_weather",
        "parameters": {
            "type": "object",
            "properties": {"city": {"type": "string"}},
        },
    },
}
completion = client.chat.completions.create(
    model="gpt-6-luna",
    messages=[{"role": "user", "content": "What is the weather in Paris?"}],
    tools=[weather],
    reasoning_effort="none",
)
message = completion.choices[0].message
print(message.content.strip())
