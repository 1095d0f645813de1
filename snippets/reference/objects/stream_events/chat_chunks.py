"""Print the chunks of a streamed chat completion: role, text, finish reason, usage."""

from dotenv import load_dotenv
from openai import OpenAI

load_dotenv()
client = OpenAI()

stream = client.chat.completions.create(
    model="gpt-6-luna",
    messages=[{"role": "user", "content": "Say hello"}],
    stream=True,
    stream_options={"include_usage": True},
)

for chunk in stream:
    for choice in chunk.choices:
        print(choice.delta.model_dump(exclude_none=True), choice.finish_reason)
    if chunk.usage:
        print(chunk.usage.total_tokens, "tokens in all")
