"""Count how many tokens a schema adds to the input, without asking for an answer."""

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
        "properties": {"city": {"type": "string"}, "nights": {"type": "integer"}},
        "required": ["city", "nights"],
        "additionalProperties": False,
    },
}
ask: Any = {"model": "gpt-6-luna", "input": "I need a room. city: Oslo, nights: 3"}
plain = client.responses.input_tokens.count(**ask)
whole = client.responses.input_tokens.count(**ask, text={"format": FORMAT})
print("text:", plain.input_tokens, "with the schema:", whole.input_tokens)
#> text: 19 with the schema: 50
