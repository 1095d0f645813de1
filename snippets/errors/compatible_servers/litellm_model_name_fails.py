"""Ask a LiteLLM proxy for a model that its configuration does not cover."""
# sandbox: as=litellm

from dotenv import load_dotenv
from openai import OpenAI

load_dotenv()
client = OpenAI()
MODEL = "gpt-6-luna-fast"

completion = client.chat.completions.create(
    model=MODEL,
    messages=[{"role": "user", "content": "Say hello"}],
)
print(completion.choices[0].message.content)
