"""Check what a schema cannot say, and ask the model to correct its answer."""

# sandbox: script=answers.json

from dotenv import load_dotenv
from openai import OpenAI
from pydantic import BaseModel

load_dotenv()
client = OpenAI()


class Item(BaseModel):
    product: str
    cents: int


class Invoice(BaseModel):
    items: list[Item]
    total_cents: int


def mistake(invoice: Invoice) -> str | None:
    """Return what is wrong with an invoice, in words for the model."""
    total = sum(item.cents for item in invoice.items)
    if total != invoice.total_cents:
        return f"The items add up to {total}, not to {invoice.total_cents}."
    return None


def read(text: str, tries: int = 3) -> Invoice:
    """Return the invoice in a text once it passes the check."""
    ask, previous = text, None
    for _ in range(tries):
        response = client.responses.parse(
            model="gpt-6-luna",
            input=ask,
            previous_response_id=previous,
            text_format=Invoice,
        )
        invoice = response.output_parsed
        wrong = mistake(invoice) if invoice else "There is no invoice."
        if invoice and not wrong:
            return invoice
        print("Wrong:", wrong)
        ask, previous = f"{wrong} Correct your answer.", response.id
    raise ValueError(f"still wrong (tries: {tries}): {wrong}")


if __name__ == "__main__":
    print(read("A lamp for $19.90 and two bulbs for $3.05 each. Total: $26.00."))
