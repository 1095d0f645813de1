"""Retry without credit, as if it were a rate limit that goes away."""
# sandbox: credit_exhausted x3 retry_after_ms=1

from dotenv import load_dotenv
from openai import OpenAI

load_dotenv()
client = OpenAI()

response = client.responses.create(model="gpt-6-luna", input="Say hello")
print(response.output_text)
