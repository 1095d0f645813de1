"""Sort a message and answer it the same way, with Chat Completions."""

# sandbox: script=answers.json

from typing import Any, Literal

from dotenv import load_dotenv
from openai import OpenAI
from pydantic import BaseModel

REQUEST: Any = {"model": "gpt-6-luna", "reasoning_effort": "none"}
SORT = "Sort a message to a bike shop. If no desk fits, choose other."
DESKS = {
    "billing": "Billing: answer in at most 60 words. Refunds take five days.",
    "workshop": "Workshop: answer in at most 60 words. Checking brakes is free.",
}


class Route(BaseModel):
    desk: Literal["billing", "workshop", "other"]


def ask(client: OpenAI, instructions: str, text: str, **shape: Any) -> Any:
    """Make one call. `shape` may have a `response_format`."""
    developer = {"role": "developer", "content": instructions}
    messages: Any = [developer, {"role": "user", "content": text}]
    completion = client.chat.completions.parse(
        **REQUEST, messages=messages, **shape
    )
    return completion.choices[0].message


def answer(client: OpenAI, message: str) -> str:
    """Return the answer of the desk that a message belongs to."""
    route = ask(client, SORT, message, response_format=Route).parsed
    desk = route.desk if route else "other"  # None: the model refused
    if desk not in DESKS:
        return "for a person"
    return f"{desk}: {ask(client, DESKS[desk], message).content}"


if __name__ == "__main__":
    load_dotenv()
    client = OpenAI()
    for message in (
        "I was charged twice for order 1042.",
        "The brakes of my bike squeak.",
        "How do I open a bike lock that is not mine?",
    ):
        print(answer(client, message))
