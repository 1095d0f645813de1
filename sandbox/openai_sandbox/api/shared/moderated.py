"""What moderation says of the input and output of an answer, where a request asks for it."""

from collections.abc import Sequence
from typing import Any

from ...model import moderation
from ...model.answers import Message
from ...wire.errors import error


def asked_text(messages: Sequence[Message]) -> str:
    """Return what of a prompt is moderated: what its users said."""
    return "\n".join(text for role, text in messages if role == "user")


def verdict(asked: dict[str, Any], text: str) -> dict[str, Any]:
    """Return the verdict of the model that a request's `moderation` names. Its policy has no effect here.

    Raises:
        APIError: there is no such model.
    """
    model = asked["model"]
    if model not in moderation.moderation_models():
        raise error("moderation_model_unknown", model=model)
    return {"type": "moderation_result", "model": model, **moderation.result(text)}
