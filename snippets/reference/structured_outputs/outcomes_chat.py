"""Show an object, an answer that is cut off, and a refusal, with Chat Completions."""

# sandbox: ok x2
# sandbox: refusal

from typing import Any

from dotenv import load_dotenv
from openai import OpenAI

load_dotenv()
client = OpenAI()

FORMAT: Any = {
    "name": "booking",
    "strict": True,
    "schema": {
        "type": "object",
        "properties": {"city": {"type": "string"}, "wishes": {"type": "string"}},
        "required": ["city", "wishes"],
        "additionalProperties": False,
    },
}
wish = "city: Oslo, wishes: a quiet room on a high floor near the stairs"

for limit in (200, 16, 200):
    completion = client.chat.completions.create(
        model="gpt-6-luna",
        reasoning_effort="none",
        messages=[{"role": "user", "content": wish}],
        response_format={"type": "json_schema", "json_schema": FORMAT},
        max_completion_tokens=limit,
    )
    choice = completion.choices[0]
    print(choice.finish_reason)
    print("  content:", choice.message.content)
    print("  refusal:", choice.message.refusal)
