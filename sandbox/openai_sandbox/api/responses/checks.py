"""What Responses refuses before the model is asked."""

from functools import partial
from typing import Any

from ...model import families
from ...validation.parameters import Validator
from ...validation.wording import kind, listing
from ...wire.errors import error
from ..built_in.code_interpreter import OUTPUTS
from ..built_in.file_search import RESULTS
from ..built_in.web_search import SOURCES
from ..shared.capabilities import check_effort, check_simulated, find_model
from ..shared.state import State
from .output import ENCRYPTED, LOGPROBS

# Parameters that have an effect here, and those that are only repeated in the response.
CONTEXT = {"conversation", "previous_response_id", "prompt"}
SIMULATED = {"background", "conversation", "include", "input", "instructions", "max_output_tokens", "metadata", "model"}
SIMULATED |= {"parallel_tool_calls", "previous_response_id", "prompt_cache_key", "prompt_cache_options", "reasoning"}
SIMULATED |= {"context_management", "moderation", "prompt"}
SIMULATED |= {"service_tier", "store", "stream", "stream_options", "temperature", "text", "tool_choice", "tools"}
SIMULATED |= {"top_logprobs", "top_p"}
ECHOED = {"max_tool_calls", "prompt_cache_retention", "safety_identifier", "truncation", "user"}
# Accepted without effect. The SDK does not name them; the API accepts them for models that do not reason.
ACCEPTED = {"frequency_penalty", "presence_penalty"}
KNOWN = SIMULATED | ECHOED | ACCEPTED
# What a reasoning model does not accept, except with this value.
UNREASONED: dict[str, Any] = {"temperature": 1, "top_p": None, "presence_penalty": 0, "frequency_penalty": 0}
# The API's name for a null in place of a model or an input.
NULL = "an object"
# The error for a model that does not exist and, because nothing else was seen, for one that was shut down.
UNKNOWN = "model_unknown.responses"
# The model of a stored prompt, which is not known here.
PROMPTS_MODEL = "gpt-6-luna"
INCLUDED = {ENCRYPTED, LOGPROBS, OUTPUTS, RESULTS, SOURCES, "message.input_image.image_url"}

VALIDATOR = Validator("responses.create")


def check_fields(state: State, body: dict[str, Any]) -> families.Model:
    """Return the model of a request, after checking that all fields are known and have the right type.

    Raises:
        APIError: the request is refused.
    """
    model = named_model(state, body)
    if "messages" in body:
        raise error("messages_instead_of_input")
    if "input" not in body and body.get("prompt") is None:
        raise error("missing_required_parameter", param="input")
    VALIDATOR.check_keys(body)
    if "input" in body and body["input"] is None:
        raise error("invalid_type", param="input", expected="a string", got=NULL)
    VALIDATOR.check(body, partial(_refuse, model))
    return model


def check_values(model: families.Model, body: dict[str, Any]) -> str | None:
    """Return the reasoning effort in force.

    Raises:
        APIError: there is nothing to answer, or the model or the sandbox does not accept a value.
    """
    if not body.get("input") and all(body.get(key) is None for key in CONTEXT):
        raise error("input_empty")
    effort = _check_capabilities(model, body)
    check_simulated(body, KNOWN)
    _check_parts_simulated(body)
    return effort


def named_model(state: State, body: dict[str, Any]) -> families.Model:
    """Return the model that a request names.

    Raises:
        APIError: it names none, or none that exists.
    """
    if "model" not in body:
        if body.get("prompt") is not None:
            return find_model(state, PROMPTS_MODEL, UNKNOWN, UNKNOWN)
        raise error("missing_required_parameter", param="model")
    if not isinstance(body["model"], str):
        got = NULL if body["model"] is None else kind(body["model"])
        raise error("invalid_type", param="model", expected="a string", got=got)
    return find_model(state, body["model"], UNKNOWN, UNKNOWN)


def _refuse(model: families.Model, name: str, value: Any) -> None:
    """Raise for a value of the right type that the model does not accept."""
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
    check_effort(
        requested,
        model.family.efforts,
        unsupported=error("parameter_unsupported.responses", param="reasoning.effort"),
        refused=error(
            "value_unsupported",
            param="reasoning.effort",
            value=requested,
            model=model.id,
            supported=listing(model.family.efforts),
        ),
    )


def _check_parts_simulated(body: dict[str, Any]) -> None:
    """Refuse parts of simulated parameters that would be ignored here."""
    for number, included in enumerate(body.get("include") or ()):
        if included not in INCLUDED:
            raise error("sandbox_unsupported", param=f"include[{number}]")
    for key, value in (body.get("reasoning") or {}).items():
        if key not in ("context", "effort", "mode", "summary") and value is not None:
            raise error("sandbox_unsupported", param=f"reasoning.{key}")
    for key, value in (body.get("prompt_cache_options") or {}).items():
        if (key, value) == ("prewarm", True):
            raise error("sandbox_unsupported", param=f"prompt_cache_options.{key}")
