"""Give an httpx client the SDK's default timeout."""
# needs: openai==3.57.0, httpx==0.28.1, python-dotenv==1.2.1

import httpx
from dotenv import load_dotenv
from openai import DEFAULT_TIMEOUT, OpenAI

load_dotenv()
client = OpenAI(http_client=httpx.Client(timeout=DEFAULT_TIMEOUT))

response = client.responses.create(model="gpt-6-luna", input="Say hello")
print(response.output_text)
