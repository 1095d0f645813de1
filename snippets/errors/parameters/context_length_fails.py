"""Send the whole history, no matter how long it is."""

# sandbox: context_length

from typing import Any

from dotenv import load_dotenv
from openai import OpenAI

load_dotenv()
client = OpenAI()

turn: list[Any] = [
    {"role": "user", "content": "Say hello"},
    {"role": "assistant", "content": "Hello!"},
]
question: Any = {"role": "user", "content": "What is the capital of France?"}
history = [*turn * 30, question]

response = client.responses.create(model="gpt-6-luna", input=history)
print(response.output_text)
