"""POST /v1/chat/completions, and the stored completions."""

from collections.abc import Iterator, Sequence
from functools import partial
from itertools import zip_longest
from typing import TYPE_CHECKING, Any

from ..model import families, tokens
from ..model.answers import WORDS, Answer, Message, Task, filtered, generate
from ..model.prompt_cache import Cached
from ..model.sampling import explained
from ..validation.parameters import Validator, listing
from ..wire.errors import error
from ..wire.events import DONE, Event, beginning
from ..wire.ids import Padding
from .shared.call import Call
from .shared.logprobs import logprob
from .shared.media import part_tokens
from .shared.pagination import list_object, page
from .shared.result import Result
from .shared.store import StoredCompletion
from .shared.tools import check_schema, choice_of, tools_of

if TYPE_CHECKING:
    from ..core import Core

# Parameters that do something here, and those that are accepted without effect.
SIMULATED = {"logprobs", "max_completion_tokens", "max_tokens", "messages", "metadata", "model", "n"}
SIMULATED |= {"parallel_tool_calls", "prompt_cache_key", "reasoning_effort", "response_format", "seed", "service_tier"}
SIMULATED |= {
    "stop",
    "store",
    "stream",
    "stream_options",
    "temperature",
    "tool_choice",
    "tools",
    "top_logprobs",
    "top_p",
}
ACCEPTED = {"frequency_penalty", "logit_bias", "presence_penalty", "prompt_cache_options", "prompt_cache_retention"}
ACCEPTED |= {"safety_identifier", "user", "verbosity"}
KNOWN = SIMULATED | ACCEPTED

RETENTIONS = ("in_memory", "24h")
# A reasoning effort that Chat Completions does not know.
RESPONSES_ONLY = ("max",)
# What a tier is called in the reply: it names how the request was served, not what was asked for.
SERVED_AS = {"fast": "priority", "priority": "priority", "flex": "flex"}
# What an assistant message may have instead of content.
STANDS_FOR_CONTENT = ("tool_calls", "function_call", "refusal", "audio")

VALIDATOR = Validator("chat.completions.create")
UPDATE = Validator("chat.completions.update")


def create(core: "Core", call: Call) -> Result:
    """Answer a request, whole or streamed, and store the completion if asked to."""
    body = call.json()
    model = _validated_model(core, body)
    VALIDATOR.check_keys(body, model.family.foreign)
    VALIDATOR.check(body, partial(_refuse, model))
    effort = _check_capabilities(model, body)
    _check_simulated(body)
    _check_messages(body["messages"])
    task = _task(body, call.meets("refusal"))

    media = 0
    messages = []
    for index, message in enumerate(body["messages"]):
        text, cost = _seen(core, message, index)
        media += cost
        messages.append(Message(message["role"], text))
    prompt = "\n".join(f"{role}: {text}" for role, text in messages)
    rng = core.rng(prompt, body.get("seed"))
    temperature, top_p, stop = body.get("temperature"), body.get("top_p"), body.get("stop")
    temperature, top_p = 1.0 if temperature is None else temperature, 1.0 if top_p is None else top_p
    limit = body.get("max_completion_tokens") or body.get("max_tokens")
    answers = [
        generate(
            messages,
            rng,
            temperature=temperature,
            top_p=top_p,
            effort=effort,
            limit=limit,
            stop=[stop] if isinstance(stop, str) else stop or (),
            task=task,
        )
        for _ in range(body.get("n") or 1)
    ]
    if call.meets("content_filter"):
        answers = [filtered(answer) for answer in answers]
    shared = {
        "id": core.ids.alphanumeric("chatcmpl"),
        "created": int(core.now()),
        "model": model.snapshot,
        "service_tier": SERVED_AS.get(body.get("service_tier") or "", "default"),
        "system_fingerprint": None,
    }
    names = sum(1 + tokens.count(message["name"]) for message in body["messages"] if message.get("name"))
    read = tokens.chat_input_tokens(messages) + names + media + tokens.definitions(body.get("tools"))
    cached = core.cached(f"{model.id}:{body.get('prompt_cache_key')}", prompt, read)
    usage = _usage(read, answers, cached, writes=model.family.cache_writes)
    likely = [_logprobs(answer, body, temperature, top_p) for answer in answers]
    choices = [
        _choice(index, answer, likely[index], [core.ids.alphanumeric("call", 24, "_") for _ in answer.calls])
        for index, answer in enumerate(answers)
    ]
    completion = shared | {"object": "chat.completion", "choices": choices, "usage": usage}
    if body.get("store") and not call.meets("stream_error"):
        stored = completion | {"metadata": body.get("metadata") or {}, "request_id": None}
        core.store.completions.add(StoredCompletion(stored, body["messages"]))
    authored = all(answer.authored for answer in answers)
    if body.get("stream"):
        options = body.get("stream_options") or {}
        chunks = _chunks(shared, answers, choices, usage, options)
        if call.fault and call.meets("stream_error"):
            failure = Event(error("stream_failed.chat").envelope())
            return Result(iter([*beginning(chunks, call.fault.after), failure]), usage["completion_tokens"], authored)
        return Result(chunks, usage["completion_tokens"], authored, DONE)
    return Result(completion, usage["completion_tokens"], authored)


def retrieve(core: "Core", call: Call) -> Result:
    """Return a stored completion."""
    return Result(_stored(core, call).completion)


def update(core: "Core", call: Call) -> Result:
    """Replace the metadata of a stored completion."""
    stored = _stored(core, call)
    body = call.json()
    UPDATE.check_keys(body)
    UPDATE.check(body)
    stored.completion["metadata"] = body.get("metadata") or {}
    return Result(stored.completion)


def delete(core: "Core", call: Call) -> Result:
    """Forget a stored completion."""
    stored = _stored(core, call)
    core.store.completions.delete(stored.id)
    return Result({"id": stored.id, "object": "chat.completion.deleted", "deleted": True})


def list_stored(core: "Core", call: Call) -> Result:
    """Return a page of the stored completions, the oldest first, by model or metadata where asked."""
    wanted = {key[9:-1]: value for key, value in call.query.items() if key.startswith("metadata[")}
    found = [
        stored.completion
        for stored in core.store.completions
        if call.query.get("model") in (None, stored.completion["model"])
        and wanted.items() <= stored.completion["metadata"].items()
    ]
    return Result(page(found, {"order": "asc"} | call.query))


def list_messages(core: "Core", call: Call) -> Result:
    """Return a page of the messages that a stored completion answered, the first one first."""
    stored = _stored(core, call)
    rows = []
    for index, message in enumerate(stored.messages):
        content = message.get("content")
        parts = None if content is None or isinstance(content, str) else content
        text = content if parts is None else None
        row = {"id": f"{stored.id}-{index}", "role": message["role"], "content": text, "content_parts": parts}
        rows.append(row | {"refusal": None, "name": message.get("name")})
    return Result(page(rows, {"order": "asc"} | call.query) if rows else list_object(rows))


def _stored(core: "Core", call: Call) -> StoredCompletion:
    stored = core.store.completions.get(call.ids[0])
    if stored is None:
        raise error("completion_not_found", id=call.ids[0])
    return stored


def _validated_model(core: "Core", body: dict[str, Any]) -> families.Model:
    if body.get("model") in (None, ""):
        raise error("model_missing.chat")
    if not isinstance(body["model"], str):
        raise error("invalid_json")  # so the API says, whatever the JSON
    model = families.find(body["model"], core.today)
    if model is None:
        raise error("model_unknown.chat", model=body["model"])
    return model


def _refuse(model: families.Model, name: str, value: Any) -> None:
    """Raise for a field of the right type that the model does not take, or not with this value."""
    family = model.family
    if value is None:
        return
    if name in family.rejects:
        raise error("parameter_unsupported.chat", param=name)
    if name == "max_tokens" and family.efforts:
        raise error("max_tokens_unsupported")
    if name == "reasoning_effort":
        _check_effort(model, value)
    elif name == "prompt_cache_retention":
        if value not in RETENTIONS:
            raise error("cache_retention_invalid")
        if value == "in_memory" and "cache_retention_only_24h" in family.refuses:
            raise error("cache_retention_only_24h.chat")
    elif name in family.limits and value > family.limits[name]:
        row = "top_logprobs_too_many" if name == "top_logprobs" else "integer_above_max"
        raise error(row, param=name, maximum=family.limits[name], value=value)


def _check_effort(model: families.Model, requested: Any) -> None:
    """Refuse an effort that the model does not know, whatever its type is."""
    known = [effort for effort in model.family.efforts if effort not in RESPONSES_ONLY]
    if not known:
        raise error("parameter_unsupported.chat", param="reasoning_effort")
    if requested not in known:
        raise error("effort_unsupported.chat", value=repr(requested), supported=listing(known))


def _check_capabilities(model: families.Model, body: dict[str, Any]) -> str | None:
    """Return the reasoning effort in force, after refusing what the model does not accept."""
    effort = families.effort(model, body.get("reasoning_effort"))
    if effort not in (None, "none"):
        if body.get("temperature") not in (None, 1):
            raise error("only_default_supported.chat", param="temperature", value=body["temperature"])
        if body.get("top_p") not in (None, 1):
            raise error("parameter_unsupported.chat", param="top_p")
        for param in ("presence_penalty", "frequency_penalty", "logprobs"):
            if body.get(param):
                raise error("parameter_unsupported.chat", param=param)
        if body.get("tools") and body.get("reasoning_effort") and "tools_with_effort" in model.family.refuses:
            raise error("tools_with_effort", model=model.id)
    if body.get("top_logprobs") is not None and not body.get("logprobs"):
        raise error("top_logprobs_alone")
    if body.get("stream_options") is not None and not body.get("stream"):
        raise error("stream_options_without_stream")
    if body.get("tool_choice") not in (None, "none", "auto") and not body.get("tools"):
        raise error("tool_choice_without_tools")
    return effort


def _check_simulated(body: dict[str, Any]) -> None:
    """Refuse valid parameters that would be ignored here: a silent difference from the API would be worse."""
    for key, value in body.items():
        if key not in KNOWN and value not in (None, False, [], {}, 0, "auto", "none", "default"):
            raise error("sandbox_unsupported", param=key)


def _check_messages(messages: list[dict[str, Any]]) -> None:
    """Refuse messages without content, then tool messages and calls that do not belong together."""
    for index, message in enumerate(messages):
        stands = message["role"] == "assistant" and any(message.get(name) for name in STANDS_FOR_CONTENT)
        if message.get("content") is None and not stands:
            raise error("content_missing", index=index)
    waiting: set[str] = set()
    for index, message in enumerate(messages):
        if message["role"] == "tool":
            if message["tool_call_id"] not in waiting:
                raise error("tool_message_alone", index=index)
            waiting.discard(message["tool_call_id"])
        elif waiting:
            raise error("tool_calls_unanswered", index=index, ids=", ".join(sorted(waiting)))
        if message["role"] == "assistant":
            waiting = {call["id"] for call in _calls(message)}
    if waiting:
        raise error("tool_calls_unanswered", index=len(messages), ids=", ".join(sorted(waiting)))


def _task(body: dict[str, Any], refuse: bool) -> Task:
    """Return what is wanted of the model, after refusing schemas that strict mode does not take."""
    if not (refuse or body.get("tools") or body.get("response_format") or body["messages"][-1]["role"] == "tool"):
        return WORDS
    tools = tools_of(body)
    choice, allowed = choice_of(body, tools, "tool_choice_not_found.chat")
    form = body.get("response_format") or {"type": "text"}
    schema = None
    if form["type"] == "json_schema":
        given = form["json_schema"]
        schema = given.get("schema") or {}
        check_schema(schema, "response_format", given["name"], bool(given.get("strict")))
    elif form["type"] == "json_object" and "json" not in str(body["messages"]).lower():
        raise error("json_word_missing.chat")
    names = {
        call["id"]: call["function"]["name"]
        for message in body["messages"]
        for call in _calls(message)
        if call["type"] == "function"
    }
    asked = max((i for i, message in enumerate(body["messages"]) if message["role"] == "user"), default=-1)
    outputs = [
        (names.get(message["tool_call_id"], "tool"), _plain(message.get("content")))
        for message in body["messages"][asked + 1 :]
        if message["role"] == "tool"
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


def _plain(content: str | list[dict[str, Any]] | None) -> str:
    if content is None or isinstance(content, str):
        return content or ""
    return "".join(part.get("text") or part.get("refusal") or "" for part in content)


def _seen(core: "Core", message: dict[str, Any], index: int) -> tuple[str, int]:
    """Return the text of a message, its tool calls included, and the tokens of what is no text."""
    content = message.get("content")
    cost = 0
    if isinstance(content, list):
        for number, part in enumerate(content):
            if part["type"] not in ("text", "refusal"):
                cost += part_tokens(core, part, f"messages[{index}].content[{number}]")
    calls = [
        f"{call['function']['name']}({call['function']['arguments']})"
        for call in _calls(message)
        if call["type"] == "function"
    ]
    refusal = message.get("refusal") if message["role"] == "assistant" else None
    return "\n".join(filter(None, [_plain(content), refusal, *calls])), cost


def _calls(message: dict[str, Any]) -> list[dict[str, Any]]:
    """Return the tool calls of a message. Those that other messages than an assistant's may carry mean nothing."""
    calls: list[dict[str, Any]] | None = message.get("tool_calls") if message["role"] == "assistant" else None
    return calls or []


def _logprobs(answer: Answer, body: dict[str, Any], temperature: float, top_p: float) -> list[dict[str, Any]] | None:
    """Return the log probabilities of an answer's tokens as the tree has them, if asked for."""
    if not body.get("logprobs"):
        return None
    if answer.tree is None:
        return []
    top = body.get("top_logprobs") or 0
    steps = explained(answer.tree, answer.tokens, temperature, top_p)
    return [logprob(step, top) for step in steps]


def _choice(index: int, answer: Answer, likely: list[dict[str, Any]] | None, call_ids: list[str]) -> dict[str, Any]:
    text = answer.text if answer.tokens or not answer.calls else None
    message: dict[str, Any] = {"role": "assistant", "content": text, "refusal": None, "annotations": []}
    if answer.refused:
        message |= {"content": None, "refusal": answer.text}
    if answer.calls:
        message["tool_calls"] = [
            {"id": id, "type": "function", "function": {"name": call.name, "arguments": call.arguments}}
            for id, call in zip(call_ids, answer.calls, strict=True)
        ]
    return {"index": index, "message": message, "logprobs": _of_choice(answer, likely), "finish_reason": answer.finish}


def _of_choice(answer: Answer, likely: list[dict[str, Any]] | None) -> dict[str, Any] | None:
    if likely is None:
        return None
    return {"content": None, "refusal": likely} if answer.refused else {"content": likely, "refusal": None}


def _usage(prompt_tokens: int, answers: Sequence[Answer], cached: Cached, *, writes: bool) -> dict[str, Any]:
    reasoning = sum(answer.reasoning_tokens for answer in answers)
    completion_tokens = sum(answer.output_tokens for answer in answers)
    read: dict[str, int] = {"cached_tokens": cached.read, "audio_tokens": 0}
    if writes:
        read["cache_write_tokens"] = cached.written
    return {
        "prompt_tokens": prompt_tokens,
        "completion_tokens": completion_tokens,
        "total_tokens": prompt_tokens + completion_tokens,
        "prompt_tokens_details": read,
        "completion_tokens_details": {
            "reasoning_tokens": reasoning,
            "audio_tokens": 0,
            "accepted_prediction_tokens": 0,
            "rejected_prediction_tokens": 0,
        },
    }


def _chunks(
    shared: dict[str, Any],
    answers: Sequence[Answer],
    choices: Sequence[dict[str, Any]],
    usage: dict[str, Any],
    options: dict[str, Any],
) -> Iterator[Event]:
    """Yield the chunks of a streamed completion: role, content and finish of each choice, then usage if asked for.

    The choices' chunks take turns. After the last one the stream ends with `data: [DONE]`.
    """
    padding = Padding(shared["id"])

    def chunk(choices: list[dict[str, Any]], tokens: int = 0) -> Event:
        data = shared | {"object": "chat.completion.chunk", "choices": choices}
        if options.get("include_usage"):
            data["usage"] = None if choices else usage
        if choices and options.get("include_obfuscation") is not False:
            data["obfuscation"] = padding.next()
        return Event(data, tokens=tokens)

    def part(
        index: int, delta: dict[str, Any], finish: str | None = None, likely: dict[str, Any] | None = None
    ) -> list[dict[str, Any]]:
        return [{"index": index, "delta": delta, "logprobs": likely, "finish_reason": finish}]

    for index, answer in enumerate(answers):
        content = None if answer.calls or answer.refused else ""
        opening = {"role": "assistant", "content": content, "refusal": "" if answer.refused else None}
        yield chunk(part(index, opening), answer.reasoning_tokens)
    streams = [_deltas(answer, choice) for answer, choice in zip(answers, choices, strict=True)]
    for deltas in zip_longest(*streams):
        for index, piece in enumerate(deltas):
            if piece is not None:
                yield chunk(part(index, piece[0], likely=piece[1]), tokens=1)
    for index, answer in enumerate(answers):
        yield chunk(part(index, {}, answer.finish))
    if options.get("include_usage"):
        yield chunk([])


def _deltas(answer: Answer, choice: dict[str, Any]) -> Iterator[tuple[dict[str, Any], dict[str, Any] | None]]:
    """Yield what each chunk adds to a choice, and the log probabilities of that."""
    field = "refusal" if answer.refused else "content"
    likely = (choice["logprobs"] or {}).get(field)
    for number, piece in enumerate(answer.pieces):
        yield {field: piece}, {"content": None, "refusal": None} | {field: [likely[number]]} if likely else None
    for index, call in enumerate(choice["message"].get("tool_calls", ())):
        function = {"name": call["function"]["name"], "arguments": ""}
        yield {"tool_calls": [{"index": index, "id": call["id"], "type": "function", "function": function}]}, None
        for piece in tokens.pieces(tokens.encode(call["function"]["arguments"])):
            yield {"tool_calls": [{"index": index, "function": {"arguments": piece}}]}, None
