"""Use a key with a line break at its end."""

import os

from dotenv import load_dotenv
from openai import OpenAI

load_dotenv()
os.environ["OPENAI_API_KEY"] += "\n"  # as files and secret stores give it
client = OpenAI(max_retries=0)

response = client.responses.create(model="gpt-6-luna", input="Say hello")
print(response.output_text)
