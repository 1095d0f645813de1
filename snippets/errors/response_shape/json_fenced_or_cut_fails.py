"""Read the model's answer as if it were JSON and nothing else."""

import json

from dotenv import load_dotenv
from openai import OpenAI

load_dotenv()
client = OpenAI()

response = client.responses.create(
    model="gpt-6-luna",
    input="Describe her as JSON: Ada Lovelace, born 1815 in London.",
)
print(json.loads(response.output_text))
