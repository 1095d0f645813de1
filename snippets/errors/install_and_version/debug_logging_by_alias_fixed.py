"""Turn on debug logging for the program, and not for the SDK."""
# needs: openai==2.24.0, pydantic==2.10.6, python-dotenv==1.2.1

import logging

from dotenv import load_dotenv
from openai import OpenAI

logging.basicConfig(level=logging.DEBUG)
logging.getLogger("openai").setLevel(logging.INFO)
load_dotenv()
client = OpenAI()

response = client.responses.create(model="gpt-6-luna", input="Say hello")
print(response.output_text)
#> Hello! What are you working on?
