"""Ask a LiteLLM proxy for a model by the name in its configuration."""
# sandbox: as=litellm

from dotenv import load_dotenv
from openai import OpenAI

load_dotenv()
client = OpenAI()
MODEL = "gpt-6-luna"

completion = client.chat.completions.create(
    model=MODEL,
    messages=[{"role": "user", "content": "Say hello"}],
)
print(completion.choices[0].message.content)
#> Hello! What are you working on?
