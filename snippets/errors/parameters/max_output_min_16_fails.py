"""Allow fewer output tokens than the API's minimum."""

from dotenv import load_dotenv
from openai import OpenAI

load_dotenv()
client = OpenAI()

response = client.responses.create(
    model="gpt-6-luna",
    input="Say hello",
    max_output_tokens=10,
)
print(response.status, response.output_text)
