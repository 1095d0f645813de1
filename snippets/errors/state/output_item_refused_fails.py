"""Send back the output of parse() with what the SDK added to it."""

from typing import Any

from dotenv import load_dotenv
from openai import OpenAI
from pydantic import BaseModel

load_dotenv()
client = OpenAI()


class Person(BaseModel):
    name: str
    born: int


history: list[Any] = [
    {"role": "user", "content": "Describe her as JSON: Ada Lovelace, born 1815."},
]
first = client.responses.parse(
    model="gpt-6-luna", input=history, text_format=Person
)

history += [item.model_dump() for item in first.output]
history.append({"role": "user", "content": "Say hello"})
second = client.responses.create(model="gpt-6-luna", input=history)
print(second.output_text)
