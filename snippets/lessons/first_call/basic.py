"""Make two calls: one waits for the whole answer, and one shows it as it arrives."""

from dotenv import load_dotenv
from openai import OpenAI

load_dotenv()
client = OpenAI()

response = client.responses.create(model="gpt-6-luna", input="Why is the sky blue?")
print(response.output_text)
print()

for event in client.responses.create(
    model="gpt-6-luna", input="Write a haiku about coding", stream=True
):
    if event.type == "response.output_text.delta":
        print(event.delta, end="", flush=True)
print()
