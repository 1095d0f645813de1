"""Call a server, and report its name if it cannot be found."""

import os
import sys

from dotenv import load_dotenv
from openai import APIConnectionError, OpenAI

load_dotenv()
client = OpenAI(base_url=os.environ["OPENAI_BASE_URL"], max_retries=0)

try:
    response = client.responses.create(model="gpt-6-luna", input="Say hello")
except APIConnectionError as problem:
    sys.exit(f"{client.base_url.host!r} cannot be reached: {problem.__cause__}")
print(response.output_text)
#> Hello! What are you working on?
