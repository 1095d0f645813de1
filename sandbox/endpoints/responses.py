"""POST /v1/responses, and GET and DELETE of stored responses."""

import random
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from ..model import families, tokens
from ..model.answers import Answer, Message, generate
from ..store import Conversation, StoredResponse
from ..wire.call import Call
from ..wire.errors import error
from ..wire.events import Event
from ..wire.ids import Ids
from ..wire.items import Item, stored_items
from ..wire.result import Result
from ..wire.validation import Validator, kind
from . import conversations

if TYPE_CHECKING:
    from ..core import Core

# Parameters that do something here, and those that are only given back in the response.
CONTEXT = {"conversation", "previous_response_id", "prompt"}
SIMULATED = {"conversation", "include", "input", "instructions", "max_output_tokens", "metadata", "model"}
SIMULATED |= {"previous_response_id", "reasoning", "store", "stream", "stream_options", "temperature", "text", "top_p"}
ECHOED = {"max_tool_calls", "parallel_tool_calls", "prompt_cache_key", "prompt_cache_retention", "safety_identifier"}
ECHOED |= {"truncation", "user"}

ENCRYPTED = "reasoning.encrypted_content"

VALIDATOR = Validator("responses.create", phrases={"input": "one of a string or array of input items"})


def create(core: "Core", call: Call) -> Result:
    """Answer a request, whole or streamed, and store the response unless told not to."""
    body = call.json()
    model = _validated_model(core, body)
    if "messages" in body:
        raise error("messages_instead_of_input")
    context = {key for key in CONTEXT if body.get(key) is not None}
    if "input" not in body and not context:
        raise error("missing_required_parameter", param="input")
    VALIDATOR.unknown_keys(body)
    VALIDATOR.check(body)
    previous, conversation = _earlier(core, body)
    if not body.get("input") and not context:
        raise error("input_empty")
    effort = _check_capabilities(model, body)
    _check_simulated(body)

    given = stored_items(core.ids, body.get("input") or [], "input")
    kept = tuple(conversation.items.values()) if conversation else ()
    earlier = previous.context() if previous else kept
    messages = [*_instructions(body), *_messages([*earlier, *given])]
    prompt = "\n".join(f"{role}: {text}" for role, text in messages)
    temperature, top_p = body.get("temperature"), body.get("top_p")
    answer = generate(
        messages,
        core.rng(prompt),
        temperature=1.0 if temperature is None else temperature,
        top_p=1.0 if top_p is None else top_p,
        effort=effort,
        limit=body.get("max_output_tokens"),
    )
    response = _response(core, body, model, effort, answer, tokens.responses_input_tokens(messages))
    if conversation:
        response["conversation"] = {"id": conversation.id}
        conversation.add([*given, *response["output"]])
    if response["store"]:
        core.store.responses.add(StoredResponse(response, given, previous, kept))
    generated = response["usage"]["output_tokens"]
    if body.get("stream"):
        obfuscate = (body.get("stream_options") or {}).get("include_obfuscation") is not False
        return Result(_events(response, answer, obfuscate), generated, answer.authored)
    return Result(response, generated, answer.authored)


def retrieve(core: "Core", call: Call) -> Result:
    """Return a stored response."""
    (id,) = call.ids
    if call.query.get("stream", "").lower() == "true":
        raise error("sandbox_unsupported", param="stream")
    stored = core.store.responses.get(id)
    if stored is None:
        raise error("response_not_found", id=id)
    return Result(stored.response)


def delete(core: "Core", call: Call) -> Result:
    """Forget a stored response."""
    (id,) = call.ids
    if not core.store.responses.delete(id):
        raise error("response_not_found", id=id)
    return Result({"id": id, "object": "response", "deleted": True})


def cancel(core: "Core", call: Call) -> Result:
    """Refuse: only background responses can be canceled, and there are none here."""
    (id,) = call.ids
    if core.store.responses.get(id) is None:
        raise error("response_not_found", id=id)
    raise error("cancel_synchronous")


def _validated_model(core: "Core", body: dict[str, Any]) -> families.Model:
    if body.get("model") is None:
        raise error("missing_required_parameter", param="model")
    if not isinstance(body["model"], str):
        raise error("invalid_type", param="model", expected="a string", got=kind(body["model"]))
    model = families.find(body["model"], core.today)
    if model is None:
        raise error("model_unknown.responses", model=body["model"])
    return model


def _earlier(core: "Core", body: dict[str, Any]) -> tuple[StoredResponse | None, Conversation | None]:
    """Return the response the request continues, or the conversation it belongs to. No prompt can be made here yet."""
    previous_id, conversation = body.get("previous_response_id"), body.get("conversation")
    if previous_id is not None and conversation is not None:
        raise error("mutually_exclusive")
    if conversation is not None:
        found = conversations.find(core, conversation if isinstance(conversation, str) else conversation["id"])
        return None, found
    if body.get("prompt") is not None:
        raise error("prompt_not_found", id=body["prompt"]["id"])
    if previous_id is None:
        return None, None
    previous = core.store.responses.get(previous_id)
    if previous is None:
        raise error("previous_response_not_found", id=previous_id)
    return previous, None


def _check_capabilities(model: families.Model, body: dict[str, Any]) -> str | None:
    """Return the reasoning effort in force, after refusing what the model does not accept."""
    requested = (body.get("reasoning") or {}).get("effort")
    effort = families.effort(model, requested, "reasoning.effort", "parameter_unsupported.responses")
    if effort not in (None, "none"):
        for param in ("temperature", "top_p"):
            if body.get(param) is not None:
                raise error("parameter_unsupported.responses", param=param)
    return effort


def _check_simulated(body: dict[str, Any]) -> None:
    """Refuse valid parameters that would be ignored here: a silent difference from the API would be worse."""
    for key, value in body.items():
        if key not in SIMULATED | ECHOED and value not in (None, False, [], {}, 0, "auto", "none", "default"):
            raise error("sandbox_unsupported", param=key)
    for number, included in enumerate(body.get("include") or ()):
        if included != ENCRYPTED:
            raise error("sandbox_unsupported", param=f"include[{number}]")
    for key, value in (body.get("reasoning") or {}).items():
        if key != "effort" and value is not None:
            raise error("sandbox_unsupported", param=f"reasoning.{key}")
    if ((body.get("text") or {}).get("format") or {}).get("type", "text") != "text":
        raise error("sandbox_unsupported", param="text.format")


def _instructions(body: dict[str, Any]) -> list[Message]:
    return [Message("developer", body["instructions"])] if body.get("instructions") else []


def _messages(items: list[Item]) -> list[Message]:
    """Return what the model sees of the items: the text of messages. Earlier reasoning is not shown to it."""
    return [
        Message(item["role"], "".join(part.get("text") or part.get("refusal") or "" for part in item["content"]))
        for item in items
        if item["type"] == "message"
    ]


def _response(
    core: "Core", body: dict[str, Any], model: families.Model, effort: str | None, answer: Answer, input_tokens: int
) -> dict[str, Any]:
    created_at = int(core.now())
    incomplete = answer.finish == "length"
    output: list[Item] = []
    if answer.reasoning_tokens:
        thought: Item = {"id": core.ids.hex("rs"), "type": "reasoning", "summary": []}
        if not _given(body, "store", True) or ENCRYPTED in (body.get("include") or ()):
            thought["encrypted_content"] = core.ids.encrypted()
        output.append(thought)
    if answer.tokens or not incomplete:
        text = {"type": "output_text", "annotations": [], "logprobs": [], "text": answer.text}
        output.append(
            {
                "id": core.ids.hex("msg"),
                "type": "message",
                "status": "incomplete" if incomplete else "completed",
                "role": "assistant",
                "content": [text],
            }
        )
    output_tokens = len(answer.tokens) + answer.reasoning_tokens
    return {
        "id": core.ids.hex("resp"),
        "object": "response",
        "created_at": created_at,
        "status": "incomplete" if incomplete else "completed",
        "background": False,
        "completed_at": None if incomplete else created_at,
        "error": None,
        "incomplete_details": {"reason": "max_output_tokens"} if incomplete else None,
        "instructions": body.get("instructions"),
        "max_output_tokens": body.get("max_output_tokens"),
        "max_tool_calls": body.get("max_tool_calls"),
        "model": model.snapshot,
        "output": output,
        "parallel_tool_calls": _given(body, "parallel_tool_calls", True),
        "previous_response_id": body.get("previous_response_id"),
        "prompt_cache_key": body.get("prompt_cache_key"),
        "prompt_cache_retention": body.get("prompt_cache_retention"),
        "reasoning": {"effort": effort, "summary": None},
        "safety_identifier": body.get("safety_identifier"),
        "service_tier": "default",
        "store": _given(body, "store", True),
        "temperature": float(_given(body, "temperature", 1.0)),
        "text": {"format": {"type": "text"}, "verbosity": (body.get("text") or {}).get("verbosity") or "medium"},
        "tool_choice": _given(body, "tool_choice", "auto"),
        "tools": [],
        "top_logprobs": 0,
        "top_p": float(_given(body, "top_p", 1.0)),
        "truncation": _given(body, "truncation", "disabled"),
        "usage": {
            "input_tokens": input_tokens,
            "input_tokens_details": {"cached_tokens": 0, "cache_write_tokens": 0},
            "output_tokens": output_tokens,
            "output_tokens_details": {"reasoning_tokens": answer.reasoning_tokens},
            "total_tokens": input_tokens + output_tokens,
        },
        "user": body.get("user"),
        "metadata": _given(body, "metadata", {}),
    }


def _given(body: dict[str, Any], key: str, default: Any) -> Any:
    return default if body.get(key) is None else body[key]


def _events(response: dict[str, Any], answer: Answer, obfuscate: bool) -> Iterator[Event]:
    """Yield the events of a streamed response. `sequence_number` counts from 0; there is no [DONE]."""
    number = -1
    padding = Ids(random.Random(response["id"]))  # noqa: S311 - not for secrets

    def event(name: str, tokens: int = 0, **fields: Any) -> Event:
        nonlocal number
        number += 1
        return Event({"type": name, "sequence_number": number} | fields, name, tokens)

    unfinished = {"status": "in_progress", "service_tier": "auto", "completed_at": None, "incomplete_details": None}
    started = response | unfinished | {"output": [], "usage": None}
    yield event("response.created", response=started)
    yield event("response.in_progress", response=started)
    for index, item in enumerate(response["output"]):
        if item["type"] == "reasoning":
            yield event("response.output_item.added", output_index=index, item=item)
            yield event("response.output_item.done", tokens=answer.reasoning_tokens, output_index=index, item=item)
        else:
            (part,) = item["content"]
            place = {"item_id": item["id"], "output_index": index, "content_index": 0}
            empty = item | {"status": "in_progress", "content": []}
            yield event("response.output_item.added", output_index=index, item=empty)
            yield event("response.content_part.added", **place, part=part | {"text": ""})
            for piece in answer.pieces:
                delta = place | {"delta": piece, "logprobs": []}
                if obfuscate:
                    delta["obfuscation"] = padding.obfuscation()
                yield event("response.output_text.delta", tokens=1, **delta)
            yield event("response.output_text.done", **place, text=part["text"], logprobs=[])
            yield event("response.content_part.done", **place, part=part)
            yield event("response.output_item.done", output_index=index, item=item)
    yield event(f"response.{response['status']}", response=response)
