"""Chat completions as the API writes them: choices, log probabilities and usage."""

import hashlib
from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any

from ...model.answers import Answer
from ...model.prompt_cache import Cached
from ...model.tools import ToolCall
from ...wire.members import Members
from ..built_in.step import Step, annotations
from ..shared.generation import logprobs_of


def choice(
    index: int,
    answer: Answer,
    body: Mapping[str, Any],
    wire: Members,
    steps: Sequence[Step],
    call_ids: Sequence[str],
) -> dict[str, Any]:
    """Return a choice. `steps` are the searches for it, and `call_ids` are the ids of the answer's tool calls."""
    text = answer.text if answer.tokens or not answer.calls else None
    message: dict[str, Any] = {"role": "assistant", "content": text, "refusal": None, "annotations": []}
    if steps:
        placed = annotations(answer.text, steps)
        message["annotations"] = [
            {"type": cited["type"], cited["type"]: {key: value for key, value in cited.items() if key != "type"}}
            for cited in placed
        ]
    if answer.refused:
        message |= {"content": None, "refusal": answer.text}
    finish: str = answer.finish
    if answer.calls and body.get("functions"):
        (called, *_) = answer.calls
        message["function_call"] = {"name": called.name, "arguments": called.arguments}
        finish = "function_call" if finish == "tool_calls" else finish
    elif answer.calls:
        message["tool_calls"] = [_call(id, call) for id, call in zip(call_ids, answer.calls, strict=True)]
    made = {**wire["chat.completion.choice"], "index": index, "message": message, "finish_reason": finish}
    if body.get("logprobs"):
        made["logprobs"] = _logprobs(answer, body)
    return made


def _call(id: str, call: ToolCall) -> dict[str, Any]:
    if call.tool is not None and call.tool.written is not None:
        return {"id": id, "type": "custom", "custom": {"name": call.name, "input": call.arguments}}
    return {"id": id, "type": "function", "function": {"name": call.name, "arguments": call.arguments}}


@lru_cache(maxsize=1_000)
def _fingerprint(snapshot: str) -> str:
    return "fp_" + hashlib.blake2b(snapshot.encode(), digest_size=5).hexdigest()


def fingerprint(wire: Members, snapshot: str) -> str | None:
    """Return a model's `system_fingerprint`, which does not change here. Most models have none."""
    return _fingerprint(snapshot) if wire["chat.completion"]["system_fingerprint"] else None


def _logprobs(answer: Answer, body: Mapping[str, Any]) -> dict[str, Any]:
    """Return the log probabilities of a choice, from the tree."""
    likely = logprobs_of(answer, body) or []
    return {"content": None, "refusal": likely} if answer.refused else {"content": likely, "refusal": None}


def usage(
    prompt_tokens: int, answers: Sequence[Answer], cached: Cached, wire: Members, *, writes: bool
) -> dict[str, Any]:
    """Return the usage of a completion. `writes` tells whether writing to the prompt cache is counted."""
    reasoning = sum(answer.reasoning_tokens for answer in answers)
    completion_tokens = sum(answer.output_tokens for answer in answers)
    read = {**wire["chat.completion.usage.prompt_tokens_details"], "cached_tokens": cached.read}
    written = {**wire["chat.completion.usage.completion_tokens_details"], "reasoning_tokens": reasoning}
    for details, tokens in ((read, prompt_tokens), (written, completion_tokens)):
        if "text_tokens" in details:
            details["text_tokens"] = tokens
    if writes:
        read["cache_write_tokens"] = cached.written
    return {
        "prompt_tokens": prompt_tokens,
        "completion_tokens": completion_tokens,
        "total_tokens": prompt_tokens + completion_tokens,
        "prompt_tokens_details": read,
        "completion_tokens_details": written,
    }
