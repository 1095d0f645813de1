"""Items: the messages and other parts that requests send, responses hold and conversations keep."""

from typing import Any

from .errors import error
from .ids import Ids

Item = dict[str, Any]

KINDS = {"message": "msg", "reasoning": "rs"}
DEFAULTS: dict[str, Item] = {"output_text": {"annotations": [], "logprobs": []}}
PARTS = ("input_text", "output_text", "refusal", "reasoning_text")


def stored_items(ids: Ids, given: str | list[Item], param: str) -> list[Item]:
    """Return what a request sends as the API keeps it: with type, id, status and content parts.

    A string is one user message.

    Raises:
        APIError: an item is of a kind that is not simulated. The error names its place below `param`.
    """
    sent: list[Item] = [{"role": "user", "content": given}] if isinstance(given, str) else given
    items = []
    for index, item in enumerate(sent):
        kind = item.get("type") or "message"
        if kind not in KINDS:
            raise error("sandbox_unsupported", param=f"{param}[{index}].type")
        status = {"status": "completed"} if kind == "message" else {}
        item = {"id": ids.hex(KINDS[kind]), "type": kind} | status | item
        if isinstance(item.get("content"), str):
            part = "output_text" if item["role"] == "assistant" else "input_text"
            item["content"] = [{"type": part, "text": item["content"]}]
        for number, content in enumerate(item.get("content") or ()):
            if content["type"] not in PARTS:
                raise error("sandbox_unsupported", param=f"{param}[{index}].content[{number}].type")
        if item.get("content"):
            item["content"] = [DEFAULTS.get(content["type"], {}) | content for content in item["content"]]
        items.append(item)
    return items
