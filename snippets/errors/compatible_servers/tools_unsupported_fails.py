"""Offer tools to a local model that cannot call any."""
# sandbox: as=ollama

from dotenv import load_dotenv
from openai import OpenAI
from openai.types.chat import ChatCompletionFunctionToolParam

load_dotenv()
client = OpenAI()
MODEL = "llama3:8b"

weather: ChatCompletionFunctionToolParam = {
    "type": "function",
    "function": {
        "name": "get_weather",
        "parameters": {
            "type": "object",
            "properties": {"city": {"type": "string"}},
            "required": ["city"],
        },
    },
}
completion = client.chat.completions.create(
    model=MODEL,
    messages=[{"role": "user", "content": "What is the weather in Paris?"}],
    tools=[weather],
)
print(completion.choices[0].message.tool_calls)
