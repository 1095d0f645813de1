"""Get five votes from one request, with Chat Completions."""

from collections import Counter
from typing import Literal

from dotenv import load_dotenv
from openai import OpenAI
from pydantic import BaseModel

RULES = "Judge whether this customer can ride the bike to the shop."
MESSAGE = "The front brake squeaks, and the lever nearly touches the handlebar."


class Vote(BaseModel):
    ride: Literal["safe", "unsafe"]


load_dotenv()
completion = OpenAI().chat.completions.parse(
    model="gpt-6-luna",
    reasoning_effort="none",
    messages=[
        {"role": "developer", "content": RULES},
        {"role": "user", "content": MESSAGE},
    ],
    response_format=Vote,
    n=5,
)
parsed = [choice.message.parsed for choice in completion.choices]
votes = Counter(vote.ride if vote else "none" for vote in parsed)
verdict = "ride" if votes["safe"] > 2 else "do not ride"
print(f"{votes['safe']} of {len(parsed)} say safe: {verdict}")
if usage := completion.usage:
    read, wrote = usage.prompt_tokens, usage.completion_tokens
    print({"calls": 1, "in": read, "out": wrote})
