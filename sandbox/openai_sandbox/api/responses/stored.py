"""The stored responses and their input items."""

import re
from itertools import dropwhile
from typing import Any

from ...wire.errors import error
from ...wire.ids import Padding
from ..shared.call import Call
from ..shared.pagination import page
from ..shared.result import Result
from ..shared.state import State
from ..shared.store import StoredResponse
from .events import events
from .output import unfinished


def retrieve(state: State, call: Call) -> Result:
    """Return a stored response, or its events from some point on. Each retrieval advances a background response."""
    stored = _stored(state, call)
    if call.query.get("stream", "").lower() != "true":
        response = visible(stored)
        advance(state, stored)
        return Result(response)
    if not stored.response["background"]:
        raise error("starting_after_unstreamed")
    after = call.query.get("starting_after", "-1")
    if not re.fullmatch(r"-?\d{1,9}", after, re.ASCII):
        raise error("invalid_type", param="starting_after", expected="an integer", got="a string")
    finish(state, stored)
    obfuscate = call.query.get("include_obfuscation", "").lower() != "false"
    stream = events(stored.response, Padding(stored.id) if obfuscate else None, stored.partial_images)
    rest = dropwhile(lambda event: event.data["sequence_number"] <= int(after), stream)
    return Result(rest, (stored.response["usage"] or {}).get("output_tokens", 0))


def list_input_items(state: State, call: Call) -> Result:
    """Return a page of the input items of a stored response, last one first."""
    return Result(page(_stored(state, call).input_items, call.query))


def delete(state: State, call: Call) -> Result:
    """Forget a stored response."""
    stored = _stored(state, call)
    state.store.responses.delete(stored.id)
    return Result({"id": stored.id, "object": "response", "deleted": True})


def cancel(state: State, call: Call) -> Result:
    """Cancel a background response that is not finished. A finished one is returned as it is."""
    stored = _stored(state, call)
    if not stored.response["background"]:
        raise error("cancel_synchronous")
    if stored.pending:
        cancelled = unfinished(stored.response, status="cancelled")
        stored.response.clear()
        stored.response.update(cancelled)
        finish(state, stored)
    return Result(stored.response)


def advance(state: State, stored: StoredResponse) -> None:
    """Advance a background response by one step, if it is not finished."""
    if len(stored.pending) > 1:
        stored.pending.pop(0)
    else:
        finish(state, stored)


def finish(state: State, stored: StoredResponse) -> None:
    """Finish a background response, if it is not finished, and tell the webhook."""
    if stored.pending:
        stored.pending.clear()
        tell(state, stored)


def tell(state: State, stored: StoredResponse) -> None:
    """Tell the webhook how a background response has ended."""
    state.tell(f"response.{stored.response['status']}", stored.id)


def visible(stored: StoredResponse) -> dict[str, Any]:
    """Return a response as it looks now: a background one has no output before it is finished."""
    if not stored.pending:
        return stored.response
    return unfinished(stored.response, status=stored.pending[0], service_tier="auto")


def _stored(state: State, call: Call) -> StoredResponse:
    stored = state.store.responses.get(call.ids[0])
    if stored is None:
        raise error("response_not_found", id=call.ids[0])
    return stored
