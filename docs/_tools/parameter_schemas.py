"""JSON Schemas of the request bodies the sandbox checks, from the parameter types of the installed SDK."""

import json
from typing import Any, get_type_hints

from openai.types import batch_create_params, embedding_create_params, file_create_params, moderation_create_params
from openai.types.chat import completion_create_params, completion_update_params
from openai.types.conversations import conversation_create_params, conversation_update_params, item_create_params
from openai.types.responses import input_token_count_params, response_create_params
from pydantic import TypeAdapter
from typing_extensions import TypedDict

from .as_of import ROOT

TARGET = ROOT / "sandbox" / "wire" / "parameters.json"

# The fields that come with an uploaded file: the file itself has no JSON Schema.
UPLOAD_FIELDS = get_type_hints(file_create_params.FileCreateParams, include_extras=True)
del UPLOAD_FIELDS["file"]
FileFields = TypedDict("FileFields", UPLOAD_FIELDS, total=False)  # type: ignore[misc]

ENDPOINTS: dict[str, Any] = {
    "responses.create": response_create_params.ResponseCreateParamsBase,
    "chat.completions.create": completion_create_params.CompletionCreateParamsBase,
    "chat.completions.update": completion_update_params.CompletionUpdateParams,
    "responses.input_tokens.count": input_token_count_params.InputTokenCountParams,
    "conversations.create": conversation_create_params.ConversationCreateParams,
    "conversations.update": conversation_update_params.ConversationUpdateParams,
    "conversations.items.create": item_create_params.ItemCreateParams,
    "embeddings.create": embedding_create_params.EmbeddingCreateParams,
    "moderations.create": moderation_create_params.ModerationCreateParams,
    "files.create": FileFields,
    "batches.create": batch_create_params.BatchCreateParams,
}

# The order in which Chat Completions checks its fields, measured on the live API: notes of direct API observations,
# kangminlee-maker/local-OAuth-CLI-API-adapter, 2026-08-30. Fields that are not named follow in the SDK's order.
CHECK_ORDER = [
    "model",
    "messages",
    "functions",
    "function_call",
    "tools",
    "tool_choice",
    "parallel_tool_calls",
    "max_completion_tokens",
    "n",
    "temperature",
    "top_p",
    "presence_penalty",
    "frequency_penalty",
    "logprobs",
    "top_logprobs",
    "user",
    "seed",
    "moderation",
    "safety_identifier",
    "prompt_cache_options",
    "prompt_cache_key",
    "prompt_cache_retention",
    "response_format",
    "service_tier",
    "max_tokens",
    "reasoning_effort",
    "logit_bias",
    "stop",
    "stream",
    "stream_options",
    "store",
    "metadata",
    "prediction",
    "verbosity",
]


def render() -> str:
    """Return parameters.json: endpoint to JSON Schema, and under `$defs` what they share.

    The SDK overloads `stream`; the API takes a boolean.
    """
    inputs = [(endpoint, "validation", TypeAdapter(params)) for endpoint, params in ENDPOINTS.items()]
    references, shared = TypeAdapter.json_schemas(inputs)  # type: ignore[arg-type]
    definitions = _without_titles(shared["$defs"])
    schemas = {endpoint: _without_titles(references[endpoint, "validation"]) for endpoint in ENDPOINTS}
    for endpoint, schema in schemas.items():
        schemas[endpoint] = definitions.pop(schema["$ref"].rpartition("/")[2]) if "$ref" in schema else schema
    for endpoint in ("responses.create", "chat.completions.create"):
        schemas[endpoint]["properties"]["stream"] = {"anyOf": [{"type": "boolean"}, {"type": "null"}]}
    # Content is looked for last of all, and has an error of its own. Only developer messages have it checked here.
    for role in ("System", "Tool", "User"):
        message = definitions[f"ChatCompletion{role}MessageParam"]
        message["required"].remove("content")
        message["properties"]["content"] = {"anyOf": [message["properties"]["content"], {"type": "null"}]}
    # The API takes a function without these, whatever the SDK's type says.
    definitions["FunctionToolParam"]["required"] = ["name", "type"]
    chat = schemas["chat.completions.create"]
    ordered = [*CHECK_ORDER, *(name for name in chat["properties"] if name not in CHECK_ORDER)]
    chat["properties"] = {name: chat["properties"][name] for name in ordered}
    # A message of the API's own reply may be sent back as it came: with annotations, and null where there was nothing.
    assistant = definitions["ChatCompletionAssistantMessageParam"]["properties"]
    for name in ("audio", "function_call", "refusal", "tool_calls"):
        assistant[name] = {"anyOf": [assistant[name], {"type": "null"}]}
    assistant["annotations"] = {"anyOf": [{"type": "array", "items": {"type": "object"}}, {"type": "null"}]}
    return json.dumps(schemas | {"$defs": definitions}, indent=1, ensure_ascii=False) + "\n"


def _without_titles(schema: Any) -> Any:
    if isinstance(schema, dict):
        return {
            key: {name: _without_titles(part) for name, part in value.items()}
            if key in ("properties", "$defs")
            else _without_titles(value)
            for key, value in schema.items()
            if key not in ("title", "description", "default")
        }
    if isinstance(schema, list):
        return [_without_titles(part) for part in schema]
    return schema
