"""Checks whether the named model exists and what it accepts, for both APIs."""

from collections.abc import Collection, Mapping
from typing import Any

from ...model import families
from ...wire.errors import APIError, error
from .state import State

# The name in a reply for each requested service tier: it says how the request was served.
SERVED_AS = {"fast": "priority", "priority": "priority", "flex": "flex"}

# Values that ask for nothing, whatever the parameter.
UNASKED: tuple[object, ...] = (None, False, [], {}, 0, "auto", "none", "default")


def find_model(state: State, id: str, unknown: str, ended: str) -> families.Model:
    """Return the model with that id.

    Raises:
        APIError: it does not exist (catalog id `unknown`) or has been shut down (`ended`).
    """
    model = families.find(id, state.today)
    if model is None:
        raise error(ended if id in families.text_models() else unknown, model=id)
    return model


def model_name(body: Mapping[str, Any]) -> str:
    """Return the id of the model that a request names, as Chat Completions and Completions read it.

    Raises:
        APIError: there is none. If it is not a string, the API calls it bad JSON, even if the JSON is valid.
    """
    if body.get("model") in (None, ""):
        raise error("model_missing.chat")
    if not isinstance(body["model"], str):
        raise error("invalid_json")
    return body["model"]


def check_effort(requested: Any, known: Collection[str], *, unsupported: APIError, refused: APIError) -> None:
    """Raise `unsupported` if the model has no efforts, and `refused` if it does not have this one."""
    if not known:
        raise unsupported
    if requested not in known:
        raise refused


def check_simulated(body: Mapping[str, Any], known: Collection[str]) -> None:
    """Refuse valid parameters that would be ignored here: a silent difference from the API would be worse."""
    for key, value in body.items():
        if key not in known and value not in UNASKED:
            raise error("sandbox_unsupported", param=key)


def served_tier(body: Mapping[str, Any]) -> str:
    """Return the `service_tier` of the reply."""
    return SERVED_AS.get(body.get("service_tier") or "", "default")
