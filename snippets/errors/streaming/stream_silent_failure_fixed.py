"""Print the text of a stream, and how it ended."""

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
ended = "nothing said so"
for event in stream:
    if event.type == "response.output_text.delta":
        print(event.delta, end="")
    elif event.type in (
        "response.completed",
        "response.incomplete",
        "response.failed",
        "error",
    ):
        ended = event.type
print()
if ended != "response.completed":
    print("Not the whole answer:", ended)
