"""Send the same request with the Python SDK."""

from dotenv import load_dotenv
from openai import OpenAI

load_dotenv()
client = OpenAI()

completion = client.chat.completions.create(
    model="gpt-6-luna",
    messages=[{"role": "user", "content": "Say this is a test!"}],
    reasoning_effort="none",
    temperature=0.7,
)

print(completion.choices[0].message.content)
