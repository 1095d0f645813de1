"""Use the key from the environment, and print which one that is."""

from dotenv import load_dotenv
from openai import OpenAI

load_dotenv()
client = OpenAI()
print(f"Key ending in {client.api_key[-4:]}, sent to {client.base_url.host}")
#> Key ending in 0000, sent to 127.0.0.1

response = client.responses.create(model="gpt-6-luna", input="Say hello")
print(response.output_text)
#> Hello! What are you working on?
