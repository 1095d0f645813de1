"""Read a stream whose connection breaks."""

# sandbox: cut_stream

from dotenv import load_dotenv
from openai import OpenAI

load_dotenv()
client = OpenAI()

stream = client.responses.create(
    model="gpt-6-luna",
    input="Why is the sky blue?",
    stream=True,
)
text = ""
for event in stream:
    if event.type == "response.output_text.delta":
        text += event.delta
print(text)
