"""The body of a request: a JSON object, a form, or nothing."""

from typing import Any, NamedTuple

from pydantic_core import from_json

from ..wire import form as forms
from ..wire.errors import APIError, error
from ..wire.form import Form
from ..wire.masking import masked_body
from ..wire.messages import Request


class Body(NamedTuple):
    """What a request brings: a JSON object, the form it uploads, or neither."""

    json: dict[str, Any] | None = None
    form: Form | None = None

    @property
    def streamed(self) -> bool:
        """Tell whether the request asks for a stream."""
        return self.json is not None and self.json.get("stream") is True

    def masked(self, raw: bytes) -> Any:
        """Return what the journal keeps of it, credentials masked. `raw` is what it was read from."""
        return masked_body(raw, self.form.described() if self.form else self.json)


EMPTY = Body()


def read(request: Request) -> Body:
    """Return the body of a POST. Other methods have none that counts.

    Raises:
        APIError: it is neither a JSON object nor a complete form.
    """
    if request.method != "POST":
        return EMPTY
    form = forms.read(request.headers.get("content-type", ""), request.body)
    return Body(None, form) if form else Body(_object(request.body))


def read_json(request: Request) -> Body:
    """Return the JSON object of a POST, and an empty body for all that only an upstream understands."""
    try:
        return Body(_object(request.body)) if request.method == "POST" else EMPTY
    except APIError:
        return EMPTY


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
