"""Keep a turn's reasoning, but not the answer that followed it."""

from typing import Any

from dotenv import load_dotenv
from openai import OpenAI

load_dotenv()
client = OpenAI()

history: list[Any] = [
    {"role": "user", "content": "My name is Ada. I am learning Python."},
]
first = client.responses.create(model="gpt-6-luna", input=history)

history += [item for item in first.output if item.type != "message"]
history.append({"role": "user", "content": "What is my name?"})
second = client.responses.create(model="gpt-6-luna", input=history)
print(second.output_text)
