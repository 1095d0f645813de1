"""Ask a model for a haiku."""

from openai import OpenAI

client = OpenAI()
response = client.responses.create(
    model="gpt-6-luna",
    input="Write a haiku about coding.",
)
print(response.output_text)
