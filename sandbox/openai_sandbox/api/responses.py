"""POST /v1/responses and its input token count; stored responses and their input items."""

from collections.abc import Iterator, Mapping
from functools import partial
from itertools import dropwhile
from typing import TYPE_CHECKING, Any

from ..model import families, tokens
from ..model.answers import WORDS, Answer, Message, Task, filtered, generate
from ..model.prompt_cache import Cached
from ..model.sampling import explained
from ..validation.parameters import Validator, kind, listing
from ..wire.errors import APIError, error
from ..wire.events import Event, beginning
from ..wire.ids import Padding
from . import conversations
from .shared.call import Call
from .shared.items import MEDIA, Item, check_pairs, stored_items, text_of
from .shared.logprobs import logprob
from .shared.media import part_tokens
from .shared.pagination import page
from .shared.result import Result
from .shared.store import Conversation, StoredResponse
from .shared.tools import check_schema, choice_of, tools_of

if TYPE_CHECKING:
    from ..core import Core
    from ..faults import Fault

# Parameters that do something here, and those that are only given back in the response.
CONTEXT = {"conversation", "previous_response_id", "prompt"}
SIMULATED = {"background", "conversation", "include", "input", "instructions", "max_output_tokens", "metadata", "model"}
SIMULATED |= {"parallel_tool_calls", "previous_response_id", "prompt_cache_key", "prompt_cache_options", "reasoning"}
SIMULATED |= {"service_tier", "store", "stream", "stream_options", "temperature", "text", "tool_choice", "tools"}
SIMULATED |= {"top_logprobs", "top_p"}
ECHOED = {"max_tool_calls", "prompt_cache_retention", "safety_identifier", "truncation", "user"}
# Accepted without effect. The SDK does not name them; the API takes them of models that do not reason.
ACCEPTED = {"frequency_penalty", "presence_penalty"}
KNOWN = SIMULATED | ECHOED | ACCEPTED
# What a model that reasons does not take, unless it is this value.
UNREASONED: dict[str, Any] = {"temperature": 1, "top_p": None, "presence_penalty": 0, "frequency_penalty": 0}
# How the API calls a null where a model or an input should be.
NULL = "an object"

ENCRYPTED, LOGPROBS = "reasoning.encrypted_content", "message.output_text.logprobs"
INCLUDED = {ENCRYPTED, LOGPROBS, "message.input_image.image_url"}
SERVED_AS = {"fast": "priority", "priority": "priority", "flex": "flex"}
SUMMARY = "**Simulated**\n\nThe sandbox's small model does not think: this stands in for a summary of thoughts."
CUT_SHORT = {"length": "max_output_tokens", "content_filter": "content_filter"}
PENDING = ["queued", "in_progress"]
UNFINISHED: dict[str, Any] = {"completed_at": None, "incomplete_details": None, "output": [], "usage": None}

VALIDATOR = Validator("responses.create")
COUNT = Validator("responses.input_tokens.count")


def create(core: "Core", call: Call) -> Result:
    """Answer a request, whole or streamed, and store the response unless told not to."""
    body = call.json()
    model = _validated_model(core, body)
    if "messages" in body:
        raise error("messages_instead_of_input")
    context = {key for key in CONTEXT if body.get(key) is not None}
    if "input" not in body and body.get("prompt") is None:
        raise error("missing_required_parameter", param="input")
    VALIDATOR.check_keys(body)
    if "input" in body and body["input"] is None:
        raise error("invalid_type", param="input", expected="a string", got=NULL)
    VALIDATOR.check(body, partial(_refuse, model))
    previous, conversation = _earlier(core, body)
    if not body.get("input") and not context:
        raise error("input_empty")
    effort = _check_capabilities(model, body)
    _check_simulated(body)

    given = stored_items(core.ids, body.get("input") or [], "input")
    kept = tuple(conversation.items.values()) if conversation else ()
    items = [*(previous.context() if previous else kept), *given]
    check_pairs(items, given)
    task = _task(body, items, call.meets("refusal"))
    messages = [*_instructions(body), *_messages(items)]
    prompt = "\n".join(f"{role}: {text}" for role, text in messages)
    temperature, top_p = body.get("temperature"), body.get("top_p")
    answer = generate(
        messages,
        core.rng(prompt),
        temperature=1.0 if temperature is None else temperature,
        top_p=1.0 if top_p is None else top_p,
        effort=effort,
        limit=body.get("max_output_tokens"),
        task=task,
    )
    if call.meets("content_filter"):
        answer = filtered(answer)
    read = _input_tokens(core, body, messages, items)
    cached = core.cached(f"{model.id}:{body.get('prompt_cache_key')}", prompt, read)
    response = intended = _response(core, body, model, effort, answer, _usage(model, answer, read, cached))
    failure = None
    if call.meets("failed_response", "stream_error"):
        failure = error("stream_failed.responses", request=core.ids.hex("req", 32))
        response = intended | UNFINISHED | {"status": "failed", "error": _described(failure)}
    if conversation:
        response["conversation"] = {"id": conversation.id}
        conversation.add([*given, *response["output"]])
    pending = list(PENDING) if response["background"] and not body.get("stream") else []
    stored = StoredResponse(response, given, previous, kept, pending)
    if response["store"]:
        core.store.responses.add(stored)
    if body.get("stream"):
        obfuscate = (body.get("stream_options") or {}).get("include_obfuscation") is not False
        events = _events(intended, obfuscate, answer)
        if failure and call.fault:
            events = _failing(events, response, failure, call.fault)
        return Result(events, answer.output_tokens, answer.authored)
    return Result(_visible(stored), answer.output_tokens, answer.authored)


def count_input_tokens(core: "Core", call: Call) -> Result:
    """Count the input tokens of a request without answering it."""
    body = call.json()
    if body.get("model") is not None:
        _validated_model(core, body)
    COUNT.check_keys(body)
    COUNT.check(body)
    previous, conversation = _earlier(core, body)
    kept = list(conversation.items.values()) if conversation else []
    items = [*(previous.context() if previous else kept), *stored_items(core.ids, body.get("input") or [], "input")]
    messages = [*_instructions(body), *_messages(items)]
    return Result({"object": "response.input_tokens", "input_tokens": _input_tokens(core, body, messages, items)})


def retrieve(core: "Core", call: Call) -> Result:
    """Return a stored response, or its events from some point on. A background response moves on with each look."""
    stored = _stored(core, call)
    if call.query.get("stream", "").lower() != "true":
        visible = _visible(stored)
        if stored.pending:
            stored.pending.pop(0)
        return Result(visible)
    if not stored.response["background"]:
        raise error("starting_after_unstreamed")
    after = call.query.get("starting_after", "-1")
    if not after.lstrip("-").isdecimal():
        raise error("invalid_type", param="starting_after", expected="an integer", got="a string")
    stored.pending.clear()
    events = _events(stored.response, call.query.get("include_obfuscation", "").lower() != "false")
    rest = dropwhile(lambda event: event.data["sequence_number"] <= int(after), events)
    return Result(rest, (stored.response["usage"] or {}).get("output_tokens", 0))


def list_input_items(core: "Core", call: Call) -> Result:
    """Return a page of the items a stored response was asked with, the last one first."""
    return Result(page(_stored(core, call).input_items, call.query))


def delete(core: "Core", call: Call) -> Result:
    """Forget a stored response."""
    stored = _stored(core, call)
    core.store.responses.delete(stored.id)
    return Result({"id": stored.id, "object": "response", "deleted": True})


def cancel(core: "Core", call: Call) -> Result:
    """Cancel a background response that is not finished. A finished one is returned as it is."""
    stored = _stored(core, call)
    if not stored.response["background"]:
        raise error("cancel_synchronous")
    if stored.pending:
        stored.pending.clear()
        stored.response.update(UNFINISHED | {"status": "cancelled"})
    return Result(stored.response)


def _stored(core: "Core", call: Call) -> StoredResponse:
    stored = core.store.responses.get(call.ids[0])
    if stored is None:
        raise error("response_not_found", id=call.ids[0])
    return stored


def _visible(stored: StoredResponse) -> dict[str, Any]:
    """Return a response as it looks now: a background one has no output before it is finished."""
    if not stored.pending:
        return stored.response
    return stored.response | UNFINISHED | {"status": stored.pending[0]}


def _validated_model(core: "Core", body: dict[str, Any]) -> families.Model:
    if "model" not in body:
        raise error("missing_required_parameter", param="model")
    if not isinstance(body["model"], str):
        got = NULL if body["model"] is None else kind(body["model"])
        raise error("invalid_type", param="model", expected="a string", got=got)
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


def _refuse(model: families.Model, name: str, value: Any) -> None:
    """Raise for a value of the right type that the model does not take."""
    if name == "prompt_cache_retention" and value == "in_memory" and "cache_retention_only_24h" in model.family.refuses:
        raise error("cache_retention_only_24h.responses")


def _check_capabilities(model: families.Model, body: dict[str, Any]) -> str | None:
    """Return the reasoning effort in force, after refusing what the model does not accept."""
    requested = (body.get("reasoning") or {}).get("effort")
    if requested is not None:
        _check_effort(model, requested)
    effort = families.effort(model, requested)
    if effort not in (None, "none"):
        for param, default in UNREASONED.items():
            if body.get(param) not in (None, default):
                raise error("parameter_unsupported.responses", param=param)
        if LOGPROBS in (body.get("include") or ()):
            raise error("logprobs_unsupported", param="include")
        if body.get("top_logprobs") is not None:
            raise error("logprobs_unsupported", param="top_logprobs")
    if body.get("background") and body.get("store") is False:
        raise error("background_needs_store")
    if body.get("stream_options") is not None and not body.get("stream"):
        raise error("stream_options_without_stream")
    return effort


def _check_effort(model: families.Model, requested: str) -> None:
    if not model.family.efforts:
        raise error("parameter_unsupported.responses", param="reasoning.effort")
    if requested not in model.family.efforts:
        supported = listing(model.family.efforts)
        raise error("value_unsupported", param="reasoning.effort", value=requested, model=model.id, supported=supported)


def _check_simulated(body: dict[str, Any]) -> None:
    """Refuse valid parameters that would be ignored here: a silent difference from the API would be worse."""
    for key, value in body.items():
        if key not in KNOWN and value not in (None, False, [], {}, 0, "auto", "none", "default"):
            raise error("sandbox_unsupported", param=key)
    for number, included in enumerate(body.get("include") or ()):
        if included not in INCLUDED:
            raise error("sandbox_unsupported", param=f"include[{number}]")
    for key, value in (body.get("reasoning") or {}).items():
        if key not in ("context", "effort", "summary") and value is not None:
            raise error("sandbox_unsupported", param=f"reasoning.{key}")
    for key, value in (body.get("prompt_cache_options") or {}).items():
        if (key, value) in (("mode", "explicit"), ("prewarm", True)):
            raise error("sandbox_unsupported", param=f"prompt_cache_options.{key}")


def _instructions(body: Mapping[str, Any]) -> list[Message]:
    return [Message("developer", body["instructions"])] if body.get("instructions") else []


def _messages(items: list[Item]) -> list[Message]:
    """Return what the model sees of the items: messages, calls and their outputs. Earlier reasoning is not shown."""
    seen = []
    for item in items:
        if item["type"] == "message":
            seen.append(Message(item["role"], text_of(item["content"])))
        elif item["type"] == "function_call":
            seen.append(Message("assistant", f"{item['name']}({item['arguments']})"))
        elif item["type"] == "function_call_output":
            seen.append(Message("tool", text_of(item["output"])))
    return seen


def _input_tokens(core: "Core", body: Mapping[str, Any], messages: list[Message], items: list[Item]) -> int:
    media = sum(
        part_tokens(core, part, f"input[{index}].content[{number}]")
        for index, item in enumerate(items)
        for number, part in enumerate(item.get("content") or ())
        if part["type"] in MEDIA
    )
    return tokens.responses_input_tokens(messages) + media + tokens.definitions(body.get("tools"))


def _task(body: dict[str, Any], items: list[Item], refuse: bool) -> Task:
    """Return what is wanted of the model, after refusing schemas that strict mode does not take."""
    plain = not (refuse or body.get("tools") or body.get("text") or body.get("tool_choice"))
    if plain and (not items or items[-1]["type"] == "message"):
        return WORDS
    tools = tools_of(body)
    choice, allowed = choice_of(body, tools, "tool_choice_not_found")
    form = (body.get("text") or {}).get("format") or {"type": "text"}
    schema = None
    if form["type"] == "json_schema":
        schema = form["schema"]
        check_schema(schema, "text.format", form["name"], bool(form.get("strict")))
    elif form["type"] == "json_object" and "json" not in str(items).lower():
        raise error("json_word_missing.responses")
    names = {item["call_id"]: item["name"] for item in items if item["type"] == "function_call"}
    asked = max((i for i, item in enumerate(items) if item.get("role") == "user"), default=-1)
    outputs = [
        (names.get(item["call_id"], "tool"), text_of(item["output"]))
        for item in items[asked + 1 :]
        if item["type"] == "function_call_output"
    ]
    return Task(
        tools=tools,
        choice=choice,
        allowed=allowed,
        parallel=body.get("parallel_tool_calls") is not False,
        outputs=outputs,
        schema=schema,
        json_object=form["type"] == "json_object",
        refuse=refuse,
    )


def _usage(model: families.Model, answer: Answer, read: int, cached: Cached) -> dict[str, Any]:
    written = cached.written if model.family.cache_writes else 0
    return {
        "input_tokens": read,
        "input_tokens_details": {"cached_tokens": cached.read, "cache_write_tokens": written},
        "output_tokens": answer.output_tokens,
        "output_tokens_details": {"reasoning_tokens": answer.reasoning_tokens},
        "total_tokens": read + answer.output_tokens,
    }


def _output(core: "Core", body: dict[str, Any], answer: Answer) -> list[Item]:
    """Return the output items: reasoning, then tool calls or a message."""
    incomplete = answer.finish in CUT_SHORT
    output: list[Item] = []
    if answer.reasoning_tokens:
        wanted = (body.get("reasoning") or {}).get("summary")
        summary = [{"type": "summary_text", "text": SUMMARY}] if wanted else []
        thought: Item = {"id": core.ids.hex("rs"), "type": "reasoning", "summary": summary}
        if not _given(body, "store", True) or ENCRYPTED in (body.get("include") or ()):
            thought["encrypted_content"] = core.ids.encrypted()
        output.append(thought)
    for number, call in enumerate(answer.calls):
        cut = incomplete and number == len(answer.calls) - 1
        output.append(
            {
                "id": core.ids.hex("fc"),
                "type": "function_call",
                "status": "incomplete" if cut else "completed",
                "arguments": call.arguments,
                "call_id": core.ids.alphanumeric("call", 24, "_"),
                "name": call.name,
            }
        )
    if not answer.calls and (answer.tokens or not incomplete):
        content: Item = {"type": "output_text", "annotations": [], "logprobs": [], "text": answer.text}
        if answer.refused:
            content = {"type": "refusal", "refusal": answer.text}
        elif LOGPROBS in (body.get("include") or ()) and answer.tree:
            steps = explained(answer.tree, answer.tokens, _given(body, "temperature", 1.0), _given(body, "top_p", 1.0))
            content["logprobs"] = [logprob(step, body.get("top_logprobs") or 0) for step in steps]
        output.append(
            {
                "id": core.ids.hex("msg"),
                "type": "message",
                "status": "incomplete" if incomplete else "completed",
                "role": "assistant",
                "content": [content],
            }
        )
    return output


def _response(
    core: "Core",
    body: dict[str, Any],
    model: families.Model,
    effort: str | None,
    answer: Answer,
    usage: dict[str, Any],
) -> dict[str, Any]:
    created_at = int(core.now())
    incomplete = answer.finish in CUT_SHORT
    text = body.get("text") or {}
    asked = body.get("reasoning") or {}
    # A response names the context in force. What `auto` stands for is not documented for every model.
    context = {} if asked.get("context") in (None, "auto") else {"context": asked["context"]}
    return {
        "id": core.ids.hex("resp"),
        "object": "response",
        "created_at": created_at,
        "status": "incomplete" if incomplete else "completed",
        "background": bool(body.get("background")),
        "completed_at": None if incomplete else created_at,
        "error": None,
        "incomplete_details": {"reason": CUT_SHORT[answer.finish]} if incomplete else None,
        "instructions": body.get("instructions"),
        "max_output_tokens": body.get("max_output_tokens"),
        "max_tool_calls": body.get("max_tool_calls"),
        "model": model.snapshot,
        "output": _output(core, body, answer),
        "parallel_tool_calls": _given(body, "parallel_tool_calls", True),
        "previous_response_id": body.get("previous_response_id"),
        "prompt_cache_key": body.get("prompt_cache_key"),
        "prompt_cache_retention": body.get("prompt_cache_retention"),
        "reasoning": {"effort": effort, "summary": asked.get("summary")} | context,
        "safety_identifier": body.get("safety_identifier"),
        "service_tier": SERVED_AS.get(body.get("service_tier") or "", "default"),
        "store": _given(body, "store", True),
        "temperature": float(_given(body, "temperature", 1.0)),
        "text": {"format": text.get("format") or {"type": "text"}, "verbosity": text.get("verbosity") or "medium"},
        "tool_choice": _given(body, "tool_choice", "auto"),
        "tools": [{"description": None, "strict": True} | tool for tool in body.get("tools") or ()],
        "top_logprobs": body.get("top_logprobs") or 0,
        "top_p": float(_given(body, "top_p", 1.0)),
        "truncation": _given(body, "truncation", "disabled"),
        "usage": usage,
        "user": body.get("user"),
        "metadata": _given(body, "metadata", {}),
    } | _caching(body)


def _caching(body: dict[str, Any]) -> dict[str, Any]:
    """Return what a response says of the options for caching, if there were any. Nothing is compared here."""
    options = body.get("prompt_cache_options")
    if options is None:
        return {}
    given = {key: value for key, value in options.items() if key != "prewarm"}
    applied = {"prompt_cache_options": {"mode": "implicit", "ttl": "30m"} | given}
    compared = {"prompt_cache_diagnostics": {"type": "unavailable"}} if given.get("comparison_response_id") else {}
    return applied | compared


def _given(body: dict[str, Any], key: str, default: Any) -> Any:
    return default if body.get(key) is None else body[key]


def _pieces(text: str, answer: Answer | None) -> list[str]:
    """Return what each token of a text adds: as it was generated, or as it would be."""
    return answer.pieces if answer and answer.pieces else tokens.pieces(tokens.encode(text))


def _events(response: dict[str, Any], obfuscate: bool, answer: Answer | None = None) -> Iterator[Event]:
    """Yield the events of a streamed response. `sequence_number` counts from 0; there is no [DONE]."""
    number = -1
    padding = Padding(response["id"])

    def event(name: str, /, tokens: int = 0, **fields: Any) -> Event:
        nonlocal number
        number += 1
        return Event({"type": name, "sequence_number": number, **fields}, name, tokens)

    def delta(name: str, place: dict[str, Any], piece: str, **fields: Any) -> Event:
        nonlocal number
        number += 1
        data = {"type": name, "sequence_number": number, **place, "delta": piece, **fields}
        if obfuscate:
            data["obfuscation"] = padding.next()
        return Event(data, name, 1)

    status = "queued" if response["background"] else "in_progress"
    started = response | UNFINISHED | {"status": status, "service_tier": "auto"}
    yield event("response.created", response=started)
    if response["background"]:
        yield event("response.queued", response=started)
        started = started | {"status": "in_progress"}
    yield event("response.in_progress", response=started)
    for index, item in enumerate(response["output"]):
        place = {"item_id": item["id"], "output_index": index}
        if item["type"] == "reasoning":
            spent = response["usage"]["output_tokens_details"]["reasoning_tokens"]
            yield event("response.output_item.added", output_index=index, item=item | {"summary": []})
            for at, part in enumerate(item["summary"]):
                here = place | {"summary_index": at}
                yield event("response.reasoning_summary_part.added", **here, part=part | {"text": ""})
                for piece in tokens.pieces(tokens.encode(part["text"])):
                    yield delta("response.reasoning_summary_text.delta", here, piece)
                yield event("response.reasoning_summary_text.done", **here, text=part["text"])
                yield event("response.reasoning_summary_part.done", **here, part=part)
            yield event("response.output_item.done", tokens=spent, output_index=index, item=item)
        elif item["type"] == "function_call":
            empty = item | {"status": "in_progress", "arguments": ""}
            yield event("response.output_item.added", output_index=index, item=empty)
            for piece in tokens.pieces(tokens.encode(item["arguments"])):
                yield delta("response.function_call_arguments.delta", place, piece)
            yield event(
                "response.function_call_arguments.done", **place, name=item["name"], arguments=item["arguments"]
            )
            yield event("response.output_item.done", output_index=index, item=item)
        else:
            (part,) = item["content"]
            place |= {"content_index": 0}
            yield event(
                "response.output_item.added", output_index=index, item=item | {"status": "in_progress", "content": []}
            )
            if part["type"] == "refusal":
                yield event("response.content_part.added", **place, part=part | {"refusal": ""})
                for piece in _pieces(part["refusal"], answer):
                    yield delta("response.refusal.delta", place, piece)
                yield event("response.refusal.done", **place, refusal=part["refusal"])
            else:
                yield event("response.content_part.added", **place, part=part | {"text": "", "logprobs": []})
                for at, piece in enumerate(_pieces(part["text"], answer)):
                    likely = [_of_event(part["logprobs"][at])] if part["logprobs"] else []
                    yield delta("response.output_text.delta", place, piece, logprobs=likely)
                likely = [_of_event(entry) for entry in part["logprobs"]]
                yield event("response.output_text.done", **place, text=part["text"], logprobs=likely)
            yield event("response.content_part.done", **place, part=part)
            yield event("response.output_item.done", output_index=index, item=item)
    yield event(f"response.{response['status']}", response=response)


def _described(failure: APIError) -> dict[str, Any]:
    """Return what a failed response says of its error."""
    return {"code": failure.code, "message": failure.message}


def _failing(events: Iterator[Event], response: dict[str, Any], failure: APIError, fault: "Fault") -> Iterator[Event]:
    """Yield the beginning of a stream and how it fails: after a `stream_error` with an event of its own first."""
    sent = beginning(events, fault.after if fault.kind.by_events else None)
    yield from sent
    number = len(sent)
    if fault.kind.name == "stream_error":
        described = {"type": failure.type} | _described(failure) | {"param": failure.param}
        yield Event({"type": "error", "sequence_number": number, "error": described}, "error")
        number += 1
    yield Event({"type": "response.failed", "sequence_number": number, "response": response}, "response.failed")


def _of_event(entry: dict[str, Any]) -> dict[str, Any]:
    """Return a log probability as events have it: without bytes."""
    top = [{"token": other["token"], "logprob": other["logprob"]} for other in entry["top_logprobs"]]
    return {"token": entry["token"], "logprob": entry["logprob"], "top_logprobs": top}
