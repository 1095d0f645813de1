"""Finds and stores files for all endpoints that read or write them."""

from ...wire.errors import error
from ...wire.form import Upload
from .bounded import AN_ITEM, Charge
from .state import State
from .store import StoredFile


def find(state: State, id: str) -> StoredFile:
    """Return the file with that id.

    Raises:
        APIError: there is none, or it has expired.
    """
    file = state.store.files.get(id)
    if file is None or has_expired(state, file):
        raise error("file_not_found", id=id)
    return file


def keep(state: State, upload: Upload, purpose: str, created_at: int, lifetime: int | None = None) -> StoredFile:
    """Store a file under a new id, for `lifetime` seconds."""
    id = state.ids.alphanumeric("file", 22)
    expires_at = None if lifetime is None else created_at + lifetime
    charge = Charge(state.store.files.ledger, len(upload.content) + len(upload.filename) + AN_ITEM)
    file = StoredFile(id, created_at, upload.filename, purpose, upload.content, expires_at, charge)
    state.store.files.add(file)
    return file


def has_expired(state: State, file: StoredFile) -> bool:
    """Tell whether a file has expired."""
    return file.expires_at is not None and state.now() >= file.expires_at
