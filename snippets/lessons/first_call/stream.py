"""Print the answer as it is generated, and say so if it is not complete."""

from dotenv import load_dotenv
from openai import OpenAI

load_dotenv()
client = OpenAI()

stream = client.responses.create(
    model="gpt-6-luna",
    input="Write a haiku about coding",
    stream=True,
)

complete = False
for event in stream:
    if event.type == "response.output_text.delta":
        print(event.delta, end="", flush=True)
    elif event.type == "response.completed":
        complete = True
    elif event.type == "response.incomplete":
        print("\n[cut off:", event.response.incomplete_details, "]")
    elif event.type == "response.failed":
        print("\n[failed:", event.response.error, "]")
print("" if complete else "\n[not complete]")
