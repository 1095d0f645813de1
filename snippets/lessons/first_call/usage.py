"""Read how many tokens a call used, and calculate what they cost."""

from dotenv import load_dotenv
from genai_prices import Usage, calc_price
from openai import OpenAI

load_dotenv()
client = OpenAI()

response = client.responses.create(model="gpt-6-luna", input="Why is the sky blue?")
usage = response.usage
if usage is None:
    raise SystemExit("this response does not report its usage")

cached = usage.input_tokens_details.cached_tokens
reasoning = usage.output_tokens_details.reasoning_tokens
print(response.model, "wrote:", response.output_text[:19])
#> gpt-6-luna wrote: Because of Rayleigh
print(f"{usage.input_tokens} in, {cached} of them from the cache")
#> 12 in, 0 of them from the cache
print(f"{usage.output_tokens} out, {reasoning} of them hidden reasoning")
#> 93 out, 64 of them hidden reasoning
print(f"{usage.total_tokens} in all")
#> 105 in all

tokens = Usage(
    input_tokens=usage.input_tokens,
    cache_read_tokens=cached,
    cache_write_tokens=usage.input_tokens_details.cache_write_tokens,
    output_tokens=usage.output_tokens,
)
price = calc_price(tokens, response.model, provider_id="openai").total_price
print(f"${price:f}")
#> $0.0000477
