"""Offer tools to a vLLM that was started without support for them."""
# sandbox: as=vllm

from dotenv import load_dotenv
from openai import OpenAI

load_dotenv()
client = OpenAI()
MODEL = "Qwen/Qwen3-8B"

ARGUMENTS: dict[str, object] = {
    "type": "object",
    "properties": {"city": {"type": "string"}},
    "required": ["city"],
    "additionalProperties": False,
}
completion = client.chat.completions.create(
    model=MODEL,
    messages=[{"role": "user", "content": "What is the weather in Paris?"}],
    tools=[
        {
            "type": "function",
            "function": {"name": "get_weather", "parameters": ARGUMENTS},
        }
    ],
)
print(completion.choices[0].message.tool_calls)
