"""Print a letter as UTF-8, whatever the output's encoding was."""

# needs: PYTHONIOENCODING=cp1252

import io
import sys

from dotenv import load_dotenv
from openai import OpenAI

load_dotenv()
client = OpenAI()

response = client.responses.create(model="gpt-6-luna", input="Write pi in Greek")
if isinstance(sys.stdout, io.TextIOWrapper):
    sys.stdout.reconfigure(encoding="utf-8")
print(response.output_text)
#> π
