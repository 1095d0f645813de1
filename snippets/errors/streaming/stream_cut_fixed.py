"""Retry when a stream breaks, and return a response only when it has ended."""

# sandbox: cut_stream
# sandbox: end_early

import openai
from dotenv import load_dotenv
from openai import OpenAI
from openai.types.responses import Response

load_dotenv()
client = OpenAI()


def ask(question: str, attempts: int = 3) -> Response:
    """Return the response that ends the stream: completed, incomplete or failed."""
    for attempt in range(1, attempts + 1):
        try:
            for event in client.responses.create(
                model="gpt-6-luna", input=question, stream=True
            ):
                if event.type in (
                    "response.completed",
                    "response.incomplete",
                    "response.failed",
                ):
                    return event.response
            print(f"Attempt {attempt}: the stream ended early.")
        except openai.APIConnectionError as error:
            print(f"Attempt {attempt}: {type(error.__cause__).__name__}")
    raise RuntimeError("no stream came to its end")


if __name__ == "__main__":
    response = ask("Why is the sky blue?")
    print(response.status, response.output_text)
