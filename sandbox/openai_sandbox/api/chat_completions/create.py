"""POST /v1/chat/completions."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import partial
from typing import Any, NamedTuple

from pydantic_core import to_json

from ...model.answers import WORDS, Answer
from ...model.families import Model
from ...model.prompt_cache import Cached
from ...wire.errors import error
from ...wire.events import DONE, Event, beginning
from ...wire.ids import Padding
from ...wire.members import members
from ..built_in.step import Step
from ..shared.bounded import AN_OBJECT, Charge
from ..shared.call import Call
from ..shared.capabilities import served_tier
from ..shared.generation import ask, generated_weight
from ..shared.moderated import asked_text, verdict
from ..shared.prepared import PreparedStream, Preparing, Recipe
from ..shared.result import Result
from ..shared.state import State
from ..shared.store import StoredCompletion
from . import output, prompt
from .checks import check
from .chunks import chunks

UNPREPARED = frozenset(("logprobs", "max_completion_tokens", "max_tokens", "moderation", "store"))
"""Members whose answers are never prepared: they are seldom the same twice, or store more than they show."""


def create(state: State, call: Call) -> Result:
    """Answer a request, streamed or not, and store the completion if asked to."""
    body = call.json()
    besides = state.recipes.besides(body, "messages", call.weight)
    model, effort = state.recipes.checked(besides) or check(state, body)
    state.recipes.note(besides, model, effort)
    asked, steps = prompt.read(state, model, body, refuse=call.meets("refusal"))
    stop = body.get("stop")
    answers, cached, read = ask(
        state,
        call,
        model,
        asked,
        effort=effort,
        limit=body.get("max_completion_tokens") or body.get("max_tokens"),
        stop=[stop] if isinstance(stop, str) else stop or (),
        number=body.get("n") or 1,
        seed=body.get("seed"),
    )
    made = Made(model, answers, steps, cached)
    authored = all(answer.authored for answer in answers)
    plain = asked.task is WORDS and not (call.fault or call.is_paced or steps or UNPREPARED.intersection(body))
    if besides and plain:
        recipe = state.recipes.recipe(besides, answers, cached, partial(_recipe, state, body, made))
        if recipe:
            prepared = recipe.fill(state.ids, state.now(), read)
            sent = PreparedStream(prepared) if recipe.stream else prepared
            return Result(sent, recipe.written, authored, DONE if recipe.stream else b"")
    completion = _completion(state, body, made, read)
    written = completion["usage"]["completion_tokens"]
    moderated = None
    if body.get("moderation"):
        texts = [(asked_text(asked.messages),), [answer.text for answer in answers]]
        moderated = {
            name: {
                "type": "moderation_results",
                "model": body["moderation"]["model"],
                "results": [verdict(body["moderation"], text) for text in told],
            }
            for name, told in zip(("input", "output"), texts, strict=True)
        }
        completion["moderation"] = moderated
    if body.get("store") and not call.meets("stream_error"):
        size = AN_OBJECT + call.weight + generated_weight(answers, body)
        charge = Charge(state.store.completions.ledger, size)
        stored = completion | {"metadata": body.get("metadata") or {}, "request_id": None}
        state.store.completions.add(StoredCompletion(stored, body["messages"], charge))
    if not body.get("stream"):
        return Result(completion, written, authored)
    stream = _stream(state, body, made, completion, Padding(completion["id"]), moderated)
    if call.fault and call.meets("stream_error"):
        failure = Event(error("stream_failed.chat").envelope())
        return Result(iter([*beginning(stream, call.fault.after), failure]), written, authored)
    pace = call.scripted.delay if call.scripted else None
    return Result(stream, written, authored, DONE, pace=pace)


class Made(NamedTuple):
    """What a completion is made of: the model, its answers, search results, and what the prompt cache had."""

    model: Model
    answers: Sequence[Answer]
    steps: Sequence[Step]
    cached: Cached


def _completion(state: State, body: dict[str, Any], made: Made, read: int) -> dict[str, Any]:
    """Return the completion for a request with `read` input tokens."""
    model, answers = made.model, made.answers
    wire = members(model.id, state.today)
    shared = {
        "id": state.ids.alphanumeric("chatcmpl"),
        "created": int(state.now()),
        "model": model.snapshot,
        "service_tier": served_tier(body),
        "system_fingerprint": output.fingerprint(wire, model.snapshot),
    }
    if "service_tier" not in wire["chat.completion"]:
        del shared["service_tier"]
    usage = output.usage(read, answers, made.cached, wire, writes=model.family.cache_writes)
    choices = [
        output.choice(
            index, answer, body, wire, made.steps, [state.ids.alphanumeric("call", 24, "_") for _ in answer.calls]
        )
        for index, answer in enumerate(answers)
    ]
    return shared | {"object": "chat.completion", "choices": choices, "usage": usage}


def _stream(
    state: State,
    body: dict[str, Any],
    made: Made,
    completion: dict[str, Any],
    padding: Padding,
    moderated: dict[str, Any] | None = None,
) -> Iterator[Event]:
    """Return the chunks of a completion. They are padded, unless the request turns that off or the model has no
    padding."""
    options = body.get("stream_options") or {}
    wire = members(made.model.id, state.today)
    padded = options.get("include_obfuscation") is not False and "obfuscation" in wire["chat.completion.chunk"]
    return chunks(
        {name: value for name, value in completion.items() if name not in ("object", "choices", "usage", "moderation")},
        made.answers,
        completion["choices"],
        completion["usage"] if options.get("include_usage") else None,
        padding=padding if padded else None,
        moderation=moderated,
    )


def _recipe(state: State, body: dict[str, Any], made: Made, preparing: Preparing) -> Recipe:
    """Write the recipe of a completion."""
    stand_in = replace(state, ids=preparing.ids, now=lambda: preparing.now)
    completion = _completion(stand_in, body, made, preparing.read)
    written = completion["usage"]["completion_tokens"]
    completion["usage"]["total_tokens"] = preparing.total

    def stream(padding: Padding) -> Iterator[Event]:
        return _stream(state, body, made, completion, padding)

    return preparing.recipe(to_json(completion), written, stream if body.get("stream") else None)
