"""POST /v1/responses and the count of its input tokens."""

from ...validation.parameters import Validator
from ...wire.errors import error
from ...wire.members import lacking, members
from ..built_in.image_generation import asked_partial
from ..built_in.step import made_weight
from ..shared.bounded import AN_ITEM, AN_OBJECT, Charge
from ..shared.call import Call
from ..shared.generation import ask, generated_weight
from ..shared.moderated import asked_text, verdict
from ..shared.result import Result
from ..shared.state import State
from ..shared.store import StoredResponse
from . import output, prompt
from .checks import check_fields, check_values, named_model
from .compaction import compaction, threshold
from .events import described, events, failing
from .stored import tell, visible

COUNT = Validator("responses.input_tokens.count")

PENDING = ["queued", "in_progress"]
"""The statuses that a background response goes through, one each time it is looked at."""


def create(state: State, call: Call) -> Result:
    """Answer a request, whole or streamed, and store the response unless told not to."""
    body = call.json()
    model = check_fields(state, body)
    before = prompt.earlier(state, body)
    effort = check_values(model, body)
    given = prompt.given_items(state, body)
    kept = before.kept
    items = [*before.items, *given]
    refuse, scripted = call.meets("refusal"), call.scripted
    with before.lock():
        asked, steps, tools = prompt.read(state, model, body, items, given, refuse=refuse, scripted=scripted)
    (answer,), cached, read = ask(state, call, model, asked, effort=effort, limit=body.get("max_output_tokens"))
    written, reasoning = answer.output_tokens, answer.reasoning_tokens
    usage = output.usage(state, model, written, reasoning, read, cached)
    response = intended = output.response(state, body, model, effort, answer, steps, tools, usage)
    if (most := threshold(body)) is not None and asked.tokens > most:
        response["output"].insert(0, compaction(state.ids, prompt.context(items)))
    if body.get("moderation"):
        response["moderation"] = {
            "input": verdict(body["moderation"], asked_text(asked.messages)),
            "output": verdict(body["moderation"], answer.text),
        }
    failure = None
    if call.meets("failed_response", "stream_error"):
        failure = error("stream_failed.responses", request=state.ids.hex("req", 32))
        response = output.unfinished(intended, status="failed", error=described(failure))
    size = call.weight + generated_weight((answer,), body) + AN_ITEM + made_weight(steps)
    if before.conversation:
        response["conversation"] = {"id": before.conversation.id}
        before.conversation.add([*given, *response["output"]], Charge(state.store.conversations.ledger, size))
    pending = list(PENDING) if response["background"] and not body.get("stream") else []
    charges = (Charge(state.store.responses.ledger, AN_OBJECT + size + 8 * len(kept)), *before.charges)
    partial = asked_partial(body.get("tools") or ())
    stored = StoredResponse(response, given, before.previous, kept, pending, charges, partial)
    if response["store"]:
        state.store.responses.add(stored)
    if response["background"] and not pending:
        tell(state, stored)
    if not body.get("stream"):
        return Result(visible(stored), answer.output_tokens, answer.authored)
    obfuscate = (body.get("stream_options") or {}).get("include_obfuscation") is not False
    absent = lacking("response.stream", "background") if response["background"] else ()
    padded = "obfuscation" in members(model.id, state.today)["response.stream"] and "obfuscation" not in absent
    stream = events(intended, obfuscate and padded, partial, answer)
    if failure and call.fault:
        stream = failing(stream, response, failure, call.fault)
    return Result(stream, answer.output_tokens, answer.authored, pace=scripted.delay if scripted else None)


def count_input_tokens(state: State, call: Call) -> Result:
    """Count the input tokens of a request without answering it."""
    body = call.json()
    if body.get("model") is not None:
        named_model(state, body)
    COUNT.check_keys(body)
    COUNT.check(body)
    items = [*prompt.earlier(state, body).items, *prompt.given_items(state, body)]
    counted = prompt.input_tokens(state, body, prompt.messages_of(body, items), items)
    return Result({"object": "response.input_tokens", "input_tokens": counted})
