"""Responses as the API writes them: the object, its output items and its usage."""

from typing import Any

from ...model import families
from ...model.answers import Answer
from ...model.prompt_cache import Cached
from ..shared.capabilities import served_tier
from ..shared.generation import logprobs_of
from ..shared.items import Item
from ..shared.state import State

ENCRYPTED, LOGPROBS = "reasoning.encrypted_content", "message.output_text.logprobs"
SUMMARY = "**Simulated**\n\nThe sandbox's small model does not think: this stands in for a summary of thoughts."
CUT_SHORT = {"length": "max_output_tokens", "content_filter": "content_filter"}
UNFINISHED: dict[str, Any] = {"completed_at": None, "incomplete_details": None, "output": [], "usage": None}


def response(
    state: State,
    body: dict[str, Any],
    model: families.Model,
    effort: str | None,
    answer: Answer,
    usage: dict[str, Any],
) -> dict[str, Any]:
    """Return the response object of an answer, its output items included."""
    created_at = int(state.now())
    incomplete = answer.finish in CUT_SHORT
    text = body.get("text") or {}
    asked = body.get("reasoning") or {}
    # A response names the context in force. What `auto` stands for is not documented for every model.
    context = {} if asked.get("context") in (None, "auto") else {"context": asked["context"]}
    return {
        "id": state.ids.hex("resp"),
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
        "output": _items(state, body, answer),
        "parallel_tool_calls": _given(body, "parallel_tool_calls", True),
        "previous_response_id": body.get("previous_response_id"),
        "prompt_cache_key": body.get("prompt_cache_key"),
        "prompt_cache_retention": body.get("prompt_cache_retention"),
        "reasoning": {"effort": effort, "summary": asked.get("summary")} | context,
        "safety_identifier": body.get("safety_identifier"),
        "service_tier": served_tier(body),
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


def usage(model: families.Model, answer: Answer, read: int, cached: Cached) -> dict[str, Any]:
    """Return the usage of a response to `read` input tokens."""
    written = cached.written if model.family.cache_writes else 0
    return {
        "input_tokens": read,
        "input_tokens_details": {"cached_tokens": cached.read, "cache_write_tokens": written},
        "output_tokens": answer.output_tokens,
        "output_tokens_details": {"reasoning_tokens": answer.reasoning_tokens},
        "total_tokens": read + answer.output_tokens,
    }


def _items(state: State, body: dict[str, Any], answer: Answer) -> list[Item]:
    """Return the output items: reasoning, then tool calls or a message."""
    incomplete = answer.finish in CUT_SHORT
    output: list[Item] = []
    if answer.reasoning_tokens:
        wanted = (body.get("reasoning") or {}).get("summary")
        summary = [{"type": "summary_text", "text": SUMMARY}] if wanted else []
        thought: Item = {"id": state.ids.hex("rs"), "type": "reasoning", "summary": summary}
        if not _given(body, "store", True) or ENCRYPTED in (body.get("include") or ()):
            thought["encrypted_content"] = state.ids.encrypted()
        output.append(thought)
    for number, call in enumerate(answer.calls):
        cut = incomplete and number == len(answer.calls) - 1
        output.append(
            {
                "id": state.ids.hex("fc"),
                "type": "function_call",
                "status": "incomplete" if cut else "completed",
                "arguments": call.arguments,
                "call_id": state.ids.alphanumeric("call", 24, "_"),
                "name": call.name,
            }
        )
    if not answer.calls and (answer.tokens or not incomplete):
        content: Item = {"type": "output_text", "annotations": [], "logprobs": [], "text": answer.text}
        if answer.refused:
            content = {"type": "refusal", "refusal": answer.text}
        elif LOGPROBS in (body.get("include") or ()):
            content["logprobs"] = logprobs_of(answer, body) or []
        output.append(
            {
                "id": state.ids.hex("msg"),
                "type": "message",
                "status": "incomplete" if incomplete else "completed",
                "role": "assistant",
                "content": [content],
            }
        )
    return output


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
