"""Use a key that ends in a newline."""

import os

from dotenv import load_dotenv
from openai import OpenAI

load_dotenv()
os.environ["OPENAI_API_KEY"] += "\n"  # as from a file or a secret store
client = OpenAI(max_retries=0)

response = client.responses.create(model="gpt-6-luna", input="Say hello")
print(response.output_text)
