"""/v1/files: upload, describe, list, delete and download."""

import re
from typing import Any

from pydantic_core import from_json

from ..validation.bounds import check_bounds
from ..validation.parameters import Validator
from ..wire.errors import error
from ..wire.form import Form, Upload
from .shared.call import Call
from .shared.pagination import page
from .shared.result import Result
from .shared.state import State
from .shared.store import StoredFile
from .shared.stored_files import find, has_expired, keep

CREATE = Validator("files.create")

MOST_LISTED = 10_000
BATCH_LIFETIME = 30 * 24 * 3600

# In the order of the API's message.
PURPOSES = ("fine-tune", "assistants", "batch", "user_data", "vision", "evals")

PURPOSE_LIST = str([*PURPOSES])

# Files uploaded for these purposes can be used but not downloaded.
SEALED = {"assistants", "user_data"}


def create(state: State, call: Call) -> Result:
    """Store an uploaded file."""
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
    return Result(object_of(keep_upload(state, form.files["file"], purpose, lifetime)))


def keep_upload(state: State, upload: Upload, purpose: str, lifetime: int | None) -> StoredFile:
    """Store an uploaded file for a purpose, for `lifetime` seconds.

    Raises:
        APIError: the purpose does not accept it.
    """
    if purpose == "evals":
        # The SDK's file object does not have this purpose, so what the API replies is not known.
        raise error("sandbox_unsupported", param="purpose")
    _check_content(state, upload, purpose)
    if lifetime is None and purpose == "batch":
        lifetime = BATCH_LIFETIME
    return keep(state, upload, purpose, int(state.now()), lifetime)


def retrieve(state: State, call: Call) -> Result:
    """Describe a file."""
    return Result(object_of(find(state, call.ids[0])))


def delete(state: State, call: Call) -> Result:
    """Forget a file."""
    file = find(state, call.ids[0])
    state.store.files.delete(file.id)
    return Result({"id": file.id, "object": "file", "deleted": True})


def content(state: State, call: Call) -> Result:
    """Return the content of a file."""
    file = find(state, call.ids[0])
    if file.purpose in SEALED:
        raise error("file_sealed", purpose=file.purpose)
    return Result(file.content)


def list(state: State, call: Call) -> Result:  # noqa: A001 - the API's own name
    """List files, newest first unless asked otherwise."""
    purpose = call.query.get("purpose")
    current = (file for file in state.store.files if not has_expired(state, file))
    kept = [object_of(file) for file in current if purpose in (None, file.purpose)]
    return Result(page(kept, call.query, most=MOST_LISTED, default=MOST_LISTED, missing="file_not_found"))


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
    """Return the seconds in `expires_after`. Forms only have text, so digits are a number here."""
    given = fields.get("expires_after")
    if given is None:
        return None
    if isinstance(given, dict) and re.fullmatch(r"-?\d{1,12}", given.get("seconds", ""), re.ASCII):
        given = given | {"seconds": int(given["seconds"])}
    CREATE.check(fields | {"expires_after": given})
    check_bounds(given["seconds"], "expires_after.seconds")
    seconds: int = given["seconds"]
    return seconds


def _check_content(state: State, upload: Upload, purpose: str) -> None:
    if len(upload.content) > state.store.files.most_bytes:
        raise error("sandbox_file_too_large", maximum=state.store.files.most_bytes, count=len(upload.content))
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
