"""Allow enough tokens for the reasoning and the answer."""

from dotenv import load_dotenv
from openai import OpenAI

load_dotenv()
client = OpenAI()

response = client.responses.create(
    model="gpt-6-luna",
    input="Say hello",
    max_output_tokens=1000,
)
print(response.status, response.output_text)
#> completed Hello! What are you working on?
