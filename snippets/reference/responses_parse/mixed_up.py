"""Show what parse() raises before it sends anything."""

from typing import Any

from dotenv import load_dotenv
from openai import OpenAI
from pydantic import BaseModel

load_dotenv()
parse: Any = OpenAI().responses.parse


class Review(BaseModel):
    product: str


for mistake in (
    {"text_format": Review, "text": {"format": {"type": "json_object"}}},
    {"text_format": list[Review]},
    {"response_format": Review},
):
    try:
        parse(model="gpt-6-luna", input="I like the lamp.", **mistake)
    except TypeError as error:
        print(error)
