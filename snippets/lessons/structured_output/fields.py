"""Read a letter: a value that may be missing, a choice, one of two objects."""

# sandbox: script=answers.json

from typing import Literal

from dotenv import load_dotenv
from openai import OpenAI
from pydantic import BaseModel, Field

load_dotenv()
client = OpenAI()


class Refund(BaseModel):
    reason: str


class Replacement(BaseModel):
    product: str


class Ticket(BaseModel):
    customer: str
    phone: str | None = Field(description="null if it is not in the letter")
    topic: Literal["billing", "delivery", "other"]
    wish: Refund | Replacement


response = client.responses.parse(
    model="gpt-6-luna",
    instructions="Read this letter to a shop. Do not make anything up.",
    input="You sent me a broken desk lamp. I need another. Ada Lovelace",
    text_format=Ticket,
)
ticket = response.output_parsed
if ticket and isinstance(ticket.wish, Replacement):
    print(ticket.customer, "needs another", ticket.wish.product)
    print("Phone:", ticket.phone)
