"""Leave tokens for reasoning and answer, and check the status first."""

from dotenv import load_dotenv
from openai import OpenAI

load_dotenv()
client = OpenAI()

response = client.responses.create(
    model="gpt-6-luna",
    input="Say hello",
    reasoning={"effort": "low"},
    max_output_tokens=2000,
)
if response.status == "incomplete":
    raise SystemExit(response.incomplete_details)
print(response.output_text)
#> Hello! What are you working on?
