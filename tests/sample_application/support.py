"""A support desk as somebody might write it: a tool loop, answers in a schema, streams, retries, a web search.

It knows nothing of the sandbox. The tests beside it say what the model answers.
"""

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any, Literal

from openai import APIConnectionError, OpenAI
from openai.types.responses import Response
from pydantic import BaseModel

MODEL = "gpt-6-luna"
MOST_ROUNDS = 4

ORDER = {
    "type": "object",
    "properties": {"order_id": {"type": "string"}},
    "required": ["order_id"],
    "additionalProperties": False,
}
REFUND = {
    "type": "object",
    "properties": {"order_id": {"type": "string"}, "amount": {"type": "number"}},
    "required": ["order_id", "amount"],
    "additionalProperties": False,
}


class Ticket(BaseModel):
    """What a customer wants."""

    topic: Literal["delivery", "refund", "other"]
    urgency: int
    summary: str


class RefusedError(Exception):
    """The model refused to answer."""


@dataclass
class Shop:
    """The orders by id, in euros, and what was refunded."""

    orders: dict[str, float]
    refunded: dict[str, float] = field(default_factory=dict)

    def get_order(self, order_id: str) -> str:
        return json.dumps({"paid": self.orders[order_id]}) if order_id in self.orders else "no such order"

    def refund(self, order_id: str, amount: float) -> str:
        if amount > self.orders.get(order_id, 0):
            return "more than was paid"
        self.refunded[order_id] = amount
        return "refunded"


def tools() -> list[Any]:
    return [
        {"type": "function", "name": "get_order", "description": "An order", "parameters": ORDER, "strict": True},
        {"type": "function", "name": "refund", "description": "Refund it", "parameters": REFUND, "strict": True},
    ]


def answer(client: OpenAI, question: str) -> str:
    """Answer in words."""
    response = client.responses.create(model=MODEL, input=question)
    if response.status != "completed":
        raise RuntimeError(f"the answer is {response.status}")
    for item in response.output:
        if item.type == "message" and item.content[0].type == "refusal":
            raise RefusedError(item.content[0].refusal)
    return response.output_text


def help_customer(client: OpenAI, shop: Shop, question: str) -> str:
    """Let the model use the shop until it answers."""
    calls: dict[str, Callable[..., str]] = {"get_order": shop.get_order, "refund": shop.refund}
    response = client.responses.create(model=MODEL, input=question, tools=tools())
    for _ in range(MOST_ROUNDS):
        outputs: list[Any] = []
        for item in response.output:
            if item.type == "function_call":
                try:
                    said = calls[item.name](**json.loads(item.arguments))
                except (KeyError, TypeError, ValueError) as problem:
                    said = f"error: {type(problem).__name__}"
                outputs.append({"type": "function_call_output", "call_id": item.call_id, "output": said})
        if not outputs:
            return response.output_text
        response = client.responses.create(model=MODEL, input=outputs, previous_response_id=response.id, tools=tools())
    raise RuntimeError("too many rounds")


def ticket(client: OpenAI, letter: str) -> Ticket:
    """Read a letter into a ticket."""
    parsed = client.responses.parse(model=MODEL, input=letter, text_format=Ticket).output_parsed
    if parsed is None:
        raise RefusedError
    return parsed


def chat_ticket(client: OpenAI, letter: str) -> Ticket:
    """Read a letter into a ticket, over Chat Completions."""
    completion = client.chat.completions.parse(
        model=MODEL, messages=[{"role": "user", "content": letter}], response_format=Ticket
    )
    parsed = completion.choices[0].message.parsed
    if parsed is None:
        raise RefusedError
    return parsed


def stream(client: OpenAI, question: str, show: Callable[[str], object]) -> bool:
    """Show an answer as it comes. Returns whether it is whole."""
    try:
        for event in client.responses.create(model=MODEL, input=question, stream=True):
            if event.type == "response.output_text.delta":
                show(event.delta)
            elif event.type == "response.completed":
                return True
    except APIConnectionError:
        return False
    return False


def chat_pieces(client: OpenAI, question: str) -> Iterator[str]:
    """Yield an answer as it comes, over Chat Completions."""
    chunks = client.chat.completions.create(model=MODEL, messages=[{"role": "user", "content": question}], stream=True)
    for chunk in chunks:
        if chunk.choices and chunk.choices[0].delta.content:
            yield chunk.choices[0].delta.content


def look_up(client: OpenAI, question: str) -> tuple[str, list[str]]:
    """Search the web. Returns the answer and the pages that it cites."""
    response: Response = client.responses.create(model=MODEL, input=question, tools=[{"type": "web_search"}])
    cited = [
        note.url
        for item in response.output
        if item.type == "message"
        for part in item.content
        if part.type == "output_text"
        for note in part.annotations
        if note.type == "url_citation"
    ]
    return response.output_text, cited
