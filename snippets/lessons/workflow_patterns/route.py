"""Sort a message with a schema, and answer it with the prompt for its kind."""

# sandbox: script=answers.json

from collections import Counter
from typing import Any, Literal

from dotenv import load_dotenv
from openai import OpenAI
from pydantic import BaseModel

REQUEST: Any = {"model": "gpt-6-luna", "reasoning": {"effort": "none"}}
SORT = "Sort a message to a bike shop. If no desk fits, choose other."
DESKS = {
    "billing": "Billing: answer in at most 60 words. Refunds take five days.",
    "workshop": "Workshop: answer in at most 60 words. Checking brakes is free.",
}
SPENT: Counter[str] = Counter()


class Route(BaseModel):
    desk: Literal["billing", "workshop", "other"]


def ask(client: OpenAI, instructions: str, text: str, **shape: Any) -> Any:
    """Make one call and count its tokens. `shape` may have a `text_format`."""
    step: Any = {"instructions": instructions, "input": text, **shape}
    reply = client.responses.parse(**REQUEST, **step)
    if usage := reply.usage:
        read, wrote = usage.input_tokens, usage.output_tokens
        SPENT.update({"calls": 1, "in": read, "out": wrote})
    return reply


def answer(client: OpenAI, message: str) -> str:
    """Return the answer of the desk that a message belongs to."""
    route = ask(client, SORT, message, text_format=Route).output_parsed
    desk = route.desk if route else "other"  # None: the model refused
    if desk not in DESKS:
        return "for a person"
    return f"{desk}: {ask(client, DESKS[desk], message).output_text}"


if __name__ == "__main__":
    load_dotenv()
    client = OpenAI()
    for message in (
        "I was charged twice for order 1042.",
        "The brakes of my bike squeak.",
        "How do I open a bike lock that is not mine?",
    ):
        SPENT.clear()
        print(answer(client, message))
        print(dict(SPENT))
