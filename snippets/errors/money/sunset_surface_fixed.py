"""Use the Responses API: the parts of an assistant are now in the call."""

from dotenv import load_dotenv
from openai import OpenAI

load_dotenv()
client = OpenAI()

response = client.responses.create(
    model="gpt-6-luna",
    instructions="Answer in one sentence.",
    input="Why is the sky blue?",
)
print(response.output_text)
#> The sky is blue because air scatters short, blue wavelengths of sunlight far more than long, red ones.
