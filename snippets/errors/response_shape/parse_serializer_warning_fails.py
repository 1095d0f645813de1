"""Turn a parsed completion into a dictionary."""

import warnings

from dotenv import load_dotenv
from openai import OpenAI
from pydantic import BaseModel

load_dotenv()
client = OpenAI()

warnings.simplefilter("error")  # as in a test suite that allows no warnings


class Person(BaseModel):
    name: str
    born: int


completion = client.chat.completions.parse(
    model="gpt-6-luna",
    messages=[{"role": "user", "content": "As JSON: Ada Lovelace, born 1815."}],
    response_format=Person,
)
saved = completion.model_dump()
print(saved["choices"][0]["message"]["parsed"])
