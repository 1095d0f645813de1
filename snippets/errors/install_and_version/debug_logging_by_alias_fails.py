"""Turn on debug logging with versions of openai and pydantic that do not match."""
# needs: openai==2.24.0, pydantic==2.10.6, python-dotenv==1.2.1

import logging

from dotenv import load_dotenv
from openai import OpenAI

logging.basicConfig(level=logging.DEBUG)
load_dotenv()
client = OpenAI()

response = client.responses.create(model="gpt-6-luna", input="Say hello")
print(response.output_text)
