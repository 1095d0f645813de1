"""Show an object while it is being written, with Chat Completions."""

from dotenv import load_dotenv
from openai import OpenAI
from pydantic import BaseModel

load_dotenv()
client = OpenAI()


class Event(BaseModel):
    name: str
    participants: list[str]


text = "Alice, Bob and Carol are going to a science fair."
shown = None
with client.chat.completions.stream(
    model="gpt-6-luna",
    messages=[{"role": "user", "content": text}],
    response_format=Event,
) as stream:
    for event in stream:
        if event.type == "content.delta" and event.parsed != shown:
            print(event.parsed)
            shown = event.parsed
    completion = stream.get_final_completion()
    print(repr(completion.choices[0].message.parsed))
