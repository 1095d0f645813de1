"""Give an httpx2 client the SDK's default timeout."""

import httpx2
from dotenv import load_dotenv
from openai import DEFAULT_TIMEOUT, OpenAI

load_dotenv()
client = OpenAI(http_client=httpx2.Client(timeout=DEFAULT_TIMEOUT))

response = client.responses.create(model="gpt-6-luna", input="Say hello")
print(response.output_text)
#> Hello! What are you working on?
