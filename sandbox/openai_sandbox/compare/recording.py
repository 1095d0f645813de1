"""One exchange with the live API, in whichever form it was recorded."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from ..api import routes
from ..wire.errors import APIError
from .shapes import Shape


@dataclass(frozen=True, slots=True)
class Recording:
    """One exchange with the live API.

    `id` is its name in reports. `body` is the request's body: a JSON object, the bytes of a form, or None. `answer` is
    the object that was answered, if the recording has all of it: later requests may refer to it.
    """

    id: str
    recorded: date | None
    method: str
    path: str
    query: str
    body: dict[str, Any] | bytes | None
    content_type: str
    live: Shape
    answer: dict[str, Any] | None = None

    @property
    def endpoint(self) -> str:
        """The name of its group in reports."""
        streamed = ", streamed" if isinstance(self.body, dict) and self.body.get("stream") is True else ""
        try:
            route, _ = routes.find(self.method, self.path)
        except APIError:
            route = self.path
        return f"{self.method} {route}{streamed}"
