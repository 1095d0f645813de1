"""The body of a request: a JSON object, a form, or nothing."""

from typing import Any, NamedTuple

from pydantic_core import from_json

from ..wire import form as forms
from ..wire.errors import APIError, error
from ..wire.form import Form
from ..wire.masking import masked_body, masked_json
from ..wire.messages import Request
from ..wire.weight import MOST_WEIGHT, weight


class Body(NamedTuple):
    """What a request contains: a JSON object, an uploaded form, or neither, and about how many bytes it takes."""

    json: dict[str, Any] | None = None
    form: Form | None = None
    weight: int = 0

    @property
    def streamed(self) -> bool:
        """Tell whether the request asks for a stream."""
        return self.json is not None and self.json.get("stream") is True

    def masked(self, raw: bytes) -> Any:
        """Return what the journal keeps of it, with credentials masked; None if it is very heavy. `raw` is its
        bytes."""
        if self.form:
            return masked_json(self.form.described())
        return masked_body(raw, self.json) if self.weight <= MOST_KEPT else None


EMPTY = Body()

MOST_KEPT = 16_000_000
"""The journal keeps bodies up to this weight, in bytes."""


def read(request: Request) -> Body:
    """Return the body of a POST. Other methods have none that counts.

    Raises:
        APIError: it is neither a JSON object nor a complete form, or takes too much work.
    """
    if request.method != "POST":
        return EMPTY
    form = forms.read(request.headers.get("content-type", ""), request.body)
    return Body(None, form, len(request.body)) if form else _json(request.body)


def read_json(request: Request) -> Body:
    """Return the JSON object of a POST, or an empty body for anything that only an upstream understands."""
    try:
        return _json(request.body) if request.method == "POST" else EMPTY
    except APIError:
        return EMPTY


def _json(body: bytes) -> Body:
    heavy = weight(body)
    if heavy > MOST_WEIGHT:
        raise error("sandbox_over_budget", param="body")
    return Body(_object(body), None, heavy)


def _object(body: bytes) -> dict[str, Any] | None:
    if not body:
        return None
    try:
        parsed = from_json(body, allow_inf_nan=False)
    except ValueError:
        raise error("invalid_json") from None
    if not isinstance(parsed, dict):
        raise error("invalid_json")
    return parsed
