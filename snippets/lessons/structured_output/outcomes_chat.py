"""Get an object or an exception that says why, with Chat Completions."""

# sandbox: ok x2
# sandbox: refusal

import openai
from dotenv import load_dotenv
from pydantic import BaseModel

load_dotenv()
client = openai.OpenAI()


class Event(BaseModel):
    name: str
    participants: list[str]


class NoObjectError(Exception):
    """The model answered, but not with an object."""


def extract(text: str, limit: int) -> Event:
    """Return the event in a text, using at most `limit` tokens."""
    try:
        completion = client.chat.completions.parse(
            model="gpt-6-luna",
            reasoning_effort="none",
            messages=[{"role": "user", "content": text}],
            response_format=Event,
            max_completion_tokens=limit,
        )
    except openai.LengthFinishReasonError as error:
        raise NoObjectError("The JSON is not complete.") from error
    except openai.ContentFilterFinishReasonError as error:
        raise NoObjectError("The content filter stopped it.") from error
    message = completion.choices[0].message
    if message.parsed is None:
        raise NoObjectError(message.refusal or "no text")
    return message.parsed


if __name__ == "__main__":
    for limit in (200, 16, 200):
        try:
            print(extract("Alice, Bob, Carol, Dan and Eve go to a fair.", limit))
        except NoObjectError as error:
            print("No object:", error)
