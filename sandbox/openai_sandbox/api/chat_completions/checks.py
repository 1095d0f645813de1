"""What Chat Completions refuses before the model is asked."""

from functools import partial
from typing import Any

from ...model import families
from ...validation.parameters import Validator
from ...validation.wording import listing
from ...wire.errors import error
from ..shared.capabilities import check_effort, check_simulated, find_model, model_name
from ..shared.state import State
from ..shared.tools import check_name
from .prompt import SEARCHING, calls_of

# Parameters that have an effect here, and those that are accepted without effect.
SIMULATED = {"logprobs", "max_completion_tokens", "max_tokens", "messages", "metadata", "model", "n"}
SIMULATED |= {"parallel_tool_calls", "prompt_cache_key", "prompt_cache_options", "reasoning_effort", "response_format"}
SIMULATED |= {"seed", "service_tier"}
SIMULATED |= {"stop", "store", "stream", "stream_options", "temperature", "tool_choice", "tools", "top_logprobs"}
SIMULATED |= {"function_call", "functions", "moderation", "top_p"}
ACCEPTED = {"frequency_penalty", "logit_bias", "presence_penalty", "prompt_cache_retention"}
ACCEPTED |= {"safety_identifier", "user", "verbosity"}
KNOWN = SIMULATED | ACCEPTED

RETENTIONS = ("in_memory", "24h")
# A reasoning effort that Chat Completions does not know.
RESPONSES_ONLY = ("max",)
# What an assistant message may have instead of content.
STANDS_FOR_CONTENT = ("tool_calls", "function_call", "refusal", "audio")

VALIDATOR = Validator("chat.completions.create")


def check(state: State, body: dict[str, Any]) -> tuple[families.Model, str | None]:
    """Return the model and the reasoning effort in force.

    Raises:
        APIError: the request is refused.
    """
    model = find_model(state, model_name(body), "model_unknown.chat", "model_deprecated.chat")
    VALIDATOR.check_keys(body, model.family.foreign)
    VALIDATOR.check(body, partial(_refuse, model))
    effort = _check_capabilities(model, body)
    check_simulated(body, {*KNOWN, "web_search_options"} if SEARCHING in model.id else KNOWN)
    _check_messages(body["messages"], sounds="audio_unsupported" not in model.family.refuses)
    return model, effort


def _refuse(model: families.Model, name: str, value: Any) -> None:
    """Raise for a field of the right type that the model does not accept at all or with this value."""
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
    """Refuse an effort that the model does not know, whatever its type."""
    known = [effort for effort in model.family.efforts if effort not in RESPONSES_ONLY]
    check_effort(
        requested,
        known,
        unsupported=error("parameter_unsupported.chat", param="reasoning_effort"),
        refused=error("effort_unsupported.chat", value=repr(requested), supported=listing(known)),
    )


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
        chosen = "tools_with_effort" if body.get("reasoning_effort") else "tools_with_default_effort"
        if body.get("tools") and chosen in model.family.refuses:
            raise error("tools_with_effort", model=model.id)
    if body.get("top_logprobs") is not None and not body.get("logprobs"):
        raise error("top_logprobs_alone")
    if body.get("stream_options") is not None and not body.get("stream"):
        raise error("stream_options_without_stream")
    if body.get("tool_choice") not in (None, "none") and not body.get("tools"):
        raise error("tool_choice_without_tools")
    return effort


def _check_messages(messages: list[dict[str, Any]], *, sounds: bool) -> None:
    """Refuse messages without content, audio that the model cannot hear, calls of functions with a name that no
    function can have, and tool messages and calls that do not match."""
    for index, message in enumerate(messages):
        stands = message["role"] == "assistant" and any(message.get(name) for name in STANDS_FOR_CONTENT)
        if message.get("content") is None and not stands:
            raise error("content_missing", index=index)
        parts = message["content"] if isinstance(message.get("content"), list) else ()
        if not sounds and any(part["type"] == "input_audio" for part in parts):
            raise error("audio_unsupported", index=index)
        for number, call in enumerate(calls_of(message)):
            if "function" in call:
                check_name(call["function"]["name"], f"messages[{index}].tool_calls[{number}].function.name")
    waiting: set[str] = set()
    for index, message in enumerate(messages):
        if message["role"] == "tool":
            if message["tool_call_id"] not in waiting:
                raise error("tool_message_alone", index=index)
            waiting.discard(message["tool_call_id"])
        elif waiting:
            raise error("tool_calls_unanswered", index=index, ids=", ".join(sorted(waiting)))
        if message["role"] == "assistant":
            waiting = {call["id"] for call in calls_of(message)}
    if waiting:
        raise error("tool_calls_unanswered", index=len(messages), ids=", ".join(sorted(waiting)))
