"""Send a schema that you wrote yourself, and read the answer as JSON."""

import json

from dotenv import load_dotenv
from openai import OpenAI

load_dotenv()
client = OpenAI()

schema = {
    "type": "object",
    "properties": {
        "name": {"type": "string"},
        "day": {"type": "string", "format": "date"},
        "participants": {"type": "array", "items": {"type": "string"}},
    },
    "required": ["name", "day", "participants"],
    "additionalProperties": False,
}
response = client.responses.create(
    model="gpt-6-luna",
    input="Alice and Bob are going to a science fair on 2026-12-04.",
    text={
        "format": {
            "type": "json_schema",
            "name": "event",
            "strict": True,
            "schema": schema,
        }
    },
)
if response.status == "completed":
    print(json.loads(response.output_text))
