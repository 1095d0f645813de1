"""Print the events of a streamed response, in order."""

from itertools import groupby

from dotenv import load_dotenv
from openai import OpenAI

load_dotenv()
client = OpenAI()

stream = client.responses.create(model="gpt-6-luna", input="Say hello", stream=True)

for event_type, events in groupby(stream, key=lambda event: event.type):
    print(event_type, f"x{len(list(events))}")
