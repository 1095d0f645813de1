"""Show an object, an answer that is cut off, and a refusal."""

# sandbox: ok x2
# sandbox: refusal

from typing import Any

from dotenv import load_dotenv
from openai import OpenAI

load_dotenv()
client = OpenAI()

FORMAT: Any = {
    "type": "json_schema",
    "name": "booking",
    "strict": True,
    "schema": {
        "type": "object",
        "properties": {"city": {"type": "string"}, "wishes": {"type": "string"}},
        "required": ["city", "wishes"],
        "additionalProperties": False,
    },
}

for limit in (200, 16, 200):
    response = client.responses.create(
        model="gpt-6-luna",
        reasoning={"effort": "none"},
        input="city: Oslo, wishes: a quiet room on a high floor near the stairs",
        text={"format": FORMAT},
        max_output_tokens=limit,
    )
    print(response.status, response.incomplete_details)
    for item in response.output:
        for part in item.content or [] if item.type == "message" else []:
            said = part.refusal if part.type == "refusal" else part.text
            print(f"  {part.type}: {said}")
