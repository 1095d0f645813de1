"""Turn a sentence into an object."""

from datetime import date

from dotenv import load_dotenv
from openai import OpenAI
from pydantic import BaseModel

load_dotenv()
client = OpenAI()


class Event(BaseModel):
    name: str
    day: date
    participants: list[str]


response = client.responses.parse(
    model="gpt-6-luna",
    input="Alice and Bob are going to a science fair on 2026-12-04.",
    text_format=Event,
)
event = response.output_parsed
if event:
    print(event)
    print(event.participants[0], "has to be there on a", f"{event.day:%A}.")
