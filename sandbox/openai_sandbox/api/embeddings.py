"""POST /v1/embeddings."""

import base64
from collections.abc import Sequence
from typing import Any, TypeGuard

from ..model import embeddings as model_of
from ..model import tokens
from ..model.embeddings import EmbeddingModel
from ..validation.parameters import Validator
from ..validation.wording import kind
from ..wire.errors import error
from .shared.call import Call
from .shared.result import Result
from .shared.state import State

VALIDATOR = Validator("embeddings.create")

Input = str | Sequence[int]


def create(state: State, call: Call) -> Result:
    """Turn texts into vectors."""
    body = call.json()
    model = _validated_model(body)
    VALIDATOR.check_keys(body)
    inputs = _inputs(body["input"])
    VALIDATOR.check(body)
    dimensions = body.get("dimensions")
    if dimensions is not None and not model.shortens:
        raise error("dimensions_unsupported")
    if dimensions is not None and dimensions > model.dimensions:
        raise error("dimensions_too_many", value=dimensions, maximum=model.dimensions)
    counted = _counted(inputs, listed=isinstance(body["input"], list) and not _are_tokens(body["input"]))

    vectors = [model_of.vector(model, given, dimensions) for given in inputs]
    packed = body.get("encoding_format") == "base64"
    return Result(
        {
            "object": "list",
            "data": [
                {
                    "object": "embedding",
                    "index": index,
                    "embedding": base64.b64encode(vector).decode() if packed else model_of.floats(vector),
                }
                for index, vector in enumerate(vectors)
            ],
            "model": model.answers_as,
            "usage": {"prompt_tokens": counted, "total_tokens": counted},
        }
    )


def _validated_model(body: dict[str, Any]) -> EmbeddingModel:
    if body.get("model") in (None, ""):
        raise error("model_missing.chat")
    if not isinstance(body["model"], str):
        raise error("invalid_type", param="model", expected="a string", got=kind(body["model"]))
    model = model_of.embedding_models().get(body["model"])
    if model is None:
        raise error("model_unknown.embeddings", model=body["model"])
    return model


def _inputs(given: Any) -> list[Input]:
    """Return the inputs of a request: a text, a list of texts, a list of tokens or a list of such lists.

    A single text may be empty (recorded for text-embedding-ada-002, 2025-08-13), but not a text in a list.
    """
    inputs: list[Input]
    if isinstance(given, str) or _are_tokens(given):
        inputs = [given]
    elif isinstance(given, list) and (all(isinstance(item, str) for item in given) or all(map(_are_tokens, given))):
        inputs = given
    else:
        raise error("embeddings_input_invalid")
    if not inputs:
        raise error("embeddings_input_empty", place="input", what="array")
    if len(inputs) > model_of.MOST_INPUTS:
        raise error("embeddings_input_too_many", maximum=model_of.MOST_INPUTS)
    for index, item in enumerate(inputs):
        if not item and given != "":
            place = f"input[{index}]" if isinstance(given, list) else "input"
            raise error("embeddings_input_empty", place=place, what="string" if isinstance(item, str) else "array")
    return inputs


def _are_tokens(given: Any) -> TypeGuard[list[int]]:
    """Tell whether this is a list of tokens. An empty list counts as a list of texts."""
    return (
        isinstance(given, list)
        and bool(given)
        and all(isinstance(item, int) and not isinstance(item, bool) and item >= 0 for item in given)
    )


def _counted(inputs: Sequence[Input], *, listed: bool) -> int:
    """Return how many tokens the inputs have, after checking the limits for each and in total.

    Counted with o200k_base, because the models' own cl100k_base is not available here.
    """
    together = 0
    for index, item in enumerate(inputs):
        count = tokens.count(item) if isinstance(item, str) else len(item)
        if count > model_of.MOST_TOKENS:
            place = f"input[{index}]" if listed else "input"
            raise error("embeddings_input_too_long", place=place, maximum=model_of.MOST_TOKENS)
        together += count
    if together > model_of.MOST_TOKENS_TOGETHER:
        raise error("embeddings_request_too_long", maximum=model_of.MOST_TOKENS_TOGETHER)
    return together
