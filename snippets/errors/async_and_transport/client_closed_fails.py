"""Use a client after the block that closes it."""

from dotenv import load_dotenv
from openai import OpenAI

load_dotenv()

with OpenAI() as client:
    response = client.responses.create(model="gpt-6-luna", input="Say hello")
    print(response.output_text)

response = client.responses.create(model="gpt-6-luna", input="Say hello")
print(response.output_text)
