"""Ask for JSON in a schema that you wrote yourself."""

import json
from typing import Any

from dotenv import load_dotenv
from openai import OpenAI

load_dotenv()
client = OpenAI()

SCHEMA: dict[str, Any] = {
    "type": "object",
    "properties": {"city": {"type": "string"}, "nights": {"type": "integer"}},
    "required": ["city", "nights"],
    "additionalProperties": False,
}

response = client.responses.create(
    model="gpt-6-luna",
    input="I need a room. city: Oslo, nights: 3",
    text={
        "format": {
            "type": "json_schema",
            "name": "booking",
            "description": "What a guest wants to book.",
            "strict": True,
            "schema": SCHEMA,
        }
    },
)
print(response.output_text)
booking = json.loads(response.output_text)
print(booking["nights"] + 1, "days in", booking["city"])
