"""Compute the cost of a call with prices from a package that is kept up to date."""

from dotenv import load_dotenv
from genai_prices import Usage, calc_price
from openai import OpenAI

load_dotenv()
client = OpenAI()

response = client.responses.create(model="gpt-5.6-luna", input="Say hello")
usage = response.usage
if usage is None:
    raise SystemExit("this response says nothing about its usage")
tokens = Usage(input_tokens=usage.input_tokens, output_tokens=usage.output_tokens)
spent = calc_price(tokens, response.model, provider_id="openai").total_price
print(f"${spent:f}")
#> $0.0001648
