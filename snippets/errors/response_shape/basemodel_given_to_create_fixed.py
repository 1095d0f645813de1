"""Pass a Pydantic class to parse()."""

from dotenv import load_dotenv
from openai import OpenAI
from pydantic import BaseModel

load_dotenv()
client = OpenAI()


class Person(BaseModel):
    name: str
    born: int


completion = client.chat.completions.parse(
    model="gpt-6-luna",
    messages=[{"role": "user", "content": "As JSON: Ada Lovelace, born 1815."}],
    response_format=Person,
)
print(completion.choices[0].message.parsed)
#> name='Ada Lovelace' born=1815
