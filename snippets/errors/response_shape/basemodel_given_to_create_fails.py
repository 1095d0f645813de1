"""Pass a Pydantic class to create()."""

from dotenv import load_dotenv
from openai import OpenAI
from pydantic import BaseModel

load_dotenv()
client = OpenAI()


class Person(BaseModel):
    name: str
    born: int


completion = client.chat.completions.create(  # type: ignore[call-overload]
    model="gpt-6-luna",
    messages=[{"role": "user", "content": "As JSON: Ada Lovelace, born 1815."}],
    response_format=Person,
)
print(completion.choices[0].message.content)
