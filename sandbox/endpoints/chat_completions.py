"""POST /v1/chat/completions."""

import random
from collections.abc import Iterator, Sequence
from itertools import zip_longest
from typing import TYPE_CHECKING, Any

from ..model import families, tokens
from ..model.answers import Answer, Message, generate
from ..wire.call import Call
from ..wire.errors import error
from ..wire.events import DONE, Event
from ..wire.ids import Ids
from ..wire.result import Result
from ..wire.validation import Validator, kind

if TYPE_CHECKING:
    from ..core import Core

# Parameters that do something here, and those that are accepted without effect.
SIMULATED = {"max_completion_tokens", "max_tokens", "messages", "model", "n", "reasoning_effort", "seed", "stop"}
SIMULATED |= {"stream", "stream_options", "temperature", "top_p"}
ACCEPTED = {"parallel_tool_calls", "prompt_cache_key", "prompt_cache_retention", "safety_identifier", "user"}


VALIDATOR = Validator("chat.completions.create")


def create(core: "Core", call: Call) -> Result:
    """Answer a request, whole or streamed."""
    body = call.json()
    model = _validated_model(core, body)
    VALIDATOR.unknown_keys(body)
    VALIDATOR.check(body)
    effort = _check_capabilities(model, body)
    _check_simulated(body)

    messages = [Message(message["role"], _text(message, i)) for i, message in enumerate(body["messages"])]
    prompt = "\n".join(f"{role}: {text}" for role, text in messages)
    rng = core.rng(prompt, body.get("seed"))
    temperature, top_p, stop = body.get("temperature"), body.get("top_p"), body.get("stop")
    limit = body.get("max_completion_tokens") or body.get("max_tokens")
    answers = [
        generate(
            messages,
            rng,
            temperature=1.0 if temperature is None else temperature,
            top_p=1.0 if top_p is None else top_p,
            effort=effort,
            limit=limit,
            stop=[stop] if isinstance(stop, str) else stop or (),
        )
        for _ in range(body.get("n") or 1)
    ]
    shared = {
        "id": core.ids.alphanumeric("chatcmpl"),
        "created": int(core.now()),
        "model": model.snapshot,
        "service_tier": "default",
        "system_fingerprint": None,
    }
    names = sum(1 + tokens.count(message["name"]) for message in body["messages"] if message.get("name"))
    usage = _usage(tokens.chat_input_tokens(messages) + names, answers)
    authored = all(answer.authored for answer in answers)
    if body.get("stream"):
        options = body.get("stream_options") or {}
        chunks = _chunks(shared, answers, usage, options)
        return Result(chunks, usage["completion_tokens"], authored, DONE)
    completion = shared | {
        "object": "chat.completion",
        "choices": [_choice(index, answer) for index, answer in enumerate(answers)],
        "usage": usage,
    }
    return Result(completion, usage["completion_tokens"], authored)


def _validated_model(core: "Core", body: dict[str, Any]) -> families.Model:
    if body.get("model") is None:
        raise error("model_missing.chat")
    if not isinstance(body["model"], str):
        raise error("invalid_type", param="model", expected="a string", got=kind(body["model"]))
    model = families.find(body["model"], core.today)
    if model is None:
        raise error("model_unknown.chat", model=body["model"])
    return model


def _check_capabilities(model: families.Model, body: dict[str, Any]) -> str | None:
    """Return the reasoning effort in force, after refusing what the model does not accept."""
    effort = families.effort(model, body.get("reasoning_effort"), "reasoning_effort", "parameter_unsupported.chat")
    if model.family.efforts and body.get("max_tokens") is not None:
        raise error("max_tokens_unsupported")
    for param in model.family.rejects:
        if body.get(param) is not None:
            raise error("parameter_unsupported.chat", param=param)
    if effort not in (None, "none"):
        for param in ("temperature", "top_p"):
            if body.get(param) not in (None, 1):
                raise error("only_default_supported.chat", param=param, value=body[param])
    return effort


def _check_simulated(body: dict[str, Any]) -> None:
    """Refuse valid parameters that would be ignored here: a silent difference from the API would be worse."""
    for key, value in body.items():
        if key not in SIMULATED | ACCEPTED and value not in (None, False, [], {}, 0, "auto", "none", "default"):
            raise error("sandbox_unsupported", param=key)


def _text(message: dict[str, Any], index: int) -> str:
    if message["role"] in ("tool", "function") or message.get("tool_calls"):
        raise error("sandbox_unsupported", param=f"messages[{index}]")
    content = message.get("content")
    if content is None or isinstance(content, str):
        return content or ""
    for number, part in enumerate(content):
        if part["type"] not in ("text", "refusal"):
            raise error("sandbox_unsupported", param=f"messages[{index}].content[{number}].type")
    return "".join(part.get("text") or part.get("refusal") or "" for part in content)


def _choice(index: int, answer: Answer) -> dict[str, Any]:
    message: dict[str, Any] = {"role": "assistant", "content": answer.text, "refusal": None, "annotations": []}
    return {"index": index, "message": message, "logprobs": None, "finish_reason": answer.finish}


def _usage(prompt_tokens: int, answers: Sequence[Answer]) -> dict[str, Any]:
    reasoning = sum(answer.reasoning_tokens for answer in answers)
    completion_tokens = reasoning + sum(len(answer.tokens) for answer in answers)
    return {
        "prompt_tokens": prompt_tokens,
        "completion_tokens": completion_tokens,
        "total_tokens": prompt_tokens + completion_tokens,
        "prompt_tokens_details": {"cached_tokens": 0, "audio_tokens": 0},
        "completion_tokens_details": {
            "reasoning_tokens": reasoning,
            "audio_tokens": 0,
            "accepted_prediction_tokens": 0,
            "rejected_prediction_tokens": 0,
        },
    }


def _chunks(
    shared: dict[str, Any], answers: Sequence[Answer], usage: dict[str, Any], options: dict[str, Any]
) -> Iterator[Event]:
    """Yield the chunks of a streamed completion: role, content and finish of each choice, then usage if asked for.

    The choices' chunks take turns. After the last one the stream ends with `data: [DONE]`.
    """
    padding = Ids(random.Random(shared["id"]))  # noqa: S311 - not for secrets

    def chunk(choices: list[dict[str, Any]], tokens: int = 0) -> Event:
        data = shared | {"object": "chat.completion.chunk", "choices": choices}
        if options.get("include_usage"):
            data["usage"] = None if choices else usage
        if choices and options.get("include_obfuscation") is not False:
            data["obfuscation"] = padding.obfuscation()
        return Event(data, tokens=tokens)

    def part(index: int, delta: dict[str, Any], finish: str | None = None) -> list[dict[str, Any]]:
        return [{"index": index, "delta": delta, "logprobs": None, "finish_reason": finish}]

    for index, answer in enumerate(answers):
        yield chunk(part(index, {"role": "assistant", "content": "", "refusal": None}), answer.reasoning_tokens)
    for pieces in zip_longest(*(answer.pieces for answer in answers)):
        for index, piece in enumerate(pieces):
            if piece is not None:
                yield chunk(part(index, {"content": piece}), tokens=1)
    for index, answer in enumerate(answers):
        yield chunk(part(index, {}, answer.finish))
    if options.get("include_usage"):
        yield chunk([])
