"""Read a stream to the end, even if the connection is cut along the way."""

# sandbox: cut_stream after=9
# sandbox: cut_stream after=4

from collections.abc import Iterator
from contextlib import suppress

import openai
from dotenv import load_dotenv

load_dotenv()
UNFINISHED = {"response.failed", "response.incomplete", "error"}


class UnfinishedError(Exception):
    """The stream did not reach its end. The message says why."""


def answer(client: openai.OpenAI, question: str, resumes: int = 5) -> Iterator[str]:
    """Yield the text piece by piece, over one connection or several."""
    id, last = "", -1
    stream = client.responses.create(
        model="gpt-6-luna", input=question, background=True, stream=True
    )
    for left in reversed(range(resumes + 1)):
        with suppress(openai.APIConnectionError):
            for event in stream:
                last = event.sequence_number
                if event.type == "response.created":
                    id = event.response.id
                elif event.type == "response.output_text.delta":
                    yield event.delta
                elif event.type == "response.completed":
                    return
                elif event.type in UNFINISHED:
                    raise UnfinishedError(event.type)
        if not id or not left:
            raise UnfinishedError(f"{id or 'no ID'}: cut off after event {last}")
        stream = client.responses.retrieve(id, stream=True, starting_after=last)


if __name__ == "__main__":
    for piece in answer(openai.OpenAI(), "Write a haiku about coding"):
        print(piece, end="")
    print()
