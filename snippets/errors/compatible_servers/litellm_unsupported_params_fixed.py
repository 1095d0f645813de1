"""Leave out the parameter that the model does not support."""
# sandbox: as=litellm

from dotenv import load_dotenv
from openai import OpenAI

load_dotenv()
client = OpenAI()

completion = client.chat.completions.create(
    model="gpt-6-luna",
    messages=[{"role": "user", "content": "Say hello"}],
)
print(completion.choices[0].message.content)
#> Hello! What are you working on?
