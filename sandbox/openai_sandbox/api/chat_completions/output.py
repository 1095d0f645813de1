"""Chat completions as the API writes them: choices, log probabilities and usage."""

from collections.abc import Mapping, Sequence
from typing import Any

from ...model.answers import Answer
from ...model.prompt_cache import Cached
from ..shared.generation import logprobs_of


def choice(index: int, answer: Answer, body: Mapping[str, Any], call_ids: Sequence[str]) -> dict[str, Any]:
    """Return a choice. `call_ids` name the answer's tool calls."""
    text = answer.text if answer.tokens or not answer.calls else None
    message: dict[str, Any] = {"role": "assistant", "content": text, "refusal": None, "annotations": []}
    if answer.refused:
        message |= {"content": None, "refusal": answer.text}
    if answer.calls:
        message["tool_calls"] = [
            {"id": id, "type": "function", "function": {"name": call.name, "arguments": call.arguments}}
            for id, call in zip(call_ids, answer.calls, strict=True)
        ]
    return {"index": index, "message": message, "logprobs": _logprobs(answer, body), "finish_reason": answer.finish}


def _logprobs(answer: Answer, body: Mapping[str, Any]) -> dict[str, Any] | None:
    """Return the log probabilities of a choice as the tree has them, if they were asked for."""
    if not body.get("logprobs"):
        return None
    likely = logprobs_of(answer, body) or []
    return {"content": None, "refusal": likely} if answer.refused else {"content": likely, "refusal": None}


def usage(prompt_tokens: int, answers: Sequence[Answer], cached: Cached, *, writes: bool) -> dict[str, Any]:
    """Return the usage of a completion. `writes` tells whether writing to the prompt cache is counted."""
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
