"""The stored chat completions."""

from ...validation.parameters import Validator
from ...wire.errors import error
from ..shared.call import Call
from ..shared.pagination import list_object, page
from ..shared.result import Result
from ..shared.state import State
from ..shared.store import StoredCompletion

UPDATE = Validator("chat.completions.update")


def retrieve(state: State, call: Call) -> Result:
    """Return a stored completion."""
    return Result(_stored(state, call).completion)


def update(state: State, call: Call) -> Result:
    """Replace the metadata of a stored completion."""
    stored = _stored(state, call)
    body = call.json()
    UPDATE.check_keys(body)
    UPDATE.check(body)
    stored.completion["metadata"] = body.get("metadata") or {}
    return Result(stored.completion)


def delete(state: State, call: Call) -> Result:
    """Forget a stored completion."""
    stored = _stored(state, call)
    state.store.completions.delete(stored.id)
    return Result({"id": stored.id, "object": "chat.completion.deleted", "deleted": True})


def list_stored(state: State, call: Call) -> Result:
    """Return a page of the stored completions, oldest first, filtered by model or metadata if asked."""
    wanted = {key[9:-1]: value for key, value in call.query.items() if key.startswith("metadata[")}
    found = [
        stored.completion
        for stored in state.store.completions
        if call.query.get("model") in (None, stored.completion["model"])
        and wanted.items() <= stored.completion["metadata"].items()
    ]
    return Result(page(found, {"order": "asc"} | call.query))


def list_messages(state: State, call: Call) -> Result:
    """Return a page of the messages that a stored completion answered, in order."""
    stored = _stored(state, call)
    rows = []
    for index, message in enumerate(stored.messages):
        content = message.get("content")
        parts = None if content is None or isinstance(content, str) else content
        text = content if parts is None else None
        row = {"id": f"{stored.id}-{index}", "role": message["role"], "content": text, "content_parts": parts}
        rows.append(row | {"refusal": None, "name": message.get("name")})
    return Result(page(rows, {"order": "asc"} | call.query) if rows else list_object(rows))


def _stored(state: State, call: Call) -> StoredCompletion:
    stored = state.store.completions.get(call.ids[0])
    if stored is None:
        raise error("completion_not_found", id=call.ids[0])
    return stored
