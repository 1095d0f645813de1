"""Use the address from the environment, or OpenAI's, and print it."""

from dotenv import load_dotenv
from openai import OpenAI

load_dotenv()
client = OpenAI(max_retries=0)
print(client.base_url.scheme, client.base_url.host)
#> http 127.0.0.1

response = client.responses.create(model="gpt-6-luna", input="Say hello")
print(response.output_text)
#> Hello! What are you working on?
