"""Limit an answer with the name that reasoning models accept."""

from dotenv import load_dotenv
from openai import OpenAI

load_dotenv()
client = OpenAI()

completion = client.chat.completions.create(
    model="gpt-6-luna",
    messages=[{"role": "user", "content": "Say hello"}],
    max_completion_tokens=200,
)
print(completion.choices[0].message.content)
#> Hello! What are you working on?
