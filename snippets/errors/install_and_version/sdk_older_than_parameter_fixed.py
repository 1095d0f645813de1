"""Use the parameter with an SDK that knows it."""

import openai
from dotenv import load_dotenv
from openai import OpenAI

load_dotenv()
client = OpenAI()
print("openai", openai.__version__.split(".")[0])
#> openai 3

completion = client.chat.completions.create(
    model="gpt-6-luna",
    messages=[{"role": "user", "content": "Say hello"}],
    verbosity="low",
)
print(completion.choices[0].message.content)
#> Hello! What are you working on?
