"""Ask a question and tell the model how to answer it, with Chat Completions."""

from dotenv import load_dotenv
from openai import OpenAI

load_dotenv()
client = OpenAI()

completion = client.chat.completions.create(
    model="gpt-6-luna",
    messages=[
        {"role": "developer", "content": "You are a helpful Python tutor."},
        {"role": "user", "content": "Explain async/await in Python"},
    ],
)

print(completion.choices[0].message.content)
