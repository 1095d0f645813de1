"""POST /v1/moderations."""

from typing import Any

from ..model import moderation
from ..validation.parameters import Validator
from ..wire.errors import error
from .shared.call import Call
from .shared.result import Result
from .shared.state import State

VALIDATOR = Validator("moderations.create")

DEFAULT_MODEL = "omni-moderation-latest"
PART = {"type": ..., "text": ..., "image_url": {"url": ...}}


def create(state: State, call: Call) -> Result:
    """Score texts and images. A list of texts gets a result for each; texts and images in parts get one in common.

    Unknown keys are ignored here, unlike elsewhere, because the API does the same.
    """
    body = _known(call.json(), {"input": ..., "model": ...})
    if isinstance(body.get("input"), list):
        body["input"] = [_known(part, PART) for part in body["input"]]
    VALIDATOR.check(body)
    model = DEFAULT_MODEL if body.get("model") is None else body["model"]
    if model not in moderation.moderation_models():
        raise error("moderation_model_unknown", model=model)
    if body["input"] == []:
        raise error("empty_array", param="input", minimum=1)
    return Result({"id": state.ids.alphanumeric("modr"), "model": model, "results": _results(body["input"])})


def _results(given: str | list[Any]) -> list[dict[str, Any]]:
    if isinstance(given, str):
        return [moderation.result(given)]
    parts = [part for part in given if isinstance(part, dict)]
    if not parts:
        return [moderation.result(text) for text in given]
    texts = [part["text"] for part in parts if part["type"] == "text"]
    image = any(part["type"] == "image_url" for part in parts)
    return [moderation.result("\n".join(texts) if texts else None, image=image)]


def _known(value: Any, known: Any) -> Any:
    """Return an object without unknown members."""
    if not isinstance(value, dict) or not isinstance(known, dict):
        return value
    return {name: _known(member, known[name]) for name, member in value.items() if name in known}
