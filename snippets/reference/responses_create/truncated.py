"""Set a cap that is too small: the status tells you, not an exception."""

from dotenv import load_dotenv
from openai import OpenAI

load_dotenv()
client = OpenAI()

for cap in (16, 1000):
    response = client.responses.create(
        model="gpt-6-luna",
        input="Why is the sky blue?",
        max_output_tokens=cap,
    )
    print(f"cap {cap}: {response.status}, {len(response.output_text)} characters")
    if response.incomplete_details:
        print("  ", response.incomplete_details.reason)
