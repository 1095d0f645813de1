"""Turn a reply into plain data before json.dumps()."""

import json

from dotenv import load_dotenv
from openai import OpenAI

load_dotenv()
client = OpenAI()

completion = client.chat.completions.create(
    model="gpt-6-luna",
    messages=[{"role": "user", "content": "Say hello"}],
)
message = completion.choices[0].message
print(json.dumps(message.model_dump(include={"role", "content"})))
#> {"content": "Hello! What are you working on?", "role": "assistant"}
