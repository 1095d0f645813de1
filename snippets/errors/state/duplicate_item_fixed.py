"""Send a history once."""

from typing import Any

from dotenv import load_dotenv
from openai import OpenAI

load_dotenv()
client = OpenAI()

history: list[Any] = [
    {"role": "user", "content": "My name is Ada. I am learning Python."},
]
first = client.responses.create(model="gpt-6-luna", input=history)

history += first.output
history.append({"role": "user", "content": "What is my name?"})
second = client.responses.create(
    model="gpt-6-luna",
    input=history,
)
print(second.output_text)
#> Your name is Ada.
