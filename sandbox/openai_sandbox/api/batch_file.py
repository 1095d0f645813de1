"""The input file of a batch: one request a line, all checked before any is run.

batch_errors.json holds what the API says of a file or line it cannot take. These are no HTTP errors: the batch fails,
and carries them.
"""

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files
from typing import Any

from pydantic_core import from_json

from ..validation.wording import kind
from .shared.store import BatchError, BatchLine

MOST_REQUESTS = 50_000

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
    """Build the catalog's error `id`, its message and param filled in with `values`.

    Raises:
        KeyError: the catalog has no such id, or the message needs a value that was not given.
    """
    row = catalog()[id]
    param = row["param"].format(**values) if row["param"] else None
    return {"code": row["code"], "message": row["message"].format(**values), "param": param, "line": line}


@dataclass(slots=True)
class BatchFile:
    """What a file was read as: the requests, and what is wrong with the others, at most one error a line.

    `model` is how the first request names its model.
    """

    lines: list[BatchLine] = field(default_factory=list)
    errors: list[BatchError] = field(default_factory=list)
    model: str | None = None


def read(content: bytes, endpoint: str, exists: Callable[[str], bool]) -> BatchFile:
    """Read and check the input file of a batch. `exists` tells whether the endpoint has a model."""
    file = BatchFile()
    rows = [(number, row) for number, row in enumerate(content.split(b"\n"), 1) if row.strip()]
    if len(rows) > MOST_REQUESTS:
        file.errors.append(batch_error("too_many_requests", count=len(rows), maximum=MOST_REQUESTS))
        return file
    taken: set[str] = set()
    for number, row in rows:
        try:
            request = from_json(row, allow_inf_nan=False)
        except ValueError:
            request = None
        wrong = _wrong(request, endpoint, taken) or _wrong_body(request["body"], endpoint, file.model, exists)
        if isinstance(request, dict) and isinstance(request.get("custom_id"), str):
            taken.add(request["custom_id"])
        if wrong:
            file.errors.append(wrong | {"line": number})
        else:
            file.model = file.model or request["body"].get("model")
            file.lines.append(BatchLine(request["custom_id"], request["body"]))
    return file


def _wrong(request: Any, endpoint: str, taken: set[str]) -> BatchError | None:
    """Return what is wrong with a line around its body."""
    if not isinstance(request, dict):
        return batch_error("invalid_json_line")
    for name, (type, expected) in MEMBERS.items():
        if name not in request:
            return batch_error("missing_required_parameter", name=name)
        if not isinstance(request[name], type):
            return batch_error("invalid_type", name=name, expected=expected, got=kind(request[name]))
    if request["custom_id"] in taken:
        return batch_error("duplicate_custom_id", value=request["custom_id"])
    if request["method"] != "POST":
        return batch_error("invalid_method", value=request["method"])
    if request["url"] != endpoint:
        return batch_error("invalid_url")
    return None


def _wrong_body(
    body: dict[str, Any], endpoint: str, first: str | None, exists: Callable[[str], bool]
) -> BatchError | None:
    """Return what is wrong with a body that can be told before it is run. `first` is the first line's model."""
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
