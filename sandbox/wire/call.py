"""What an endpoint is asked."""

from typing import Any, NamedTuple

from .errors import error
from .form import Form


class Call(NamedTuple):
    """A request as an endpoint sees it.

    The ids in its path, in order; its JSON object, or the form it uploads; its query, last value each;
    whether the model is to refuse.
    """

    ids: tuple[str, ...]
    body: dict[str, Any] | None
    query: dict[str, str]
    form: Form | None = None
    refuse: bool = False

    def json(self) -> dict[str, Any]:
        """Return the JSON object.

        Raises:
            APIError: there is none.
        """
        if self.body is None:
            raise error("invalid_json")
        return self.body
