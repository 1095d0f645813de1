"""Get an object, or an exception that says why there is none."""

# sandbox: ok x2
# sandbox: refusal

from dotenv import load_dotenv
from openai import OpenAI
from pydantic import BaseModel, ValidationError

load_dotenv()
client = OpenAI()


class Event(BaseModel):
    name: str
    participants: list[str]


class NoObjectError(Exception):
    """The model answered, but not with an object."""


def extract(text: str, limit: int) -> Event:
    """Return the event in a text, using at most `limit` tokens."""
    try:
        response = client.responses.parse(
            model="gpt-6-luna",
            reasoning={"effort": "none"},
            input=text,
            text_format=Event,
            max_output_tokens=limit,
        )
    except ValidationError as error:  # here, the limit cut the JSON off
        raise NoObjectError("The JSON is not complete.") from error
    if response.output_parsed:
        return response.output_parsed
    for item in response.output:
        for part in item.content or [] if item.type == "message" else []:
            if part.type == "refusal":
                raise NoObjectError(part.refusal)
    raise NoObjectError(f"{response.status}: {response.incomplete_details}")


if __name__ == "__main__":
    for limit in (200, 16, 200):
        try:
            print(extract("Alice, Bob, Carol, Dan and Eve go to a fair.", limit))
        except NoObjectError as error:
            print("No object:", error)
