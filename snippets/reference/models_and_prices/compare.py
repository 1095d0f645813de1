"""Compare what a call costs on several models: 1,000 tokens in, 500 out."""

from genai_prices import Usage, calc_price

used = Usage(input_tokens=1000, output_tokens=500)
for model in ("gpt-6-luna", "gpt-6.1-terra", "gpt-6.1-sol", "gpt-6-astra"):
    price = calc_price(used, model, provider_id="openai").total_price
    print(f"{model}: ${price:f}, {1 / price:,.0f} calls for a dollar")
