"""/v1/uploads: a file in parts, put together when all parts have arrived."""

import hashlib
from typing import Any

from ..validation.bounds import check_bounds
from ..validation.parameters import Validator
from ..wire.errors import error
from ..wire.form import Form, Upload
from . import files
from .shared.bounded import AN_ITEM, AN_OBJECT, Charge
from .shared.call import Call
from .shared.result import Result
from .shared.state import State
from .shared.store import StoredUpload

CREATE = Validator("uploads.create")
COMPLETE = Validator("uploads.complete")

LIFETIME = 3600
"""How long an upload has to be completed, in seconds."""

MOST_PARTS = 10_000
"""The maximum number of parts in an upload."""

MOST_PART_BYTES = 64 * 1024 * 1024


def create(state: State, call: Call) -> Result:
    """Begin an upload."""
    body = call.json()
    CREATE.check_keys(body)
    CREATE.check(body)
    lifetime = (body.get("expires_after") or {}).get("seconds")
    check_bounds(lifetime, "expires_after.seconds")
    if body["purpose"] not in files.PURPOSES:
        raise error("purpose_unknown", value=body["purpose"], supported=files.PURPOSE_LIST)
    if body["bytes"] > state.store.files.most_bytes:
        raise error("sandbox_file_too_large", maximum=state.store.files.most_bytes, count=body["bytes"])
    now = int(state.now())
    upload = StoredUpload(
        id=state.ids.hex("upload", 48),
        created_at=now,
        expires_at=now + LIFETIME,
        filename=body["filename"],
        purpose=body["purpose"],
        size=body["bytes"],
        lifetime=lifetime,
        charge=Charge(state.store.uploads.ledger, AN_OBJECT + len(body["filename"])),
    )
    state.store.uploads.add(upload)
    return Result(_object(state, upload))


def create_part(state: State, call: Call) -> Result:
    """Store a part of an upload."""
    upload = _pending(state, call.ids[0])
    form = call.form or Form({}, {})
    if "data" not in form.files:
        raise error("form_property_missing", name="data")
    content = form.files["data"].content
    if len(content) > MOST_PART_BYTES:
        raise error("upload_part_too_large", maximum=MOST_PART_BYTES, count=len(content))
    if not content:
        raise error("file_empty")
    if len(upload.parts) >= MOST_PARTS:
        raise error("sandbox_over_budget", param="data")
    kept = sum(map(len, upload.parts.values()))
    if kept + len(content) > upload.size:
        raise error("upload_too_large", maximum=upload.size, count=kept + len(content))
    id = state.ids.hex("part", 48)
    upload.parts[id] = content
    _weigh(upload)
    return Result({"id": id, "object": "upload.part", "created_at": int(state.now()), "upload_id": upload.id})


def complete(state: State, call: Call) -> Result:
    """Combine the parts into a file, in the order in which the request names them."""
    upload = _pending(state, call.ids[0])
    body = call.json()
    COMPLETE.check_keys(body)
    COMPLETE.check(body)
    for number, id in enumerate(body["part_ids"]):
        if id not in upload.parts:
            raise error("upload_part_not_found", id=id, param=f"part_ids[{number}]")
    size = sum([len(upload.parts[id]) for id in body["part_ids"]])
    if size != upload.size:
        raise error("upload_size_differs", wanted=upload.size, count=size)
    content = b"".join([upload.parts[id] for id in body["part_ids"]])
    if body.get("md5") is not None and body["md5"].lower() != hashlib.md5(content, usedforsecurity=False).hexdigest():
        raise error("upload_checksum_differs")
    upload.file = files.keep_upload(state, Upload(upload.filename, content), upload.purpose, upload.lifetime)
    upload.status = "completed"
    upload.parts.clear()
    _weigh(upload)
    return Result(_object(state, upload))


def cancel(state: State, call: Call) -> Result:
    """Cancel an upload."""
    upload = _pending(state, call.ids[0])
    upload.status = "cancelled"
    upload.parts.clear()
    _weigh(upload)
    return Result(_object(state, upload))


def _pending(state: State, id: str) -> StoredUpload:
    """Return the upload with that id.

    Raises:
        APIError: there is none, or it accepts no more parts.
    """
    upload = state.store.uploads.get(id)
    if upload is None:
        raise error("upload_not_found", id=id)
    if (status := _status(state, upload)) != "pending":
        raise error("upload_not_pending", id=id, status=status)
    return upload


def _weigh(upload: StoredUpload) -> None:
    """Update the charge for an upload's memory."""
    parts = sum([AN_ITEM + len(part) for part in upload.parts.values()])
    upload.charge.change(AN_OBJECT + len(upload.filename) + parts)


def _status(state: State, upload: StoredUpload) -> str:
    return "expired" if upload.status == "pending" and state.now() >= upload.expires_at else upload.status


def _object(state: State, upload: StoredUpload) -> dict[str, Any]:
    return {
        "id": upload.id,
        "object": "upload",
        "bytes": upload.size,
        "created_at": upload.created_at,
        "filename": upload.filename,
        "purpose": upload.purpose,
        "status": _status(state, upload),
        "expires_at": upload.expires_at,
        "file": upload.file and files.object_of(upload.file),
    }
