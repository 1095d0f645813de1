"""Send instructions and input, and print the reply."""

from dotenv import load_dotenv
from openai import OpenAI

load_dotenv()
client = OpenAI()

response = client.responses.create(
    model="gpt-6-luna",
    instructions="You are a helpful assistant.",
    input="Explain quantum entanglement in one sentence.",
    max_output_tokens=1000,
)

print(response.status)
print(response.output_text)
