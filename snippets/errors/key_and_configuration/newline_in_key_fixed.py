"""Strip the whitespace around a key."""

import os

from dotenv import load_dotenv
from openai import OpenAI

load_dotenv()
os.environ["OPENAI_API_KEY"] += "\n"  # as from a file or a secret store
key = os.environ["OPENAI_API_KEY"].strip()
client = OpenAI(api_key=key, max_retries=0)

response = client.responses.create(model="gpt-6-luna", input="Say hello")
print(response.output_text)
#> Hello! What are you working on?
