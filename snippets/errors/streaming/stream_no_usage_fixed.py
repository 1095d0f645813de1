"""Ask for usage: it comes in the last chunk."""

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
tokens = None
for chunk in stream:
    if chunk.usage:
        tokens = chunk.usage.total_tokens
print(tokens, "tokens")
#> 145 tokens
