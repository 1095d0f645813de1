"""Put what changes from call to call at the beginning of a long prompt."""

from datetime import datetime

from dotenv import load_dotenv
from openai import OpenAI

load_dotenv()
client = OpenAI()

MANUAL = "Greet politely. Never mention the weather, and keep it short. " * 100
for call in (1, 2, 3):
    response = client.responses.create(
        model="gpt-6-luna",
        instructions=f"It is {datetime.now()}.\n{MANUAL}",
        input="Say hello",
    )
    if usage := response.usage:
        cache = usage.input_tokens_details
        read, written = cache.cached_tokens, cache.cache_write_tokens
        print(f"call {call}: {read} tokens from the cache, {written} into it")
        #> call 1: 0 tokens from the cache, 1427 into it
        #> call 2: 0 tokens from the cache, 1427 into it
        #> call 3: 0 tokens from the cache, 1427 into it
