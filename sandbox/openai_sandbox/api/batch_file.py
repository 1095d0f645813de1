"""The input file of a batch: one request per line, all checked before any is run.

batch_errors.json has the API's messages about a file or line that it cannot accept. These are not HTTP errors: the
batch fails and contains them.
"""

import hashlib
import json
import re
from collections.abc import Callable, Iterator
from functools import cache
from importlib.resources import files
from typing import Any, NamedTuple

from pydantic_core import from_json

from ..validation.wording import kind
from ..values.budget import STEPS, OverBudgetError, left, spend
from ..wire.weight import weight
from .shared.store import BatchError, Reading

MOST_REQUESTS = 50_000

NOT_BLANK = re.compile(rb"\S")
BLANK_AT_ONCE = 500_000
BLANKS_A_STEP = 100
A_LINE = 10
WEIGHT_A_STEP = 500
HEAVIEST = STEPS * WEIGHT_A_STEP // 2
"""The maximum weight of a line, in bytes: half of what one request may spend."""

CHAT = "/v1/chat/completions"
APIS = {"/v1/responses": "Responses", CHAT: "Chat Completions", "/v1/embeddings": "Embeddings"}

MEMBERS: dict[str, tuple[type, str]] = {
    "custom_id": (str, "a string"),
    "method": (str, "a string"),
    "url": (str, "a string"),
    "body": (dict, "an object"),
}


@cache
def catalog() -> dict[str, dict[str, Any]]:
    """Return every known error of batch files by id, in the file's order."""
    rows = json.loads(files(__package__).joinpath("batch_errors.json").read_text("utf-8"))
    return {row["id"]: row for row in rows}


def batch_error(id: str, /, line: int | None = None, **values: object) -> BatchError:
    """Build the catalog's error `id`, with `values` filled into its message and param.

    Raises:
        KeyError: the catalog has no such id, or the message needs a value that was not given.
    """
    row = catalog()[id]
    param = row["param"].format(**values) if row["param"] else None
    return {"code": row["code"], "message": row["message"].format(**values), "param": param, "line": line}


class Row(NamedTuple):
    """A line of a file: its bytes, and the position where the next one begins."""

    content: bytes
    end: int

    @property
    def begins(self) -> int:
        """The position where it begins."""
        return self.end - len(self.content) - 1


def row_at(content: bytes, at: int) -> Row | None:
    """Return the first line that is not blank, from a position on, or None.

    If there are more blank lines than a request may look through, the result is an empty line.
    """
    while at < len(content):
        if left() < BLANK_AT_ONCE / BLANKS_A_STEP:
            return Row(b"", at)
        found = NOT_BLANK.search(content, at, at + BLANK_AT_ONCE)
        spend(((found.start() if found else at + BLANK_AT_ONCE) - at) / BLANKS_A_STEP)
        if found:
            end = content.find(b"\n", found.start())
            end = len(content) if end < 0 else end
            return Row(content[found.start() : end], end + 1)
        at += BLANK_AT_ONCE
    return None


def request_of(row: bytes) -> Any:
    """Return the request in a line, or None if it is not JSON.

    Raises:
        OverBudgetError: it is too large.
    """
    heavy = weight(row)
    spend(A_LINE + heavy / WEIGHT_A_STEP)
    try:
        return from_json(row, allow_inf_nan=False)
    except ValueError:
        return None


def check(content: bytes, reading: Reading, endpoint: str, exists: Callable[[str], bool]) -> Iterator[BatchError]:
    """Continue checking the input file of a batch, and yield what is wrong, at most one error per line.

    Args:
        content: the file.
        reading: how far it was checked. It is updated.
        endpoint: the endpoint of the batch.
        exists: tells whether the endpoint has a model.

    Raises:
        OverBudgetError: the next line takes more work than is left.
    """
    while row := row_at(content, reading.at):
        begins = max(row.begins, reading.at)
        number = reading.line + content.count(b"\n", reading.at, begins)
        if not row.content:
            reading.at, reading.line = row.end, reading.line + content.count(b"\n", reading.at, row.end)
            raise OverBudgetError
        # If the budget ends within a line, the next step begins with that line.
        reading.at, reading.line = begins, number
        wrong = None
        if reading.requests < MOST_REQUESTS:
            wrong = _checked(row.content, reading, endpoint, exists)
        reading.requests += 1
        reading.at, reading.line = row.end, number + 1
        if wrong:
            yield wrong | {"line": number}
    if reading.requests > MOST_REQUESTS:
        yield batch_error("too_many_requests", count=reading.requests, maximum=MOST_REQUESTS)


def _checked(row: bytes, reading: Reading, endpoint: str, exists: Callable[[str], bool]) -> BatchError | None:
    """Return what is wrong with a line."""
    if weight(row) > HEAVIEST:
        return batch_error("line_over_budget")
    request = request_of(row)
    wrong = _wrong(request, endpoint, reading.taken) or _wrong_body(request["body"], endpoint, reading.model, exists)
    if isinstance(request, dict) and isinstance(request.get("custom_id"), str):
        reading.taken.add(_digest(request["custom_id"]))
    if wrong is None:
        reading.model = reading.model or request["body"].get("model")
    return wrong


def _digest(id: str) -> bytes:
    return hashlib.blake2b(id.encode("utf-8", "surrogatepass"), digest_size=16).digest()


def _wrong(request: Any, endpoint: str, taken: set[bytes]) -> BatchError | None:
    """Return what is wrong with a line, apart from its body."""
    if not isinstance(request, dict):
        return batch_error("invalid_json_line")
    for name, (type, expected) in MEMBERS.items():
        if name not in request:
            return batch_error("missing_required_parameter", name=name)
        if not isinstance(request[name], type):
            return batch_error("invalid_type", name=name, expected=expected, got=kind(request[name]))
    if _digest(request["custom_id"]) in taken:
        return batch_error("duplicate_custom_id", value=request["custom_id"])
    if request["method"] != "POST":
        return batch_error("invalid_method", value=request["method"])
    if request["url"] != endpoint:
        return batch_error("invalid_url")
    return None


def _wrong_body(
    body: dict[str, Any], endpoint: str, first: str | None, exists: Callable[[str], bool]
) -> BatchError | None:
    """Return what can be found wrong with a body before it is run. `first` is the first line's model."""
    model = body.get("model")
    if endpoint in APIS:
        if model is None:
            return batch_error("model_required")
        if not isinstance(model, str):
            return batch_error("invalid_type", name="body.model", expected="a string", got=kind(model))
        if not exists(model):
            return batch_error("model_not_found", model=model)
        if first is not None and model != first:
            return batch_error("mismatched_model", model=model)
        if body.get("stream"):
            return batch_error("streaming_unsupported", api=APIS[endpoint])
    if endpoint == CHAT and "messages" not in body:
        return batch_error("messages_required")
    return None
