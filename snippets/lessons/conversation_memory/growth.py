"""Watch the input of a chain grow with every turn."""

from dotenv import load_dotenv
from openai import OpenAI

load_dotenv()
client = OpenAI()

QUESTIONS = [
    "Explain async/await in Python in one paragraph.",
    "Give me an example",
    "What can go wrong with it?",
    "How do I test it?",
    "When should I use threads instead?",
    "Summarize what we said in one sentence.",
]

previous_id = None
for turn, question in enumerate(QUESTIONS, start=1):
    response = client.responses.create(
        model="gpt-6-luna",
        input=question,
        previous_response_id=previous_id,
        reasoning={"effort": "none"},
    )
    previous_id = response.id
    if usage := response.usage:
        print(f"{turn}: {usage.input_tokens} in, {usage.output_tokens} out")
