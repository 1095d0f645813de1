"""Send requests no faster than the limit allows, and retry more often."""
# sandbox: tier=1
# sandbox: rate_limit x4 retry_after_ms=30

import time

from dotenv import load_dotenv
from openai import OpenAI

load_dotenv()
client = OpenAI(max_retries=6)

for question in ("Say hello", "What is the capital of France?"):
    reply = client.responses.with_raw_response.create(
        model="gpt-6-luna", input=question
    )
    print(reply.retries_taken, "retries:", reply.parse().output_text)
    #> 4 retries: Hello! What are you working on?
    #> 0 retries: The capital of France is Paris.
    limit = int(reply.headers.get("x-ratelimit-limit-requests", 60))
    time.sleep(60 / limit)  # if the limit is per minute
