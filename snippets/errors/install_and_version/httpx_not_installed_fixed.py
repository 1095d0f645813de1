"""Set a timeout with the HTTP library that openai 3 installs."""

import httpx2
from dotenv import load_dotenv
from openai import OpenAI

load_dotenv()
client = OpenAI(timeout=httpx2.Timeout(30, connect=5))

response = client.responses.create(model="gpt-6-luna", input="Say hello")
print(response.output_text)
#> Hello! What are you working on?
