"""Use a model whose name is misspelled."""

from dotenv import load_dotenv
from openai import OpenAI

load_dotenv()
client = OpenAI()
MODEL = "gpt-6-lunar"

completion = client.chat.completions.create(
    model=MODEL,
    messages=[{"role": "user", "content": "Say hello"}],
)
print(completion.choices[0].message.content)
