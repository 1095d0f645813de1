"""Give the client an address without https://."""

from dotenv import load_dotenv
from openai import OpenAI

load_dotenv()
client = OpenAI(base_url="api.openai.com/v1", max_retries=0)

response = client.responses.create(model="gpt-6-luna", input="Say hello")
print(response.output_text)
