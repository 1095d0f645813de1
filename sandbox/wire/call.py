"""What an endpoint is asked."""

from typing import Any, NamedTuple

from .errors import error


class Call(NamedTuple):
    """A request as an endpoint sees it: the ids in its path, in order; its JSON object; its query, last value each."""

    ids: tuple[str, ...]
    body: dict[str, Any] | None
    query: dict[str, str]

    def json(self) -> dict[str, Any]:
        """Return the JSON object.

        Raises:
            APIError: there is no body.
        """
        if self.body is None:
            raise error("invalid_json")
        return self.body
