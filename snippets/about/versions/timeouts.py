"""Set each timeout, with the SDK's own names for the httpx or httpx2 classes."""

import openai
from dotenv import load_dotenv

load_dotenv()
client = openai.OpenAI(
    timeout=openai.Timeout(60.0, connect=5.0),
    http_client=openai.DefaultHttpxClient(headers={"X-Team": "search"}),
)

print(client.responses.create(model="gpt-6-luna", input="Say hello").output_text)
#> Hello! What are you working on?
