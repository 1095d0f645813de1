"""What the sandbox answers when it refuses, and the API's words for it."""

from collections.abc import Sequence
from typing import Any, NamedTuple

import httpx2

BAD = "invalid_request_error"

# What is wrong with a name, after its place.
PATTERN = "string does not match pattern. Expected a string that matches the pattern '^[a-zA-Z0-9_-]+$'."
TOO_LONG = "string too long. Expected a string with maximum length 64, but got a string with length 65 instead."


class Answer(NamedTuple):
    """A refusal: its status, and the members of the error object. Status 200 and nothing else where there is none."""

    status: int
    type: str | None = None
    code: str | None = None
    param: str | None = None
    message: str = ""


def answer_of(reply: httpx2.Response) -> Answer:
    """Return how a request was refused. The error has to be written as the API writes it."""
    return Answer(200) if reply.status_code == 200 else from_envelope(reply.status_code, reply.json())


def from_envelope(status: int, envelope: dict[str, Any], azure: bool = False) -> Answer:
    """Return the answer that an envelope is. Azure's errors have no more than a code and a message, or have details."""
    error = envelope["error"]
    details = {"status", "innererror"} if "innererror" in error else set()
    assert error.keys() - details == ({"message", "code"} if azure else {"message", "type", "param", "code"}), error
    return Answer(status, error.get("type"), error["code"], error.get("param"), error["message"])


def listing(options: Sequence[str], word: str = "and") -> str:
    """Join options as the API does: `'a' and 'b'`, but `'a', 'b', and 'c'`. A text is such a list already."""
    if isinstance(options, str):
        return options
    quoted = [f"'{option}'" for option in options]
    if len(quoted) < 3:
        return f" {word} ".join(quoted)
    return f"{', '.join(quoted[:-1])}, {word} {quoted[-1]}"


def refused(code: str | None, param: str | None, message: str, status: int = 400) -> Answer:
    return Answer(status, BAD, code, param, message)


def missing(param: str) -> Answer:
    return refused("missing_required_parameter", param, f"Missing required parameter: '{param}'.")


def bad_value(param: str, value: str, options: Sequence[str]) -> Answer:
    return refused("invalid_value", param, f"Invalid value: '{value}'. Supported values are: {listing(options)}.")


def wrong_type(param: str, expected: str, got: str) -> Answer:
    return refused("invalid_type", param, f"Invalid type for '{param}': expected {expected}, but got {got} instead.")


def unknown(param: str, near: Sequence[str] = ()) -> Answer:
    hint = f" Did you mean {listing(near, 'or')}?" if near else ""
    return refused("unknown_parameter", param, f"Unknown parameter: '{param}'.{hint}")


def below(param: str, minimum: float, value: float, number: str = "integer") -> Answer:
    told = f"Expected a value >= {minimum}, but got {value} instead."
    return refused(f"{number}_below_min_value", param, f"Invalid '{param}': {number} below minimum value. {told}")


def above(param: str, maximum: float, value: float, number: str = "integer") -> Answer:
    told = f"Expected a value <= {maximum}, but got {value} instead."
    return refused(f"{number}_above_max_value", param, f"Invalid '{param}': {number} above maximum value. {told}")


def empty_array(param: str) -> Answer:
    told = "Expected an array with minimum length 1, but got an empty array instead."
    return refused("empty_array", param, f"Invalid '{param}': empty array. {told}")


def unsupported(param: str, code: str | None = None) -> Answer:
    return refused(code, param, f"Unsupported parameter: '{param}' is not supported with this model.")
