"""Ask a model one question and print its answer."""

from dotenv import load_dotenv
from openai import OpenAI

load_dotenv()
client = OpenAI()

response = client.responses.create(
    model="gpt-6-luna",
    input="Explain async/await in Python in one paragraph.",
)

print(response.output_text)
