"""Expect a choice in every chunk."""

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
text = ""
for chunk in stream:
    text += chunk.choices[0].delta.content or ""
print(text)
