"""Responses as the API writes them: the object, its output items and its usage."""

from collections.abc import Mapping, Sequence
from typing import Any

from ...model import families
from ...model.answers import Answer
from ...model.prompt_cache import Cached
from ...wire.members import Members, lacking, members
from ..built_in.step import Step, annotations
from ..shared.capabilities import served_tier
from ..shared.generation import logprobs_of
from ..shared.items import Item
from ..shared.state import State

ENCRYPTED, LOGPROBS = "reasoning.encrypted_content", "message.output_text.logprobs"
SUMMARY = "**Simulated**\n\nThe sandbox's small model does not think: this stands in for a summary of thoughts."
CUT_SHORT = {"length": "max_output_tokens", "content_filter": "content_filter"}
LISTED = "mcp_list_tools"
UNFINISHED: dict[str, Any] = dict.fromkeys(("completed_at", "error", "incomplete_details", "usage")) | {"output": []}
# Request parameters that a response repeats, and which of them are numbers.
ECHOED = frozenset(
    (
        *("background", "frequency_penalty", "instructions", "max_output_tokens", "max_tool_calls", "metadata"),
        *("parallel_tool_calls", "presence_penalty", "previous_response_id", "prompt_cache_key"),
        *("prompt_cache_retention", "safety_identifier", "store", "temperature", "tool_choice", "top_logprobs"),
        *("top_p", "truncation", "user"),
    )
)
NUMBERS = ("frequency_penalty", "presence_penalty", "temperature", "top_p")


def response(
    state: State,
    body: dict[str, Any],
    model: families.Model,
    effort: str | None,
    answer: Answer,
    steps: Sequence[Step],
    tools: list[dict[str, Any]],
    usage: dict[str, Any],
) -> dict[str, Any]:
    """Return the response object for an answer, including its output items and those of built-in tools."""
    wire = members(model.id, state.today)
    created_at = int(state.now())
    incomplete = answer.finish in CUT_SHORT
    made = dict(wire["response"])
    for key, value in body.items():
        if key in ECHOED and key in made and value is not None:
            made[key] = float(value) if key in NUMBERS else value
    made["id"] = state.ids.hex("resp")
    made["created_at"] = created_at
    made["status"] = "incomplete" if incomplete else "completed"
    if incomplete:
        made["incomplete_details"] = {"reason": CUT_SHORT[answer.finish]}
    elif "completed_at" in made:
        made["completed_at"] = created_at
    made["model"] = model.snapshot
    made["output"] = _items(state, body, answer, steps, wire)
    made["reasoning"] = _reasoning(wire, effort, body.get("reasoning") or {})
    made["service_tier"] = served_tier(body)
    made["text"] = _text(wire, body.get("text") or {})
    made["tools"] = tools
    searches = sum([step.item["type"] == "web_search_call" for step in steps if step.item])
    if searches and "tool_usage" in made:
        made["tool_usage"] = {**made["tool_usage"], "web_search": {"num_requests": searches}}
    made["usage"] = usage
    if stored_prompt := body.get("prompt"):
        made["prompt"] = prompt_of(stored_prompt)
        made["instructions"] = instructions_of(stored_prompt)
    return made | _caching(body)


def prompt_of(given: Mapping[str, Any]) -> dict[str, Any]:
    """Return a stored prompt as a response names it."""
    variables = {name: _part(value) for name, value in (given.get("variables") or {}).items()}
    return {"id": given["id"], "variables": variables, "version": given.get("version")}


def instructions_of(given: Mapping[str, Any]) -> list[Item]:
    """Return the messages of a stored prompt. Its text is not known here, so its variables replace it."""
    parts = [
        {"type": "input_text", "text": value} if isinstance(value, str) else _part(value)
        for value in (given.get("variables") or {}).values()
    ]
    return [{"type": "message", "role": "user", "content": parts}]


def _part(value: Any) -> Any:
    """Return a part of a prompt with everything that the API returns for it."""
    if not isinstance(value, dict):
        return value
    if value["type"] == "input_image":
        return {"type": "input_image", "detail": "auto", "file_id": None, "image_url": None} | value
    if value["type"] == "input_file":
        return {"type": "input_file", "file_id": None} | {k: v for k, v in value.items() if k != "file_data"}
    return value


def _reasoning(wire: Members, effort: str | None, asked: Mapping[str, Any]) -> dict[str, Any]:
    """Return what a response says about its reasoning. The summary `auto` becomes the most detailed one available."""
    said = {**wire["response.reasoning"], "effort": effort}
    for key in ("context", "mode", "summary"):
        if asked.get(key) not in (None, "auto"):
            said[key] = asked[key]
    if asked.get("summary") == "auto":
        said["summary"] = "detailed"
    return said


def _text(wire: Members, asked: Mapping[str, Any]) -> dict[str, Any]:
    said = {**wire["response.text"], "format": asked.get("format") or {"type": "text"}}
    if said["format"]["type"] == "json_schema":
        said["format"] = {**wire["response.text.format.json_schema"], **said["format"]}
    if asked.get("verbosity"):
        said["verbosity"] = asked["verbosity"]
    return said


def unfinished(response: dict[str, Any], **changes: Any) -> dict[str, Any]:
    """Return a response as it is before it is finished: without what is only known at the end."""
    absent = lacking("response", "unfinished")
    kept = {key: value for key, value in response.items() if key not in absent}
    if "moderation" in kept:
        kept["moderation"] = None
    return kept | {key: value for key, value in UNFINISHED.items() if key in kept} | changes


def usage(
    state: State, model: families.Model, written: int, reasoning: int, read: int, cached: Cached
) -> dict[str, Any]:
    """Return the usage for `read` input tokens and `written` output tokens, including reasoning tokens."""
    details = {**members(model.id, state.today)["response.usage.input_tokens_details"], "cached_tokens": cached.read}
    if model.family.cache_writes and "cache_write_tokens" in details:
        details["cache_write_tokens"] = cached.written
    return {
        "input_tokens": read,
        "input_tokens_details": details,
        "output_tokens": written,
        "output_tokens_details": {"reasoning_tokens": reasoning},
        "total_tokens": read + written,
    }


def _items(state: State, body: dict[str, Any], answer: Answer, steps: Sequence[Step], wire: Members) -> list[Item]:
    """Return the output items: reasoning, what built-in tools did, then tool calls or a message."""
    incomplete = answer.finish in CUT_SHORT
    output: list[Item] = [step.item for step in steps if step.item and step.item["type"] == LISTED]
    if answer.reasoning_tokens:
        wanted = (body.get("reasoning") or {}).get("summary")
        summary = [{"type": "summary_text", "text": SUMMARY}] if wanted else []
        thought: Item = {**wire["response.output.reasoning"], "id": state.ids.hex("rs"), "summary": summary}
        if (
            "encrypted_content" in thought
            or not _given(body, "store", True)
            or ENCRYPTED in (body.get("include") or ())
        ):
            thought["encrypted_content"] = state.ids.encrypted()
        output.append(thought)
    output += [step.item for step in steps if step.item and step.item["type"] != LISTED]
    for number, call in enumerate(answer.calls):
        cut = incomplete and number == len(answer.calls) - 1
        custom = call.tool is not None and call.tool.written is not None
        made: Item = {
            "id": state.ids.hex("ctc" if custom else "fc"),
            "type": "custom_tool_call" if custom else "function_call",
            "status": "incomplete" if cut else "completed",
            "input" if custom else "arguments": call.arguments,
            "call_id": state.ids.alphanumeric("call", 24, "_"),
            "name": call.name,
        }
        if call.tool and call.tool.namespace:
            made["namespace"] = call.tool.namespace
        output.append(made)
    if not answer.calls and answer.finish != "tool_calls" and (answer.tokens or not incomplete):
        content: Item = {**wire["response.output.message.output_text"], "text": answer.text}
        if steps:
            content["annotations"] = annotations(answer.text, steps)
        if answer.refused:
            content = {"type": "refusal", "refusal": answer.text}
        elif LOGPROBS in (body.get("include") or ()):
            content["logprobs"] = logprobs_of(answer, body) or []
        message: Item = {**wire["response.output.message"], "id": state.ids.hex("msg"), "content": [content]}
        message["status"] = "incomplete" if incomplete else "completed"
        if "phase" in message:
            message["phase"] = "final_answer"
        output.append(message)
    return output


def _caching(body: dict[str, Any]) -> dict[str, Any]:
    """Return what a response says about caching options, if there were any. Nothing is compared here."""
    options = body.get("prompt_cache_options")
    if options is None:
        return {}
    given = {key: value for key, value in options.items() if key != "prewarm"}
    applied = {"prompt_cache_options": {"mode": "implicit", "ttl": "30m"} | given}
    compared = {"prompt_cache_diagnostics": {"type": "unavailable"}} if given.get("comparison_response_id") else {}
    return applied | compared


def _given(body: dict[str, Any], key: str, default: Any) -> Any:
    return default if body.get(key) is None else body[key]
