"""Give responses.create() an argument of Chat Completions."""

from typing import Any

from dotenv import load_dotenv
from openai import OpenAI

load_dotenv()
client: Any = OpenAI()

response = client.responses.create(
    model="gpt-6-luna",
    messages=[{"role": "user", "content": "Say hello"}],
)
print(response.output_text)
