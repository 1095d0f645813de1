"""Items that replace a compacted part of a conversation."""

import base64
import binascii
import zlib
from collections.abc import Sequence
from typing import Any

from pydantic_core import from_json, to_json

from ...model.answers import Message
from ...wire.ids import Ids
from ..shared.items import Item

PREFIX = "gAAAAA"
"""How the API's own encrypted contents begin. This one is not encrypted: it holds what the model has to remember."""

MOST_UNPACKED = 4_000_000

SHORTENED = 10
"""How many times shorter a summary is. Inferred: it depends on the model."""


def compaction(ids: Ids, messages: Sequence[Message]) -> Item:
    """Return the item that replaces messages. When it is sent back, the model sees the messages instead."""
    packed = base64.urlsafe_b64encode(zlib.compress(to_json([list(message) for message in messages])))
    return {"id": ids.hex("cmp"), "type": "compaction", "encrypted_content": PREFIX + packed.decode("ascii")}


def compacted(item: Item) -> list[Message]:
    """Return the messages that an item replaces. An item made elsewhere has none here."""
    content = item.get("encrypted_content")
    if not isinstance(content, str) or not content.startswith(PREFIX):
        return []
    try:
        unpacker = zlib.decompressobj()
        text = unpacker.decompress(base64.urlsafe_b64decode(content[len(PREFIX) :]), MOST_UNPACKED)
        return [Message(str(role), str(said)) for role, said in from_json(text)]
    except (binascii.Error, zlib.error, ValueError, TypeError):
        return []


def remembered(items: Sequence[Item]) -> tuple[int, list[Message]]:
    """Return how many items the latest compaction replaces, including itself, and their messages.

    An item made elsewhere replaces nothing: the items before it stay.
    """
    for back, item in enumerate(reversed(items)):
        if item["type"] == "compaction" and (messages := compacted(item)):
            return len(items) - back, messages
    return 0, []


def threshold(body: dict[str, Any]) -> int | None:
    """Return the number of input tokens from which a request wants its context compacted, or None for never."""
    for entry in body.get("context_management") or ():
        if entry["type"] == "compaction" and isinstance(entry.get("compact_threshold"), int):
            return int(entry["compact_threshold"])
    return None
