"""/v1/vector_stores/{vector_store_id}/files: add, describe, change, list and remove files, and read their text."""

from collections.abc import Iterable, Mapping
from typing import Any

from ...validation.parameters import Validator
from ...validation.wording import listing
from ...wire.errors import error
from ..shared.call import Call
from ..shared.pagination import page
from ..shared.result import Result
from ..shared.state import State
from ..shared.store import IndexedFile, VectorStore
from ..shared.vector_store import (
    STATUSES,
    add,
    check_addable,
    check_alive,
    check_chunking,
    find,
    find_file_in,
    look,
    remove,
    weigh,
)

CREATE = Validator("vector_stores.files.create")
UPDATE = Validator("vector_stores.files.update")


def create(state: State, call: Call) -> Result:
    """Add a file. It is read when it is retrieved."""
    store = find(state, call.ids[0])
    body = call.json()
    CREATE.check_keys(body)
    CREATE.check(body)
    check_chunking(body.get("chunking_strategy"), "chunking_strategy")
    check_alive(state, store)
    (file,) = check_addable(state, [body["file_id"]], "file_id", store)
    added = add(state, store, file, body.get("attributes"), body.get("chunking_strategy"))
    weigh(store)
    return Result(object_of(store, added))


def retrieve(state: State, call: Call) -> Result:
    """Describe a file of a store after reading it."""
    store, file = _found(state, call)
    look(store, [file])
    return Result(object_of(store, file))


def update(state: State, call: Call) -> Result:
    """Replace the attributes of a file."""
    store, file = _found(state, call)
    body = call.json()
    UPDATE.check_keys(body)
    UPDATE.check(body)
    file.attributes = body["attributes"] or {}
    return Result(object_of(store, file))


def delete(state: State, call: Call) -> Result:
    """Remove a file from a store. The file itself stays."""
    store, file = _found(state, call)
    remove(store, file.id)
    weigh(store)
    return Result({"id": file.id, "object": "vector_store.file.deleted", "deleted": True})


def content(state: State, call: Call) -> Result:
    """Return the text of a file after reading it."""
    store, file = _found(state, call)
    look(store, [file])
    data = [{"type": "text", "text": file.text}] if file.status == "completed" else []
    return Result({"object": "vector_store.file_content.page", "data": data, "has_more": False, "next_page": None})


def list(state: State, call: Call) -> Result:  # noqa: A001 - the API's own name
    """List the files of a store after reading them, newest first unless asked otherwise."""
    store = find(state, call.ids[0])
    look(store)
    return Result(listed(store, store.files.values(), call.query))


def listed(store: VectorStore, files: Iterable[IndexedFile], query: Mapping[str, str]) -> dict[str, Any]:
    """Return a page of files, filtered by status if the query names one.

    Raises:
        APIError: it names a status that does not exist.
    """
    wanted = query.get("filter")
    if wanted is not None and wanted not in STATUSES:
        raise error("invalid_value", param="filter", value=wanted, supported=listing(STATUSES))
    described = [object_of(store, file) for file in files if wanted in (None, file.status)]
    return page(described, query, missing="file_not_found", backward=True)


def object_of(store: VectorStore, file: IndexedFile) -> dict[str, Any]:
    """Return the API's description of a file in a store."""
    return {
        "id": file.id,
        "object": "vector_store.file",
        "usage_bytes": file.usage_bytes,
        "created_at": file.created_at,
        "vector_store_id": store.id,
        "status": file.status,
        "last_error": file.error,
        "chunking_strategy": file.chunking,
        "attributes": file.attributes,
    }


def _found(state: State, call: Call) -> tuple[VectorStore, IndexedFile]:
    store = find(state, call.ids[0])
    return store, find_file_in(store, call.ids[1])
