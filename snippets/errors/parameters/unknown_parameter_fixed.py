"""Send only the members of saved messages that the API knows."""

from typing import Any

from dotenv import load_dotenv
from openai import OpenAI

load_dotenv()
client = OpenAI()

saved: list[Any] = [
    {"role": "user", "content": "Say hello", "saved_at": "2026-11-30"},
]
completion = client.chat.completions.create(
    model="gpt-6-luna",
    messages=[{"role": it["role"], "content": it["content"]} for it in saved],
)
print(completion.choices[0].message.content)
#> Hello! What are you working on?
