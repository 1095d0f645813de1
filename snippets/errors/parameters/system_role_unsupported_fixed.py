"""Put the instructions into a user message."""

# sandbox: system_role_unsupported

from dotenv import load_dotenv
from openai import OpenAI

load_dotenv()
client = OpenAI()

completion = client.chat.completions.create(
    model="gpt-6-luna",
    messages=[
        {"role": "user", "content": "Answer in one sentence."},
        {"role": "user", "content": "What is the capital of France?"},
    ],
)
print(completion.choices[0].message.content)
#> Paris is the capital of France.
