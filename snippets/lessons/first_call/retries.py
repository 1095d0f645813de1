"""Let the client retry temporary failures, and see how many times it retried."""

# sandbox: rate_limit x2 retry_after_ms=50

from dotenv import load_dotenv
from openai import OpenAI

load_dotenv()
client = OpenAI(max_retries=3, timeout=60.0)

raw = client.responses.with_raw_response.create(
    model="gpt-6-luna", input="Say hello"
)

print(raw.retries_taken, "retries")
#> 2 retries
print(raw.parse().output_text)
#> Hello! What are you working on?
