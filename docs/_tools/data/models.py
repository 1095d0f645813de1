"""The models that the installed SDK names, and their shutdown dates: from its literals and its deprecation note."""

import inspect
import re
from typing import get_args

from openai.types.shared import chat_model, responses_model


def shutdown_dates() -> dict[str, str]:
    """Return the announced shutdown date of each model id that has one, as ISO dates.

    Source: the docstring after `ChatModel` in `openai/types/shared/chat_model.py`.

    Raises:
        ValueError: the docstring no longer reads as expected.
    """
    note = inspect.getsource(chat_model).partition('"""Deprecated values:')[2]
    dates: dict[str, str] = {}
    for entry in re.split(r"\n- ", note):
        text = " ".join(entry.split())
        announced = re.search(r"Announced shutdown date: (\d{4}-\d\d-\d\d)", text)
        if announced:
            dates |= dict.fromkeys(re.findall(r'"([^"]+)"', text[: announced.start()]), announced[1])
    if not dates:
        raise ValueError("openai/types/shared/chat_model.py has no shutdown dates where this generator looks for them")
    return dates


def unsupported() -> set[str]:
    """Return the ids that the SDK only keeps for compatibility."""
    note = " ".join(inspect.getsource(chat_model).split())
    return set(re.findall(r'"([^"]+)": Not a supported model ID', note))


def model_ids() -> list[str]:
    """Return the model ids that text requests may name, in the SDK's order."""
    ids = list(get_args(chat_model.ChatModel))
    for branch in get_args(responses_model.ResponsesModel):
        ids += [id for id in get_args(branch) if id not in ids]
    return [id for id in ids if id not in unsupported()]
