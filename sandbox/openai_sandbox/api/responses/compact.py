"""POST /v1/responses/compact."""

from ...model.prompt_cache import Cached
from ...validation.parameters import Validator
from ..shared.call import Call
from ..shared.items import check_unique
from ..shared.result import Result
from ..shared.state import State
from . import output, prompt
from .checks import named_model
from .compaction import SHORTENED, compaction

VALIDATOR = Validator("responses.compact")


def compact(state: State, call: Call) -> Result:
    """Shorten a conversation: one item replaces all of it, and its user messages are kept next to that item."""
    body = call.json()
    model = named_model(state, body)
    VALIDATOR.check_keys(body)
    VALIDATOR.check(body)
    items = [*prompt.earlier(state, body).items, *prompt.given_items(state, body)]
    check_unique(items, (), "input")
    read = prompt.input_tokens(state, body, prompt.messages_of(body, items), items)
    kept = [item for item in items if item["type"] == "message" and item["role"] == "user"]
    written = max(1, read // SHORTENED)
    made = {
        "id": state.ids.hex("resp"),
        "object": "response.compaction",
        "created_at": int(state.now()),
        "output": [*kept, compaction(state.ids, prompt.context(items))],
        "usage": output.usage(state, model, written, 0, read, Cached()),
    }
    return Result(made, written)
