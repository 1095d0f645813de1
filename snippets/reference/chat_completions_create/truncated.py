"""Set a cap that is too small: the text is cut off, or missing."""

from typing import Literal

from dotenv import load_dotenv
from openai import OpenAI

load_dotenv()
client = OpenAI()

Effort = Literal["none", "medium"]
cases: list[tuple[Effort, int]] = [("none", 10), ("medium", 10), ("medium", 1000)]

for effort, cap in cases:
    completion = client.chat.completions.create(
        model="gpt-6-luna",
        messages=[{"role": "user", "content": "Why is the sky blue?"}],
        reasoning_effort=effort,
        max_completion_tokens=cap,
    )
    choice = completion.choices[0]
    print(f"effort {effort}, cap {cap}: {choice.finish_reason}")
    print("  ", repr((choice.message.content or "")[:60]))
