"""Request JSON with a class: the SDK writes the schema that strict mode requires."""

from dotenv import load_dotenv
from openai import OpenAI
from pydantic import BaseModel

load_dotenv()
client = OpenAI()


class Person(BaseModel):
    name: str
    born: int
    city: str


response = client.responses.parse(
    model="gpt-6-luna",
    input="Describe her as JSON: Ada Lovelace, born 1815 in London.",
    text_format=Person,
)
print(response.output_text)
#> {"name":"Ada Lovelace","born":1815,"city":"London"}
