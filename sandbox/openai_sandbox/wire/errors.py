"""Error replies in the API's envelope, taken from the catalog in errors.json."""

import json
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any, Literal

from .masking import mask_keys

Evidence = Literal["recorded", "specified", "pasted", "inferred"]


@dataclass(frozen=True, slots=True)
class ErrorCase:
    """One row of the catalog: what the API answers in one situation.

    `message` is a `str.format` template. Azure's errors have no `type`. `evidence` says how the row is known: recorded
    from the live API in public fixtures, specified by the OpenAPI description, pasted in public issues, or inferred.
    `source` names the place. `innererror` has Azure's details.
    """

    id: str
    api: str
    status: int
    type: str | None
    code: str | None
    param: str | None
    message: str
    evidence: Evidence
    source: str
    innererror: dict[str, Any] | None = None


class APIError(Exception):
    """A request that the API refuses: a status, and an error object with message, type, param and code.

    Keys in message and param are masked, because a message that repeats a wrong value may repeat a misplaced key.
    """

    def __init__(self, status: int, message: str, type: str | None, param: str | None, code: str | None) -> None:
        super().__init__(mask_keys(message))
        self.status = status
        self.message = mask_keys(message)
        self.type = type
        self.param = param and mask_keys(param)
        self.code = code
        self.innererror: dict[str, Any] | None = None

    def envelope(self) -> dict[str, Any]:
        """Return the JSON body: `{"error": {...}}`, all four keys are always present. Azure gives only code and
        message, unless it names a param; with details, it repeats the status."""
        if self.type is None and self.param is None:
            return {"error": {"code": self.code, "message": self.message}}
        told: dict[str, Any] = {"message": self.message, "type": self.type, "param": self.param, "code": self.code}
        if self.innererror is not None:
            told |= {"status": self.status, "innererror": self.innererror}
        return {"error": told}


@cache
def catalog() -> dict[str, ErrorCase]:
    """Return every known error by id, in the file's order."""
    rows = json.loads(files(__package__).joinpath("errors.json").read_text("utf-8"))
    return {row["id"]: ErrorCase(**row) for row in rows}


def error(id: str, /, **values: object) -> APIError:
    """Build the catalog's error `id`, with `values` filled into its message and param.

    Raises:
        KeyError: the catalog has no such id, or the message needs a value that was not given.
    """
    case = catalog()[id]
    param = case.param.format(**values) if case.param else None
    raised = APIError(case.status, case.message.format(**values), case.type, param, case.code)
    raised.innererror = case.innererror
    return raised
