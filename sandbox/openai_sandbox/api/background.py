"""Advances background responses and batches on their own when a webhook waits for them to end."""

from collections.abc import Callable, Iterator
from functools import partial

from . import batches
from .responses import stored
from .shared.state import State
from .shared.store import StoredResponse


def steps(state: State) -> Iterator[Callable[[], None]]:
    """Yield the next step of everything that has not ended."""
    for response in state.store.responses:
        if response.pending:
            yield partial(_advance_response, state, response)
    for batch in state.store.batches:
        if batch.status in batches.UNFINISHED:
            yield partial(batches.advance, state, batch)


def _advance_response(state: State, response: StoredResponse) -> None:
    """Advance a response by one step. One that was deleted since the steps were listed never ends."""
    if state.store.responses.get(response.id) is response:
        stored.advance(state, response)
