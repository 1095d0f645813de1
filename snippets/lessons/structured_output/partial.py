"""Show an object while it is being written."""

from dotenv import load_dotenv
from openai import OpenAI
from pydantic import BaseModel
from pydantic_core import from_json

load_dotenv()
client = OpenAI()


class Event(BaseModel):
    name: str
    participants: list[str]


shown = None
with client.responses.stream(
    model="gpt-6-luna",
    input="Alice, Bob and Carol are going to a science fair.",
    text_format=Event,
) as stream:
    for event in stream:
        if event.type == "response.output_text.delta":
            partial = from_json(event.snapshot, allow_partial=True)
            if partial != shown:
                print(partial)
                shown = partial
    print(repr(stream.get_final_response().output_parsed))
