"""Put what changes from call to call after a breakpoint, at the end of the prompt."""

from datetime import datetime
from typing import Any

from dotenv import load_dotenv
from openai import OpenAI

load_dotenv()
client = OpenAI()

MANUAL: Any = {
    "type": "input_text",
    "text": "Greet politely. Never mention the weather, and keep it short. " * 100,
    "prompt_cache_breakpoint": {"mode": "explicit"},
}
for call in (1, 2, 3):
    response = client.responses.create(
        model="gpt-6-luna",
        input=[
            {"role": "developer", "content": [MANUAL]},
            {"role": "developer", "content": f"It is {datetime.now()}."},
            {"role": "user", "content": "Say hello"},
        ],
        prompt_cache_options={"mode": "explicit"},
    )
    if usage := response.usage:
        cache = usage.input_tokens_details
        read, written = cache.cached_tokens, cache.cache_write_tokens
        print(f"call {call}: {read} tokens from the cache, {written} into it")
        #> call 1: 0 tokens from the cache, 1403 into it
        #> call 2: 1403 tokens from the cache, 0 into it
        #> call 3: 1403 tokens from the cache, 0 into it
