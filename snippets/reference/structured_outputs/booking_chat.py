"""Ask for JSON in a schema that you wrote yourself, with Chat Completions."""

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

completion = client.chat.completions.create(
    model="gpt-6-luna",
    messages=[{"role": "user", "content": "I need a room. city: Oslo, nights: 3"}],
    response_format={
        "type": "json_schema",
        "json_schema": {
            "name": "booking",
            "description": "What a guest wants to book.",
            "strict": True,
            "schema": SCHEMA,
        },
    },
)
text = completion.choices[0].message.content or ""
print(text)
booking = json.loads(text)
print(booking["nights"] + 1, "days in", booking["city"])
