"""What images, files and audio in the input cost. The model sees that they are there, not what they show."""

import base64
import binascii
import re
from typing import Any

from ...model import tokens
from ...wire.errors import error
from .state import State
from .stored_files import find

# Inferred from the cost of images on earlier models: a small one, and one of 1024 by 1024.
IMAGE_TOKENS = {"low": 85, "high": 765, "auto": 765, "original": 765}
SOUND_TOKENS = 100
CHARACTERS_READ = 200_000

# How the formats that the API accepts begin: png, jpeg, gif and webp.
IMAGES = (b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"RIFF")
# Audio and video files, by their data and by their address.
SOUND = re.compile(r"data:((?:audio|video)/[\w.+-]+)")
PLAYED = re.compile(r"\.(?:aac|flac|m4a|mov|mp3|mp4|ogg|wav|webm)(?:$|[?#])", re.IGNORECASE)


def part_tokens(state: State, part: dict[str, Any], param: str) -> int:
    """Return the tokens of a part that is not text.

    Raises:
        APIError: it names a file that does not exist, or its data cannot be read. The error names its place.
    """
    kind = part["type"].removeprefix("input_")
    nested = part.get(kind)
    inner: dict[str, Any] = nested if isinstance(nested, dict) else part
    if id := inner.get("file_id"):
        return tokens.count(_text(find(state, id).content))
    if kind in ("image", "image_url"):
        address = inner.get("url") or inner.get("image_url")
        if isinstance(address, str) and address.startswith("data:") and not _is_image(address):
            raise error("image_format")
        return IMAGE_TOKENS.get(inner.get("detail") or "auto", IMAGE_TOKENS["auto"])
    if kind == "file" and PLAYED.search(inner.get("file_url") or ""):
        raise error("file_unsupported")
    if kind == "file" and inner.get("file_data"):
        if sound := SOUND.match(inner["file_data"]):
            raise error("file_data_unsupported", param=f"{param}.file_data", mime=sound[1])
        return tokens.count(_text(_decoded(inner["file_data"], f"{param}.file_data")))
    return SOUND_TOKENS


def _is_image(address: str) -> bool:
    """Tell whether a data URL holds an image, by how it begins."""
    try:
        beginning = base64.b64decode(address.partition(",")[2][:16])
    except (binascii.Error, ValueError):
        return False
    return beginning.startswith(IMAGES)


def _decoded(data: str, param: str) -> bytes:
    try:
        return base64.b64decode(data.rpartition(",")[2], validate=True)
    except (binascii.Error, ValueError):
        raise error("invalid_value", param=param, value=data[:20], supported="base64 data") from None


def _text(content: bytes) -> str:
    """Return the text of a file, as far as it is text. For a PDF, the bytes count, which is about as much."""
    return content[:CHARACTERS_READ].decode("utf-8", "ignore")
