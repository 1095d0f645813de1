"""POST /v1/responses, and the count of its input tokens."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import partial
from itertools import pairwise
from typing import Any, NamedTuple

from pydantic_core import to_json

from ...model.answers import WORDS, Answer
from ...model.families import Model
from ...model.prompt_cache import Cached
from ...validation.parameters import Validator
from ...wire.errors import error
from ...wire.events import Event
from ...wire.ids import Padding
from ...wire.members import lacking, members
from ..built_in.image_generation import asked_partial
from ..built_in.step import Step, made_weight
from ..shared.bounded import AN_ITEM, AN_OBJECT, Charge
from ..shared.call import Call
from ..shared.generation import ask, generated_weight
from ..shared.items import Item
from ..shared.moderated import asked_text, verdict
from ..shared.prepared import PreparedStream, Preparing, Recipe
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
"""The statuses that a background response goes through, one each time it is retrieved."""

UNPREPARED = frozenset(
    (
        *("background", "context_management", "conversation", "include", "max_output_tokens", "moderation"),
        *("previous_response_id", "prompt", "prompt_cache_options"),
    )
)
"""Members whose answers are never prepared: they are seldom the same twice, or store more than they show."""


def create(state: State, call: Call) -> Result:
    """Answer a request, streamed or not, and store the response unless told not to."""
    body = call.json()
    besides = state.recipes.besides(body, "input", call.weight)
    checked = state.recipes.checked(besides)
    model = checked[0] if checked else check_fields(state, body)
    before = prompt.earlier(state, body)
    effort = checked[1] if checked else check_values(model, body)
    if not checked:
        state.recipes.note(besides, model, effort)
    given = prompt.given_items(state, body)
    kept = before.kept
    items = [*before.items, *given]
    refuse, scripted = call.meets("refusal"), call.scripted
    with before.lock():
        shown, steps, tools = prompt.read(state, model, body, items, given, refuse=refuse, scripted=scripted)
    (answer,), cached, read = ask(state, call, model, shown, effort=effort, limit=body.get("max_output_tokens"))
    made = Made(model, effort, answer, steps, tools, cached)
    plain = shown.task is WORDS and not (call.fault or call.is_paced or steps or UNPREPARED.intersection(body))
    if besides and plain:
        recipe = state.recipes.recipe(besides, (answer,), cached, partial(_recipe, state, body, made))
        if recipe:
            return _prepared(state, call, recipe, given, read, answer)
    response = intended = _response(state, body, made, read)
    if (most := threshold(body)) is not None and shown.tokens > most:
        response["output"].insert(0, compaction(state.ids, prompt.context(items)))
    if body.get("moderation"):
        response["moderation"] = {
            "input": verdict(body["moderation"], asked_text(shown.messages)),
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
    partial_images = asked_partial(body.get("tools") or ())
    stored = StoredResponse(response, given, before.previous, kept, pending, charges, partial_images)
    if response["store"]:
        state.store.responses.add(stored)
        for thought, item in pairwise(response["output"]):
            if thought["type"] == "reasoning" and "id" in item:
                state.store.note_reasoning(stored.id, thought["id"], item["id"])
    if response["background"] and not pending:
        tell(state, stored)
    if not body.get("stream"):
        return Result(visible(stored), answer.output_tokens, answer.authored)
    padding = Padding(stored.id) if _is_padded(state, body, model) else None
    stream = events(intended, padding, partial_images, answer)
    if failure and call.fault:
        stream = failing(stream, response, failure, call.fault)
    return Result(stream, answer.output_tokens, answer.authored, pace=scripted.delay if scripted else None)


class Made(NamedTuple):
    """What a response is made of: model and effort, the answer, what tools did, and what the prompt cache had."""

    model: Model
    effort: str | None
    answer: Answer
    steps: Sequence[Step]
    tools: list[dict[str, Any]]
    cached: Cached


def _response(state: State, body: dict[str, Any], made: Made, read: int) -> dict[str, Any]:
    """Return the response to a request with `read` input tokens."""
    written, reasoning = made.answer.output_tokens, made.answer.reasoning_tokens
    usage = output.usage(state, made.model, written, reasoning, read, made.cached)
    return output.response(state, body, made.model, made.effort, made.answer, made.steps, made.tools, usage)


def _is_padded(state: State, body: dict[str, Any], model: Model) -> bool:
    """Tell whether the events of a stream are padded, so that their size does not reveal their content."""
    if (body.get("stream_options") or {}).get("include_obfuscation") is False:
        return False
    absent = lacking("response.stream", "background") if body.get("background") else ()
    return "obfuscation" in members(model.id, state.today)["response.stream"] and "obfuscation" not in absent


def _recipe(state: State, body: dict[str, Any], made: Made, preparing: Preparing) -> Recipe:
    """Write the recipe of a response."""
    stand_in = replace(state, ids=preparing.ids, now=lambda: preparing.now)
    response = _response(stand_in, body, made, preparing.read)
    response["usage"]["total_tokens"] = preparing.total

    def stream(padding: Padding) -> Iterator[Event]:
        return events(response, padding if _is_padded(state, body, made.model) else None, 0, made.answer)

    return preparing.recipe(to_json(response), made.answer.output_tokens, stream if body.get("stream") else None)


def _prepared(state: State, call: Call, recipe: Recipe, given: list[Item], read: int, answer: Answer) -> Result:
    """Answer from a recipe, and store the response unless told not to."""
    body = call.json()
    response = recipe.fill(state.ids, state.now(), read)
    if body.get("store") is not False:
        size = AN_OBJECT + call.weight + generated_weight((answer,), body) + AN_ITEM
        charges = (Charge(state.store.responses.ledger, size),)
        kept = (given[0]["id"], body["input"]) if isinstance(body["input"], str) else given
        state.store.responses.add(StoredResponse(response, kept, charges=charges))
        id, first, *_ = drawn = response.drawn
        if first.startswith("rs_"):
            state.store.note_reasoning(id, first, drawn[-1])
    sent = PreparedStream(response) if recipe.stream else response
    return Result(sent, answer.output_tokens, answer.authored)


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
