"""Call a local server, and report where it was looked for if it is not running."""

import os
import sys

from dotenv import load_dotenv
from openai import APIConnectionError, OpenAI

load_dotenv()
client = OpenAI(base_url=os.environ["OPENAI_BASE_URL"], max_retries=0)

try:
    response = client.responses.create(model="gpt-6-luna", input="Say hello")
except APIConnectionError as problem:
    sys.exit(f"No server at {client.base_url}: {problem.__cause__}")
print(response.output_text)
#> Hello! What are you working on?
