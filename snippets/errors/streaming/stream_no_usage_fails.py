"""Look for usage in a stream without asking for it."""

from dotenv import load_dotenv
from openai import OpenAI

load_dotenv()
client = OpenAI()

stream = client.chat.completions.create(
    model="gpt-6-luna",
    messages=[{"role": "user", "content": "Say hello"}],
    stream=True,
)
tokens = None
for chunk in stream:
    if chunk.usage:
        tokens = chunk.usage.total_tokens
print(tokens, "tokens")
#> None tokens
