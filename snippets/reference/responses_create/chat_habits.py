"""Show what habits from Chat Completions raise here."""

from typing import Any

from dotenv import load_dotenv
from openai import OpenAI

load_dotenv()
create: Any = OpenAI().responses.create

for habit in (
    {"messages": [{"role": "user", "content": "Say hello"}]},
    {"input": "Say hello", "max_tokens": 100},
    {"input": "Say hello", "n": 2},
    {"input": "Say hello", "response_format": {"type": "json_object"}},
):
    try:
        create(model="gpt-6-luna", **habit)
    except TypeError as error:
        print(error)
