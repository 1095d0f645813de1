"""The models that the installed SDK names, and their shutdown dates: from its literals and its deprecation note."""

import inspect
import re
from typing import get_args

from openai.types.responses import response_compact_params
from openai.types.shared import chat_model, responses_model


def shutdown_dates() -> dict[str, str]:
    """Return the announced shutdown date of each model id that has one, as ISO dates.

    Source: the docstrings after `ChatModel` in `openai/types/shared/chat_model.py` and, for models that only Responses
    has, after `model` in `openai/types/responses/response_compact_params.py`.

    Raises:
        ValueError: a docstring no longer reads as expected, or the two contradict each other.
    """
    dates: dict[str, str] = {}
    for module in (chat_model, response_compact_params):
        note = inspect.getsource(module).partition("Deprecated values:")[2].partition('"""')[0]
        found: dict[str, str] = {}
        for entry in re.split(r"\n *- ", note):
            text = " ".join(entry.split())
            announced = re.search(r"Announced shutdown date: (\d{4}-\d\d-\d\d)", text)
            if announced:
                found |= dict.fromkeys(re.findall(r'"([^"]+)"', text[: announced.start()]), announced[1])
        if not found:
            raise ValueError(f"{module.__name__} has no shutdown dates where this generator looks for them")
        if contradicted := {id for id, day in found.items() if dates.get(id, day) != day}:
            raise ValueError(f"{module.__name__} contradicts ChatModel on when {sorted(contradicted)} are shut down")
        dates |= found
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
