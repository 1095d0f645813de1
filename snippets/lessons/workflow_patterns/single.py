"""Answer a customer with one call, and count its tokens."""

# sandbox: script=answers.json

from typing import Any

from dotenv import load_dotenv
from openai import OpenAI

REQUEST: Any = {"model": "gpt-6-luna", "reasoning": {"effort": "none"}}
RULES = """Answer a customer of a bike shop in at most 60 words.
- Refunds take five days.
- Checking brakes is free and needs no appointment.
- Unused goods can be returned within 30 days.
If the rules do not say it, write that a colleague will answer."""
ONE = "I was charged twice for order 1042."
THREE = f"{ONE} The brakes squeak, too. And can I return the helmet?"

load_dotenv()
client = OpenAI()
for message in (ONE, THREE):
    reply = client.responses.create(**REQUEST, instructions=RULES, input=message)
    print(reply.output_text)
    if usage := reply.usage:
        read, wrote = usage.input_tokens, usage.output_tokens
        print({"calls": 1, "in": read, "out": wrote})
