"""Ask for an object of a class, and print it with the JSON it was read from."""

from typing import Literal

from dotenv import load_dotenv
from openai import OpenAI
from pydantic import BaseModel

load_dotenv()
client = OpenAI()


class Review(BaseModel):
    product: str
    mood: Literal["good", "bad", "mixed"]


response = client.responses.parse(
    model="gpt-6-luna",
    instructions="Read this review of a product.",
    input="product: desk lamp, mood: good. I like it a lot.",
    text_format=Review,
)

print(response.status)
print(repr(response.output_parsed))
print(response.output_text)
