"""What goes on without being looked at, where a webhook waits for its end: background responses and batches."""

from collections.abc import Callable, Iterator
from functools import partial

from . import batches
from .responses import stored
from .shared.state import State


def steps(state: State) -> Iterator[Callable[[], None]]:
    """Yield the next step of everything that has not ended."""
    for response in state.store.responses:
        if response.pending:
            yield partial(stored.advance, state, response)
    for batch in state.store.batches:
        if batch.status in batches.UNFINISHED:
            yield partial(batches.advance, state, batch)
