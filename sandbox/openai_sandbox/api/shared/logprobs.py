"""Log probabilities of tokens, in the API's form."""

import math
from collections.abc import Sequence
from typing import Any

from ...model import tokens


def logprob(step: Sequence[tuple[int, float]], top: int) -> dict[str, Any]:
    """Return a drawn token, with the most likely ones that could have been drawn.

    Args:
        step: token ids and their probabilities, with the drawn one first.
        top: how many to list in `top_logprobs`, including the drawn one if it is one of the most likely.
    """
    ranked = sorted(step, key=lambda choice: -choice[1])[:top]
    return _entry(*step[0]) | {"top_logprobs": [_entry(*choice) for choice in ranked]}


def _entry(token: int, probability: float) -> dict[str, Any]:
    data = tokens.token_bytes(token)
    return {
        "token": data.decode("utf-8", "replace"),
        "bytes": list(data),
        "logprob": math.log(probability) if probability > 0 else -9999.0,
    }
