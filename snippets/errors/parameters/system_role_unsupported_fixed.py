"""Put the instructions into the user message."""

# sandbox: system_role_unsupported

from dotenv import load_dotenv
from openai import OpenAI

load_dotenv()
client = OpenAI()

completion = client.chat.completions.create(
    model="gpt-6-luna",
    messages=[
        {"role": "user", "content": "Write a tagline for a bakery."},
    ],
)
print(completion.choices[0].message.content)
#> Baked before sunrise, gone before noon.
