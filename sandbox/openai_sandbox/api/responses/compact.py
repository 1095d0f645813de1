"""POST /v1/responses/compact."""

from ...model.prompt_cache import Cached
from ...validation.parameters import Validator
from ..shared.call import Call
from ..shared.items import check_unique
from ..shared.result import Result
from ..shared.state import State
from . import output, prompt
from .checks import named_model
from .compaction import compaction

VALIDATOR = Validator("responses.compact")

SHORTENED = 10
"""How many times shorter a summary is. Inferred: it depends on the model."""


def compact(state: State, call: Call) -> Result:
    """Shorten a conversation: its user messages stay, an item stands for all the rest."""
    body = call.json()
    model = named_model(state, body)
    VALIDATOR.check_keys(body)
    VALIDATOR.check(body)
    items = [*prompt.earlier(state, body).items, *prompt.given_items(state, body)]
    check_unique(items, (), "input")
    messages = prompt.messages_of(body, items)
    read = prompt.input_tokens(state, body, messages, items)
    kept = [item for item in items if item["type"] == "message" and item["role"] == "user"]
    written = max(1, read // SHORTENED)
    made = {
        "id": state.ids.hex("resp"),
        "object": "response.compaction",
        "created_at": int(state.now()),
        "output": [*kept, compaction(state.ids, messages)],
        "usage": output.usage(state, model, written, 0, read, Cached()),
    }
    return Result(made, written)
