"""Let the API keep the conversation: name the response to continue from."""

from dotenv import load_dotenv
from openai import OpenAI

load_dotenv()
client = OpenAI()

BRIEF = "Answer in one sentence."
first = client.responses.create(
    model="gpt-6-luna",
    instructions=BRIEF,
    input="Why is the sky blue?",
)
print("1:", first.output_text)

for name, instructions in (("2a", None), ("2b", BRIEF)):
    second = client.responses.create(
        model="gpt-6-luna",
        instructions=instructions,
        previous_response_id=first.id,
        input="And why is it red at sunset?",
    )
    print(f"{name}, instructions {second.instructions}:", second.output_text)
