"""Ask LM Studio for JSON without a schema."""
# sandbox: as=lm-studio

from dotenv import load_dotenv
from openai import OpenAI

load_dotenv()
client = OpenAI()
MODEL = "qwen3-8b"

completion = client.chat.completions.create(
    model=MODEL,
    messages=[{"role": "user", "content": "Name two colors, as JSON"}],
    response_format={"type": "json_object"},
)
print(completion.choices[0].message.content)
