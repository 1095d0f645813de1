"""Read the headers of a reply, and the id to give in a support request."""

from dotenv import load_dotenv
from openai import OpenAI

load_dotenv()
client = OpenAI()

raw = client.responses.with_raw_response.create(
    model="gpt-6-luna", input="Say hello"
)
for name in ("content-type", "openai-organization", "openai-version"):
    print(name, raw.headers.get(name))

response = raw.parse()
print(response.output_text)
print(response._request_id == raw.headers.get("x-request-id"))
