"""Count what a class adds to the input of a call."""

# sandbox: script=answers.json

from typing import Any

from dotenv import load_dotenv
from openai import OpenAI
from pydantic import BaseModel, Field

load_dotenv()
client = OpenAI()


class Event(BaseModel):
    name: str
    participants: list[str]


class Described(BaseModel):
    """An event that somebody wants to attend."""

    name: str = Field(description="What it is called, without the date")
    participants: list[str] = Field(description="First names, in their order")


ask: Any = {
    "model": "gpt-6-luna",
    "reasoning": {"effort": "none"},
    "input": "Name the event: Alice, Bob and Carol are going to a science fair.",
}
plain = client.responses.create(**ask).usage
event = client.responses.parse(**ask, text_format=Event).usage
described = client.responses.parse(**ask, text_format=Described).usage
if plain and event and described:
    print(f"no class: {plain.input_tokens} in, {plain.output_tokens} out")
    print(f"Event: {event.input_tokens} in, {event.output_tokens} out")
    print(f"Described: {described.input_tokens} in, {described.output_tokens} out")
