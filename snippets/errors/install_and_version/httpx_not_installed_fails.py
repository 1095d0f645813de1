"""Set a timeout with the HTTP library of older SDKs."""
# needs: openai==3.57.0, python-dotenv==1.2.1

import httpx
from dotenv import load_dotenv
from openai import OpenAI

load_dotenv()
client = OpenAI(timeout=httpx.Timeout(30, connect=5))

response = client.responses.create(model="gpt-6-luna", input="Say hello")
print(response.output_text)
