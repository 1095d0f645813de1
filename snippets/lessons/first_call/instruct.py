"""Ask a question, and tell the model how to answer it."""

from dotenv import load_dotenv
from openai import OpenAI

load_dotenv()
client = OpenAI()

response = client.responses.create(
    model="gpt-6-luna",
    instructions=(
        "You are a helpful Python tutor. Explain concepts clearly with examples."
    ),
    input="Explain async/await in Python",
)

print(response.output_text)
