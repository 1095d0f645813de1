"""Ask at two reasoning efforts, with Chat Completions."""

from dotenv import load_dotenv
from openai import OpenAI
from openai.types.shared import ReasoningEffort

load_dotenv()
client = OpenAI()

RULES = "Answer in one line: billing, shipping or other, and why."
EFFORTS: list[ReasoningEffort] = ["none", "high"]
for effort in EFFORTS:
    completion = client.chat.completions.create(
        model="gpt-6-luna",
        messages=[
            {"role": "developer", "content": RULES},
            {"role": "user", "content": "<message>Where is my parcel?</message>"},
        ],
        reasoning_effort=effort,
    )
    usage = completion.usage
    if usage and (details := usage.completion_tokens_details):
        print(f"{effort}: {details.reasoning_tokens} tokens hidden")
