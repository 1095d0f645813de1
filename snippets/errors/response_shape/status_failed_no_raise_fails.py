"""Assume that a call that raises nothing has an answer."""

# sandbox: failed_response

from dotenv import load_dotenv
from openai import OpenAI

load_dotenv()
client = OpenAI()

response = client.responses.create(
    model="gpt-6-luna",
    input="Why is the sky blue?",
)
print(repr(response.output_text))
#> ''
