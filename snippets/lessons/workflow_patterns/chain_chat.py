"""Read, check and write the same way, with Chat Completions."""

# sandbox: script=answers.json

from typing import Any

from dotenv import load_dotenv
from openai import OpenAI
from pydantic import BaseModel

REQUEST: Any = {"model": "gpt-6-luna", "reasoning_effort": "none"}
READ = "Read a message to a bike shop. Do not make anything up."
WRITE = "Write the shop's answer in at most 60 words. Refunds take five days."
ORDERS = {"1042": "$89 was charged on November 20 and again on November 21"}


class Facts(BaseModel):
    order: str | None
    wish: str


class GateError(Exception):
    """The chain ends here: a person has to look at the message."""


def ask(client: OpenAI, instructions: str, text: str, **shape: Any) -> Any:
    """Make one call. `shape` may have a `response_format`."""
    developer = {"role": "developer", "content": instructions}
    messages: Any = [developer, {"role": "user", "content": text}]
    completion = client.chat.completions.parse(
        **REQUEST, messages=messages, **shape
    )
    return completion.choices[0].message


def gate(facts: Facts | None) -> str:
    """Return what the shop knows about the order. This costs no tokens."""
    if facts is None or facts.order not in ORDERS:
        raise GateError(f"no such order: {facts.order if facts else None}")
    return f"{facts.wish}. Order {facts.order}: {ORDERS[facts.order]}."


def answer(client: OpenAI, message: str) -> str:
    """Return the answer to a message, or raise `GateError`."""
    facts = ask(client, READ, message, response_format=Facts).parsed
    return str(ask(client, WRITE, gate(facts)).content)


if __name__ == "__main__":
    load_dotenv()
    client = OpenAI()
    for message in ("I was charged twice for order 1042.", "Where is order 77?"):
        try:
            print(answer(client, message))
        except GateError as error:
            print("For a person:", error)
