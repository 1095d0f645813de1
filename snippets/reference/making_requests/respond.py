"""Ask the same question with the Responses API."""

from dotenv import load_dotenv
from openai import OpenAI

load_dotenv()
client = OpenAI()

response = client.responses.create(
    model="gpt-6-luna",
    input="Say this is a test!",
    reasoning={"effort": "none"},
    temperature=0.7,
)

print(response.output_text)
