"""Leave too few tokens for an answer: reasoning uses them all."""

from dotenv import load_dotenv
from openai import OpenAI

load_dotenv()
client = OpenAI()

response = client.responses.create(
    model="gpt-6-luna",
    input="Say hello",
    max_output_tokens=50,
)
print(repr(response.output_text), response.usage.output_tokens, "tokens")
#> '' 50 tokens
