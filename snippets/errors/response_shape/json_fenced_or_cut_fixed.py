"""Have the model write JSON that matches a class."""

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
print(response.output_parsed)
#> name='Ada Lovelace' born=1815 city='London'
