"""`image_generation`: draws a real picture in the requested size: squares in colors that follow from the prompt.

PNG is written here; JPEG and WebP need the package Pillow.
"""

import base64
import hashlib
import io
import struct
import zlib
from collections.abc import Iterable, Iterator, Mapping
from importlib.util import find_spec
from typing import Any

from ...validation.bounds import check_bounds
from ...wire.errors import error
from ..shared.items import Item
from ..shared.state import State
from .step import Asked, Step

AUTO_SIZE = "1024x1024"
SIZES = (AUTO_SIZE, "1024x1536", "1536x1024")
SQUARES = 8
"""How many squares there are in a row and in a column."""


def check(state: State, tool: Mapping[str, Any], place: str) -> None:
    """Raise for too many partial pictures."""
    check_bounds(tool.get("partial_images"), "partial_images", f"{place}.partial_images")


def run(asked: Asked) -> list[Step]:
    """Draw a picture for the user's text.

    Raises:
        APIError: the format or size is not simulated.
    """
    wanted = {name: value for name, value in asked.tool.items() if value not in (None, "auto")}
    form = wanted.get("output_format", "png")
    if form != "png" and not find_spec("PIL"):
        raise error("sandbox_unsupported", param=f"{asked.place}.output_format")
    size = wanted.get("size", AUTO_SIZE)
    if size not in SIZES:
        raise error("sandbox_unsupported", param=f"{asked.place}.size")
    width, height = map(int, size.split("x"))
    item = {
        **asked.wire["response.output.image_generation_call"],
        "id": asked.state.ids.hex("ig"),
        "output_format": form,
        "result": _encoded(png(asked.text, width, height), form),
        "revised_prompt": asked.text,
        "size": size,
    }
    for name in ("background", "quality"):
        item[name] = wanted.get(name, item[name])
    return [Step(item, "Here is a simulated picture: colored squares that follow from your prompt.")]


def asked_partial(tools: Iterable[Mapping[str, Any]]) -> int:
    """Return how many partial pictures a stream should have."""
    first = next((tool for tool in tools if tool["type"] == "image_generation"), {})
    return first.get("partial_images") or 0


def partial(item: Item, count: int) -> Iterator[dict[str, Any]]:
    """Yield the data for the events of partial pictures. Each picture has more rows than the one before."""
    width, height = map(int, item["size"].split("x"))
    for number in range(count):
        drawn = png(item["revised_prompt"], width, height, SQUARES * (number + 1) // (count + 1))
        about = {name: item[name] for name in ("background", "output_format", "quality", "size")}
        yield {"partial_image_index": number, "partial_image_b64": _encoded(drawn, item["output_format"]), **about}


def _encoded(picture: bytes, form: str) -> str:
    if form != "png":
        from PIL import Image

        converted = io.BytesIO()
        Image.open(io.BytesIO(picture)).convert("RGB").save(converted, form)
        picture = converted.getvalue()
    return base64.b64encode(picture).decode("ascii")


def png(text: str, width: int, height: int, drawn: int = SQUARES) -> bytes:
    """Return a picture in four colors, the same for the same text. Only `drawn` rows of squares are drawn."""
    digest = hashlib.shake_128(text.encode("utf-8", "surrogatepass")).digest(12 + SQUARES * SQUARES // 2)
    palette, chosen = digest[:12], digest[12:]
    rows = []
    for row in range(SQUARES):
        # A mirrored pattern: two bits are a color, four pixels a byte.
        half = [byte & 3 if row < drawn else 0 for byte in chosen[row * SQUARES // 2 : (row + 1) * SQUARES // 2]]
        line = b"".join(bytes([color * 0b01010101]) * (width // SQUARES // 4) for color in half + half[::-1])
        rows.append((b"\0" + line) * (height // SQUARES))
    header = struct.pack(">IIBBBBB", width, height, 2, 3, 0, 0, 0)
    parts = ((b"IHDR", header), (b"PLTE", palette), (b"IDAT", zlib.compress(b"".join(rows))), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data)) for kind, data in parts
    )
