"""Print the answer as it is generated, and say so if it is not complete."""

from dotenv import load_dotenv
from openai import OpenAI

load_dotenv()
client = OpenAI()

stream = client.chat.completions.create(
    model="gpt-6-luna",
    messages=[{"role": "user", "content": "Write a haiku about coding"}],
    stream=True,
)

reason = None
for chunk in stream:
    for choice in chunk.choices:
        print(choice.delta.content or "", end="", flush=True)
        reason = choice.finish_reason or reason
print("" if reason == "stop" else f"\n[not complete: {reason}]")
