"""Ask a LiteLLM proxy for a model that its configuration does not name."""
# sandbox: as=litellm

from dotenv import load_dotenv
from openai import OpenAI

load_dotenv()
client = OpenAI()
MODEL = "openai/gpt-6-luna"

completion = client.chat.completions.create(
    model=MODEL,
    messages=[{"role": "user", "content": "Say hello"}],
)
print(completion.choices[0].message.content)
