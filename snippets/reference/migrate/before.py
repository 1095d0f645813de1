"""Use Chat Completions: pass messages with roles, and read the nested text."""

from dotenv import load_dotenv
from openai import OpenAI

load_dotenv()
client = OpenAI()

completion = client.chat.completions.create(
    model="gpt-6-luna",
    messages=[
        {"role": "developer", "content": "Answer in one sentence."},
        {"role": "user", "content": "Why is the sky blue?"},
    ],
    max_completion_tokens=1000,
)

print(completion.choices[0].message.content)
