"""Ask Ollama for one of OpenAI's models."""
# sandbox: as=ollama

from dotenv import load_dotenv
from openai import OpenAI

load_dotenv()
client = OpenAI()
MODEL = "gpt-4o-mini"

completion = client.chat.completions.create(
    model=MODEL,
    messages=[{"role": "user", "content": "Say hello"}],
)
print(completion.choices[0].message.content)
