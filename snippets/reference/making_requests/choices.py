"""Ask for several answers at once, and pay for all of them."""

from dotenv import load_dotenv
from openai import OpenAI

load_dotenv()
client = OpenAI()

completion = client.chat.completions.create(
    model="gpt-6-luna",
    messages=[{"role": "user", "content": "Write a tagline for a bakery."}],
    reasoning_effort="none",
    n=3,
)

for choice in completion.choices:
    print(choice.index, choice.finish_reason, choice.message.content)
if completion.usage:
    print(completion.usage.completion_tokens, "completion tokens in all")
