"""Turn a sentence into an object, with Chat Completions."""

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


text = "Alice and Bob are going to a science fair on 2026-12-04."
completion = client.chat.completions.parse(
    model="gpt-6-luna",
    messages=[{"role": "user", "content": text}],
    response_format=Event,
)
event = completion.choices[0].message.parsed
if event:
    print(event)
    print(event.participants[0], "has to be there on a", f"{event.day:%A}.")
