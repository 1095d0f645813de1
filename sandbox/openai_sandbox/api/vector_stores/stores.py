"""/v1/vector_stores: create, describe, change, list, delete and search."""

from typing import Any

from ...validation.bounds import check_bounds
from ...validation.parameters import Validator
from ..shared.bounded import AN_OBJECT, Charge
from ..shared.call import Call
from ..shared.pagination import page
from ..shared.result import Result
from ..shared.state import State
from ..shared.store import VectorStore
from ..shared.vector_store import (
    FOR_A_SEARCH,
    add,
    check_addable,
    check_alive,
    check_chunking,
    counts,
    find,
    has_expired,
    look,
    search,
    weigh,
)

CREATE = Validator("vector_stores.create")
UPDATE = Validator("vector_stores.update")
SEARCH = Validator("vector_stores.search")

MOST_RESULTS = 10
"""The default number of search results."""


def create(state: State, call: Call) -> Result:
    """Create a store, empty or with files."""
    body = call.body or {}
    CREATE.check_keys(body)
    CREATE.check(body)
    _check_expiry(body)
    check_chunking(body.get("chunking_strategy"), "chunking_strategy")
    files = check_addable(state, body.get("file_ids") or (), "file_ids")
    now = int(state.now())
    store = VectorStore(
        id=state.ids.hex("vs", 32),
        created_at=now,
        name=body.get("name"),
        description=body.get("description"),
        metadata=body.get("metadata") or {},
        expires_after=body.get("expires_after"),
        last_active_at=now,
        charge=Charge(state.store.vector_stores.ledger, AN_OBJECT),
    )
    for file in files:
        add(state, store, file, None, body.get("chunking_strategy"))
    weigh(store)
    state.store.vector_stores.add(store)
    return Result(object_of(state, store))


def retrieve(state: State, call: Call) -> Result:
    """Describe a store after reading its files."""
    store = find(state, call.ids[0])
    look(store)
    return Result(object_of(state, store))


def update(state: State, call: Call) -> Result:
    """Change the name, the metadata or the expiry of a store."""
    store = find(state, call.ids[0])
    body = call.body or {}
    UPDATE.check_keys(body)
    UPDATE.check(body)
    _check_expiry(body)
    if body.get("name") is not None:
        store.name = body["name"]
    if "metadata" in body:
        store.metadata = body["metadata"] or {}
    if "expires_after" in body:
        store.expires_after = body["expires_after"]
    weigh(store)
    return Result(object_of(state, store))


def delete(state: State, call: Call) -> Result:
    """Forget a store. The files in it stay."""
    store = find(state, call.ids[0])
    state.store.vector_stores.delete(store.id)
    return Result({"id": store.id, "object": "vector_store.deleted", "deleted": True})


def list(state: State, call: Call) -> Result:  # noqa: A001 - the API's own name
    """List stores, newest first unless asked otherwise. This reads none of their files."""
    described = [object_of(state, store) for store in state.store.vector_stores]
    return Result(page(described, call.query, missing="vector_store_not_found", backward=True))


def search_store(state: State, call: Call) -> Result:
    """Return the parts of files that are closest to a query."""
    store = find(state, call.ids[0])
    body = call.json()
    SEARCH.check_keys(body)
    SEARCH.check(body)
    check_alive(state, store)
    look(store, kept_back=FOR_A_SEARCH)
    store.last_active_at = int(state.now())
    queries = [body["query"]] if isinstance(body["query"], str) else body["query"]
    threshold = (body.get("ranking_options") or {}).get("score_threshold") or 0.0
    most = body.get("max_num_results") or MOST_RESULTS
    found = search([store], queries, body.get("filters"), most, threshold)
    return Result(
        {
            "object": "vector_store.search_results.page",
            "search_query": queries,
            "data": [
                {
                    "file_id": one.file.id,
                    "filename": one.file.filename,
                    "score": one.score,
                    "attributes": one.file.attributes,
                    "content": [{"type": "text", "text": one.text}],
                }
                for one in found
            ],
            "has_more": False,
            "next_page": None,
        }
    )


def object_of(state: State, store: VectorStore) -> dict[str, Any]:
    """Return the API's description of a store."""
    counted = counts([*store.files.values()])
    status = "expired" if has_expired(state, store) else "in_progress" if counted["in_progress"] else "completed"
    return {
        "id": store.id,
        "object": "vector_store",
        "created_at": store.created_at,
        "name": store.name,
        "description": store.description,
        "usage_bytes": sum([file.usage_bytes for file in store.files.values()]),
        "file_counts": counted,
        "status": status,
        "expires_after": store.expires_after,
        "expires_at": store.expires_at,
        "last_active_at": store.last_active_at,
        "metadata": store.metadata,
    }


def _check_expiry(body: dict[str, Any]) -> None:
    if body.get("expires_after"):
        check_bounds(body["expires_after"]["days"], "expires_after.days")
