"""Read your own rate limits from the headers of a reply."""

# sandbox: tier=1
from dotenv import load_dotenv
from openai import OpenAI

load_dotenv()
client = OpenAI()

raw = client.responses.with_raw_response.create(
    model="gpt-6-luna", input="Say hello"
)
for unit in ("requests", "tokens"):
    limit = raw.headers.get(f"x-ratelimit-limit-{unit}")
    left = raw.headers.get(f"x-ratelimit-remaining-{unit}")
    full = raw.headers.get(f"x-ratelimit-reset-{unit}")
    print(f"{left} of {limit} {unit} left, all again in {full}")
