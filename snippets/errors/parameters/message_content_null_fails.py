"""Send a text that may be missing."""

from typing import Any

from dotenv import load_dotenv
from openai import OpenAI

load_dotenv()
client = OpenAI()

texts = {"question": "What is the capital of France?"}
messages: list[Any] = [
    {"role": "system", "content": texts.get("instructions")},
    {"role": "user", "content": texts.get("question")},
]
completion = client.chat.completions.create(
    model="gpt-6-luna",
    messages=messages,
)
print(completion.choices[0].message.content)
