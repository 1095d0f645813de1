"""Ask for the arguments as JSON with a schema, which needs no flags."""
# sandbox: as=vllm

from dotenv import load_dotenv
from openai import OpenAI

load_dotenv()
client = OpenAI()
MODEL = "Qwen/Qwen3-8B"

ARGUMENTS: dict[str, object] = {
    "type": "object",
    "properties": {"city": {"type": "string"}},
    "required": ["city"],
    "additionalProperties": False,
}
completion = client.chat.completions.create(
    model=MODEL,
    messages=[{"role": "user", "content": "What is the weather in Paris?"}],
    response_format={
        "type": "json_schema",
        "json_schema": {"name": "get_weather", "schema": ARGUMENTS},
    },
)
print("arguments:", completion.choices[0].message.content)
#> arguments: {"city":"Paris"}
