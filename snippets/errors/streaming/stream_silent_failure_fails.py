"""Print the text of a stream, and check nothing else."""

# sandbox: failed_response

from dotenv import load_dotenv
from openai import OpenAI

load_dotenv()
client = OpenAI()

stream = client.responses.create(
    model="gpt-6-luna",
    input="Why is the sky blue?",
    stream=True,
)
for event in stream:
    if event.type == "response.output_text.delta":
        print(event.delta, end="")
print()
