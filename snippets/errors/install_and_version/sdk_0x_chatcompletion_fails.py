"""Send a request the way openai 0.28 did."""

import openai
from dotenv import load_dotenv

load_dotenv()

completion = openai.ChatCompletion.create(
    model="gpt-6-luna",
    messages=[{"role": "user", "content": "Say hello"}],
)
print(completion["choices"][0]["message"]["content"])
