"""Read what a Chat Completions call used, and calculate what it cost."""

from dotenv import load_dotenv
from genai_prices import Usage, calc_price
from openai import OpenAI

load_dotenv()
client = OpenAI()

question = "Why is the sky blue?"
completion = client.chat.completions.create(
    model="gpt-6-luna", messages=[{"role": "user", "content": question}]
)
usage = completion.usage
if usage is None:
    raise SystemExit("this completion does not report its usage")

read = usage.prompt_tokens_details
cached = read.cached_tokens if read else 0
written = read.cache_write_tokens if read else 0
print(f"{usage.prompt_tokens} in, {cached} of them from the cache")
#> 13 in, 0 of them from the cache
print(f"{usage.completion_tokens} out, {usage.total_tokens} in all")
#> 93 out, 106 in all

tokens = Usage(
    input_tokens=usage.prompt_tokens,
    cache_read_tokens=cached,
    cache_write_tokens=written,
    output_tokens=usage.completion_tokens,
)
price = calc_price(tokens, completion.model, provider_id="openai").total_price
print(f"${price:f}")
#> $0.0000478
