"""Count the tokens of a history before sending it, and drop old turns until it fits."""

from typing import Any

from dotenv import load_dotenv
from openai import OpenAI

load_dotenv()
client = OpenAI()

LIMIT = 200  # tokens you are willing to pay for, fewer than the model can read


def count(history: list[Any]) -> int:
    counted = client.responses.input_tokens.count(model="gpt-6-luna", input=history)
    return counted.input_tokens


turn: list[Any] = [
    {"role": "user", "content": "Say hello"},
    {"role": "assistant", "content": "Hello!"},
]
question: Any = {"role": "user", "content": "What is the capital of France?"}
history = [*turn * 30, question]

while (tokens := count(history)) > LIMIT:
    print(f"{tokens} tokens: drop the five oldest turns")
    #> 373 tokens: drop the five oldest turns
    #> 313 tokens: drop the five oldest turns
    #> 253 tokens: drop the five oldest turns
    del history[:10]
response = client.responses.create(model="gpt-6-luna", input=history)
print(response.output_text)
#> The capital of France is Paris.
