"""Forms: multipart/form-data, which uploads files."""

import logging
import re
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from .errors import error

MULTIPART = "multipart/form-data"
MOST_PARTS = 1_000
"""How many fields and files a form may have."""

# The parser's messages about a broken form, for debugging.
logger = logging.getLogger(__name__)
logger.addHandler(logging.NullHandler())


class Upload(NamedTuple):
    """A file of a form."""

    filename: str
    content: bytes


class Part(NamedTuple):
    """A field of a form, or a file, which has a `filename`."""

    name: str
    content: bytes
    filename: str | None = None
    content_type: str = ""


class Form(NamedTuple):
    """The fields and files of a form. A field `a[b]` is the field `b` of the object `a`."""

    fields: dict[str, Any]
    files: dict[str, Upload]

    def described(self) -> dict[str, Any]:
        """Return what a journal keeps: the fields, and the name and size of each file."""
        sizes = {name: {"filename": file.filename, "bytes": len(file.content)} for name, file in self.files.items()}
        return self.fields | sizes


@dataclass(slots=True)
class _Parts:
    """Collects the parts of a form, headers and content, in the parser's callbacks."""

    parts: list[tuple[dict[bytes, bytes], bytearray]] = field(default_factory=list)
    complete: bool = False
    _name: bytes = b""
    _value: bytes = b""

    def begin(self) -> None:
        if len(self.parts) >= MOST_PARTS:
            raise error("sandbox_over_budget", param="body")
        self.parts.append(({}, bytearray()))

    def name(self, data: bytes, start: int, end: int) -> None:
        self._name += data[start:end]

    def value(self, data: bytes, start: int, end: int) -> None:
        self._value += data[start:end]

    def header(self) -> None:
        self.parts[-1][0][self._name.lower()] = self._value
        self._name = self._value = b""

    def content(self, data: bytes, start: int, end: int) -> None:
        self.parts[-1][1].extend(memoryview(data)[start:end])

    def end(self) -> None:
        self.complete = True


def is_form(content_type: str) -> bool:
    """Tell whether a content type is that of a form, whatever its parameters."""
    return content_type.lower().startswith(MULTIPART) and content_type.partition(";")[0].strip().lower() == MULTIPART


def read(content_type: str, body: bytes) -> Form | None:
    """Return the form in a body, or None if the content type is not that of a form.

    Raises:
        APIError: the form is broken or incomplete.
    """
    found = parts(content_type, body)
    if found is None:
        return None
    form = Form({}, {})
    for part in found:
        if part.filename is not None:
            form.files[part.name] = Upload(part.filename, part.content)
        else:
            _put(form.fields, part.name, part.content.decode("utf-8", "replace"))
    return form


def parts(content_type: str, body: bytes) -> list[Part] | None:
    """Return the parts of the form in a body, in order, or None if the content type is not that of a form.

    Raises:
        APIError: the form is broken or incomplete.
    """
    if not is_form(content_type):
        return None
    # Imported here, because it takes time and most programs upload nothing.
    from python_multipart.multipart import parse_options_header

    boundary = parse_options_header(content_type)[1].get(b"boundary")
    found = []
    for headers, content in _parsed(boundary or b"", body):
        disposition = parse_options_header(headers.get(b"content-disposition", b""))[1]
        filename = disposition.get(b"filename")
        part = Part(
            disposition.get(b"name", b"").decode("utf-8", "replace"),
            bytes(content),
            None if filename is None else filename.decode("utf-8", "replace"),
            headers.get(b"content-type", b"").decode("latin-1"),
        )
        found.append(part)
    return found


def _parsed(boundary: bytes, body: bytes) -> list[tuple[dict[bytes, bytes], bytearray]]:
    from python_multipart import MultipartParser
    from python_multipart.exceptions import FormParserError

    found = _Parts()
    try:
        parser = MultipartParser(
            boundary,
            {
                "on_part_begin": found.begin,
                "on_header_field": found.name,
                "on_header_value": found.value,
                "on_header_end": found.header,
                "on_part_data": found.content,
                "on_end": found.end,
            },
        )
        parser.logger = logger
        parser.write(body)
    except FormParserError:
        raise error("invalid_form") from None
    if not boundary or not found.complete:
        raise error("invalid_form")
    return found.parts


def _put(fields: dict[str, Any], name: str, value: str) -> None:
    nested = re.fullmatch(r"(\w+)\[(\w+)\]", name)
    if not nested:
        fields[name] = value
        return
    if not isinstance(fields.get(nested[1]), dict):
        fields[nested[1]] = {}
    fields[nested[1]][nested[2]] = value
