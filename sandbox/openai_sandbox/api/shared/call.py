"""What an endpoint is asked."""

from typing import TYPE_CHECKING, Any, NamedTuple

from ...wire.errors import error
from ...wire.form import Form

if TYPE_CHECKING:
    from ...faults import Fault
    from ...model.scripted import Scripted


class Call(NamedTuple):
    """A request as an endpoint sees it.

    The ids in its path, in order; its JSON object, or the form it uploads; its query, with the last value of each name;
    its fault; about how many bytes it takes to keep it; what a script answers.
    """

    ids: tuple[str, ...]
    body: dict[str, Any] | None
    query: dict[str, str]
    form: Form | None = None
    fault: "Fault | None" = None
    weight: int = 0
    scripted: "Scripted | None" = None

    def meets(self, *faults: str) -> bool:
        """Return whether the request's fault is one of these."""
        return self.fault is not None and self.fault.kind.name in faults

    @property
    def is_paced(self) -> bool:
        """Whether a script says how long to wait between the pieces of a stream."""
        return self.scripted is not None and self.scripted.delay is not None

    def json(self) -> dict[str, Any]:
        """Return the JSON object.

        Raises:
            APIError: there is none.
        """
        if self.body is None:
            raise error("invalid_json")
        return self.body
