"""/v1/files: upload, describe, list, delete and download."""

import re
from typing import TYPE_CHECKING, Any

from pydantic_core import from_json

from ..validation.parameters import Validator, check_bounds
from ..wire.errors import error
from ..wire.form import Form, Upload
from .shared.call import Call
from .shared.pagination import page
from .shared.result import Result
from .shared.store import StoredFile

if TYPE_CHECKING:
    from ..core import Core

CREATE = Validator("files.create")

MOST_LISTED = 10_000
BATCH_LIFETIME = 30 * 24 * 3600

# In the order of the API's message.
PURPOSES = ("fine-tune", "assistants", "batch", "user_data", "vision", "evals")

PURPOSE_LIST = str([*PURPOSES])

# What is uploaded for these can be used, but not downloaded.
SEALED = {"assistants", "user_data"}


def create(core: "Core", call: Call) -> Result:
    """Keep an uploaded file."""
    form = call.form or Form({}, {})
    for name in ("file", "purpose"):
        if name not in (form.files if name == "file" else form.fields):
            raise error("form_property_missing", name=name)
    purpose = form.fields["purpose"]
    if purpose not in PURPOSES:
        raise error("purpose_unknown", value=purpose, supported=PURPOSE_LIST)
    for name in (*form.fields, *form.files):
        if name not in CREATE.schema["properties"] and name != "file":
            raise error("form_property_unknown", name=name)
    lifetime = _lifetime(form.fields)
    if purpose == "evals":
        # The SDK's file object knows no such purpose: what the API replies is not known.
        raise error("sandbox_unsupported", param="purpose")
    upload = form.files["file"]
    _check_content(core, upload, purpose)
    created_at = int(core.now())
    if lifetime is None and purpose == "batch":
        lifetime = BATCH_LIFETIME
    return Result(object_of(keep(core, upload, purpose, created_at, lifetime)))


def retrieve(core: "Core", call: Call) -> Result:
    """Describe a file."""
    return Result(object_of(find(core, call.ids[0])))


def delete(core: "Core", call: Call) -> Result:
    """Forget a file."""
    file = find(core, call.ids[0])
    core.store.files.delete(file.id)
    return Result({"id": file.id, "object": "file", "deleted": True})


def content(core: "Core", call: Call) -> Result:
    """Return what a file holds."""
    file = find(core, call.ids[0])
    if file.purpose in SEALED:
        raise error("file_sealed", purpose=file.purpose)
    return Result(file.content)


def list(core: "Core", call: Call) -> Result:  # noqa: A001 - the API's own name
    """List files, newest first unless asked otherwise."""
    purpose = call.query.get("purpose")
    kept = [
        object_of(file) for file in core.store.files if not _has_expired(core, file) and purpose in (None, file.purpose)
    ]
    return Result(page(kept, call.query, most=MOST_LISTED, default=MOST_LISTED, missing="file_not_found"))


def find(core: "Core", id: str) -> StoredFile:
    """Return the file of that id.

    Raises:
        APIError: there is none, or it has expired.
    """
    file = core.store.files.get(id)
    if file is None or _has_expired(core, file):
        raise error("file_not_found", id=id)
    return file


def keep(core: "Core", upload: Upload, purpose: str, created_at: int, lifetime: int | None = None) -> StoredFile:
    """Keep a file under a new id, for `lifetime` seconds."""
    id = core.ids.alphanumeric("file", 22)
    expires_at = None if lifetime is None else created_at + lifetime
    file = StoredFile(id, created_at, upload.filename, purpose, upload.content, expires_at)
    core.store.files.add(file)
    return file


def object_of(file: StoredFile) -> dict[str, Any]:
    """Return the API's description of a file."""
    return {
        "object": "file",
        "id": file.id,
        "purpose": file.purpose,
        "filename": file.filename,
        "bytes": len(file.content),
        "created_at": file.created_at,
        "expires_at": file.expires_at,
        "status": "processed",
        "status_details": None,
    }


def _lifetime(fields: dict[str, Any]) -> int | None:
    """Return the seconds of `expires_after`. Forms know only text: digits are a number here."""
    given = fields.get("expires_after")
    if given is None:
        return None
    if isinstance(given, dict) and re.fullmatch(r"-?\d{1,12}", given.get("seconds", ""), re.ASCII):
        given = given | {"seconds": int(given["seconds"])}
    CREATE.check(fields | {"expires_after": given})
    check_bounds(given["seconds"], "expires_after.seconds")
    seconds: int = given["seconds"]
    return seconds


def _check_content(core: "Core", upload: Upload, purpose: str) -> None:
    if len(upload.content) > core.store.files.most_bytes:
        raise error("sandbox_file_too_large", maximum=core.store.files.most_bytes, count=len(upload.content))
    if purpose == "batch":
        if not upload.filename.endswith(".jsonl") or not _is_json(upload.content.lstrip().partition(b"\n")[0]):
            raise error("batch_file_format")
    elif not upload.content:
        raise error("file_empty")


def _is_json(line: bytes) -> bool:
    try:
        from_json(line)
    except ValueError:
        return False
    return True


def _has_expired(core: "Core", file: StoredFile) -> bool:
    return file.expires_at is not None and core.now() >= file.expires_at
