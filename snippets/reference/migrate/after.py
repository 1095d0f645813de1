"""Use Responses: pass instructions and input, and read the text directly."""

from dotenv import load_dotenv
from openai import OpenAI

load_dotenv()
client = OpenAI()

response = client.responses.create(
    model="gpt-6-luna",
    instructions="Answer in one sentence.",
    input="Why is the sky blue?",
    max_output_tokens=1000,
)

print(response.output_text)
