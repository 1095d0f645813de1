"""Use JSON mode where there is no schema, and check the answer yourself."""

# sandbox: script=answers.json

from dotenv import load_dotenv
from openai import OpenAI
from pydantic import BaseModel, ValidationError

load_dotenv()
client = OpenAI()


class Person(BaseModel):
    name: str
    born: int
    city: str


response = client.responses.create(
    model="gpt-6-luna",
    instructions="Answer in JSON with the keys name, born and city.",
    input="As JSON: Ada Lovelace, born 1815 in London.",
    text={"format": {"type": "json_object"}},
)
print(response.output_text)
try:
    print(Person.model_validate_json(response.output_text))
except ValidationError as error:
    for problem in error.errors():
        print(problem["loc"], problem["msg"])
