"""Read what a call used, and work out what it cost."""

from dotenv import load_dotenv
from genai_prices import Usage, calc_price
from openai import OpenAI

load_dotenv()
client = OpenAI()

response = client.responses.create(model="gpt-6-luna", input="Why is the sky blue?")
usage = response.usage
if usage is None:
    raise SystemExit("this response says nothing about its usage")

print(response.output_text != "", response.model)
#> True gpt-6-luna
print(usage.input_tokens, "in,", usage.output_tokens, "out,", usage.total_tokens, "in all")
#> 12 in, 157 out, 169 in all
print(usage.input_tokens_details.cached_tokens, "of the input from the cache")
#> 0 of the input from the cache
print(usage.output_tokens_details.reasoning_tokens, "of the output hidden reasoning")
#> 128 of the output hidden reasoning

price = calc_price(
    Usage(
        input_tokens=usage.input_tokens,
        cache_read_tokens=usage.input_tokens_details.cached_tokens,
        cache_write_tokens=usage.input_tokens_details.cache_write_tokens,
        output_tokens=usage.output_tokens,
    ),
    response.model,
    provider_id="openai",
)
print(f"${price.total_price:f}")
#> $0.0000797
