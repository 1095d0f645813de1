"""/v1/vector_stores/{vector_store_id}/file_batches: add many files at once, check their progress, and cancel that."""

from typing import Any

from ...validation.bounds import check_bounds
from ...validation.parameters import Validator
from ...wire.errors import error
from ..shared.call import Call
from ..shared.result import Result
from ..shared.state import State
from ..shared.store import FileBatch, VectorStore
from ..shared.vector_store import add, check_addable, check_alive, check_chunking, counts, find, look, remember
from .files import listed

CREATE = Validator("vector_stores.file_batches.create")


def create(state: State, call: Call) -> Result:
    """Add files to a store, all with the same attributes or each with its own."""
    store = find(state, call.ids[0])
    body = call.json()
    CREATE.check_keys(body)
    CREATE.check(body)
    given = body.get("files")
    if (given is None) == (body.get("file_ids") is None):
        raise error("files_or_file_ids" if given is not None else "missing_required_parameter", param="file_ids")
    if given is None:
        given, param = [body | {"file_id": id} for id in body["file_ids"]], "file_ids"
        check_chunking(body.get("chunking_strategy"), "chunking_strategy")
    else:
        param = "files"
        for number, one in enumerate(given):
            check_chunking(one.get("chunking_strategy"), f"files[{number}].chunking_strategy")
            check_bounds(one.get("attributes"), "attributes", f"files[{number}].attributes")
    check_alive(state, store)
    files = check_addable(state, [one["file_id"] for one in given], param, store)
    added = [
        add(state, store, file, one.get("attributes"), one.get("chunking_strategy"))
        for file, one in zip(files, given, strict=True)
    ]
    batch = FileBatch(state.ids.hex("vsfb", 32), int(state.now()), added)
    remember(store, batch)
    return Result(_object(store, batch))


def retrieve(state: State, call: Call) -> Result:
    """Describe a batch after reading its files."""
    store, batch = _found(state, call)
    look(store, batch.files)
    return Result(_object(store, batch))


def cancel(state: State, call: Call) -> Result:
    """Stop a batch: files that were not read yet will not be."""
    store, batch = _found(state, call)
    if (status := _object(store, batch)["status"]) != "in_progress":
        raise error("file_batch_not_cancellable", status=status)
    batch.cancelled = True
    for file in batch.files:
        if file.status == "in_progress":
            file.status = "cancelled"
    return Result(_object(store, batch))


def files(state: State, call: Call) -> Result:
    """List the files of a batch after reading them, newest first unless asked otherwise."""
    store, batch = _found(state, call)
    look(store, batch.files)
    return Result(listed(store, batch.files, call.query))


def _found(state: State, call: Call) -> tuple[VectorStore, FileBatch]:
    store, id = find(state, call.ids[0]), call.ids[1]
    if not id.startswith("vsfb_"):
        raise error("id_prefix_wrong", param="batch_id", value=id, prefix="vsfb_")
    batch = store.batches.get(id)
    if batch is None:
        raise error("file_batch_not_found", id=id, store=store.id)
    return store, batch


def _object(store: VectorStore, batch: FileBatch) -> dict[str, Any]:
    counted = counts(batch.files)
    ended = (
        "cancelled" if batch.cancelled else "completed" if counted["completed"] or not counted["failed"] else "failed"
    )
    return {
        "id": batch.id,
        "object": "vector_store.file_batch",
        "created_at": batch.created_at,
        "vector_store_id": store.id,
        "status": "in_progress" if counted["in_progress"] else ended,
        "file_counts": counted,
    }
