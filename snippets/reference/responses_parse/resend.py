"""Continue from a parsed answer: send back what came from the API, and no more."""

from typing import Any

import openai
from dotenv import load_dotenv
from pydantic import BaseModel

load_dotenv()
client = openai.OpenAI()


class Review(BaseModel):
    product: str


history: list[Any] = [{"role": "user", "content": "product: desk lamp. I like it."}]
response = client.responses.parse(
    model="gpt-6-luna", input=history, text_format=Review
)
question: Any = {"role": "user", "content": "Say hello"}
dumped: list[Any] = [item.to_dict() for item in response.output]
try:
    client.responses.create(model="gpt-6-luna", input=[*history, *dumped, question])
except openai.BadRequestError as error:
    print("dumped:", error.param)

for item in dumped:
    for part in item.get("content") or []:
        part.pop("parsed", None)
again = client.responses.create(
    model="gpt-6-luna", input=[*history, *dumped, question]
)
print("without parsed:", again.status)
