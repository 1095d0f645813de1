"""Pass a parameter of another server to a method that does not have it."""

from dotenv import load_dotenv
from openai import OpenAI

load_dotenv()
client = OpenAI()

completion = client.chat.completions.create(  # type: ignore[call-overload]
    model="gpt-6-luna",
    messages=[{"role": "user", "content": "Say hello"}],
    top_k=20,
)
print(completion.choices[0].message.content)
