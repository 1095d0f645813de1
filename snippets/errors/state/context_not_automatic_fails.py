"""Expect the second call to know what the first one said."""

from dotenv import load_dotenv
from openai import OpenAI

load_dotenv()
client = OpenAI()

first = client.responses.create(
    model="gpt-6-luna",
    input="My name is Ada. I am learning Python.",
)
second = client.responses.create(
    model="gpt-6-luna",
    input="What is my name?",
)
print(second.output_text)
#> I do not know. Nothing in what I was sent says your name.
