"""Send a LiteLLM proxy a parameter that the model behind it does not support."""
# sandbox: as=litellm

from dotenv import load_dotenv
from openai import OpenAI

load_dotenv()
client = OpenAI()

completion = client.chat.completions.create(
    model="gpt-6-luna",
    messages=[{"role": "user", "content": "Say hello"}],
    temperature=0.1,
)
print(completion.choices[0].message.content)
