"""Send messages as they were saved, with a member that the API does not know."""

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
    messages=saved,
)
print(completion.choices[0].message.content)
