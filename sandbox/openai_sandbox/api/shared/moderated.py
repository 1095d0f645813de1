"""Moderates the input and output of an answer, if a request asks for it."""

from collections.abc import Sequence
from typing import Any

from ...model import moderation
from ...model.answers import Message
from ...wire.errors import error


def asked_text(messages: Sequence[Message]) -> str:
    """Return the part of a prompt that is moderated: the user messages."""
    return "\n".join(text for role, text in messages if role == "user")


def verdict(asked: dict[str, Any], text: str) -> dict[str, Any]:
    """Return the result from the model that a request's `moderation` names. Its policy has no effect here.

    Raises:
        APIError: there is no such model.
    """
    model = asked["model"]
    if model not in moderation.moderation_models():
        raise error("moderation_model_unknown", model=model)
    return {"type": "moderation_result", "model": model, **moderation.result(text)}
