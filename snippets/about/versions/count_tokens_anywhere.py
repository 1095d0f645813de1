"""Count the tokens of a prompt, even with an SDK that has no method for it."""

from typing import Any

from dotenv import load_dotenv
from openai import OpenAI

load_dotenv()
client = OpenAI()

counted: Any = client.post(
    "/responses/input_tokens",
    body={"model": "gpt-6-luna", "input": "Why is the sky blue?"},
    cast_to=object,
)
print(counted["input_tokens"], "tokens")
#> 12 tokens
