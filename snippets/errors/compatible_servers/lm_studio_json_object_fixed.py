"""Ask LM Studio for JSON with a schema."""
# sandbox: as=lm-studio

from dotenv import load_dotenv
from openai import OpenAI

load_dotenv()
client = OpenAI()
MODEL = "qwen3-8b"

COLORS = {
    "type": "object",
    "properties": {"colors": {"type": "array", "items": {"type": "string"}}},
    "required": ["colors"],
    "additionalProperties": False,
}
completion = client.chat.completions.create(
    model=MODEL,
    messages=[{"role": "user", "content": "Name two colors, as JSON"}],
    response_format={
        "type": "json_schema",
        "json_schema": {"name": "colors", "schema": COLORS},
    },
)
print(completion.choices[0].message.content)
#> {"colors":["Example color","Example color 2"]}
