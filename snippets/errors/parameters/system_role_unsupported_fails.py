"""Send a system message to a model that accepts none."""

# sandbox: system_role_unsupported

from dotenv import load_dotenv
from openai import OpenAI

load_dotenv()
client = OpenAI()

completion = client.chat.completions.create(
    model="gpt-6-luna",
    messages=[
        {"role": "system", "content": "Write a tagline."},
        {"role": "user", "content": "a bakery"},
    ],
)
print(completion.choices[0].message.content)
