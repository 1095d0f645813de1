"""Compute the cost of a call with the prices of the cache."""

from dotenv import load_dotenv
from genai_prices import Usage, calc_price
from openai import OpenAI

load_dotenv()
client = OpenAI()

MANUAL = "Greet politely. Never mention the weather, and keep it short. " * 100
for call in (1, 2):
    response = client.responses.create(
        model="gpt-6-luna",
        instructions=MANUAL,
        input="Say hello",
        reasoning={"effort": "none"},
    )
    usage = response.usage
    if usage is None:
        raise SystemExit("this response says nothing about its usage")
    tokens = Usage(
        input_tokens=usage.input_tokens,
        output_tokens=usage.output_tokens,
        cache_read_tokens=usage.input_tokens_details.cached_tokens,
        cache_write_tokens=usage.input_tokens_details.cache_write_tokens,
    )
    price = calc_price(tokens, response.model, provider_id="openai").total_price
    print(f"call {call}: ${price:f}")
    #> call 1: $0.0001810
    #> call 2: $0.00001908
