"""Continue from a response's id, or from your own copy if the id is gone."""

from typing import Any

import openai
from dotenv import load_dotenv
from openai.types.responses import Response

load_dotenv()
client = openai.OpenAI()
# The second code is what organizations with zero data retention get.
GONE = {"previous_response_not_found", "unsupported_parameter"}


def ask(text: str, previous_id: str, history: list[Any]) -> Response:
    """Continue from the response with that id, or from the history if it is gone."""
    try:
        return client.responses.create(
            model="gpt-6-luna", input=text, previous_response_id=previous_id
        )
    except openai.BadRequestError as error:
        if error.code not in GONE:
            raise
        print("That id is gone:", error.code)
    message: Any = {"role": "user", "content": text}
    return client.responses.create(model="gpt-6-luna", input=[*history, message])


if __name__ == "__main__":
    introduction: Any = "My name is Ada. I am learning Python."
    for store in (True, False):
        first = client.responses.create(
            model="gpt-6-luna", input=introduction, store=store
        )
        history = [{"role": "user", "content": introduction}, *first.output]
        print(ask("What is my name?", first.id, history).output_text)
