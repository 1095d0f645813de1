"""Retry more often, and report the request if the server still fails."""

# sandbox: server_error x3 retry_after_ms=50

import sys

from dotenv import load_dotenv
from openai import InternalServerError, OpenAI

load_dotenv()
client = OpenAI(max_retries=5)

try:
    response = client.responses.create(model="gpt-6-luna", input="Say hello")
except InternalServerError as problem:
    sys.exit(f"Status {problem.status_code}, request {problem.request_id}")
print(response.output_text)
#> Hello! What are you working on?
