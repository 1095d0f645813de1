"""Compute the cost of a call with prices that somebody typed in one day."""

from decimal import Decimal

from dotenv import load_dotenv
from openai import OpenAI

load_dotenv()
client = OpenAI()

# Dollars per million tokens: input, output.
PRICES = {"gpt-5.6-luna": (Decimal("1"), Decimal("6"))}

response = client.responses.create(model="gpt-5.6-luna", input="Say hello")
usage = response.usage
if usage is None:
    raise SystemExit("this response says nothing about its usage")
input_price, output_price = PRICES[response.model]
spent = usage.input_tokens * input_price + usage.output_tokens * output_price
print(f"${spent / 1_000_000:f}")
#> $0.000824
