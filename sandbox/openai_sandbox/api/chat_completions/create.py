"""POST /v1/chat/completions."""

from ...wire.errors import error
from ...wire.events import DONE, Event, beginning
from ...wire.members import members
from ..shared.bounded import AN_OBJECT, Charge
from ..shared.call import Call
from ..shared.capabilities import served_tier
from ..shared.generation import ask, generated_weight
from ..shared.moderated import asked_text, verdict
from ..shared.result import Result
from ..shared.state import State
from ..shared.store import StoredCompletion
from . import output, prompt
from .checks import check
from .chunks import chunks


def create(state: State, call: Call) -> Result:
    """Answer a request, whole or streamed, and store the completion if asked to."""
    body = call.json()
    model, effort = check(state, body)
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
    usage = output.usage(read, answers, cached, wire, writes=model.family.cache_writes)
    choices = [
        output.choice(index, answer, body, wire, steps, [state.ids.alphanumeric("call", 24, "_") for _ in answer.calls])
        for index, answer in enumerate(answers)
    ]
    completion = shared | {"object": "chat.completion", "choices": choices, "usage": usage}
    moderated = None
    if body.get("moderation"):
        said = [(asked_text(asked.messages),), [answer.text for answer in answers]]
        moderated = {
            name: {
                "type": "moderation_results",
                "model": body["moderation"]["model"],
                "results": [verdict(body["moderation"], text) for text in texts],
            }
            for name, texts in zip(("input", "output"), said, strict=True)
        }
        completion["moderation"] = moderated
    if body.get("store") and not call.meets("stream_error"):
        size = AN_OBJECT + call.weight + generated_weight(answers, body)
        charge = Charge(state.store.completions.ledger, size)
        stored = completion | {"metadata": body.get("metadata") or {}, "request_id": None}
        state.store.completions.add(StoredCompletion(stored, body["messages"], charge))
    authored = all(answer.authored for answer in answers)
    if not body.get("stream"):
        return Result(completion, usage["completion_tokens"], authored)
    options = body.get("stream_options") or {}
    obfuscate = options.get("include_obfuscation") is not False and "obfuscation" in wire["chat.completion.chunk"]
    counted = usage if options.get("include_usage") else None
    stream = chunks(shared, answers, choices, counted, obfuscate=obfuscate, moderation=moderated)
    if call.fault and call.meets("stream_error"):
        failure = Event(error("stream_failed.chat").envelope())
        return Result(iter([*beginning(stream, call.fault.after), failure]), usage["completion_tokens"], authored)
    pace = call.scripted.delay if call.scripted else None
    return Result(stream, usage["completion_tokens"], authored, DONE, pace=pace)
