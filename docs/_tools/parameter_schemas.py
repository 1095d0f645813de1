"""JSON Schemas of the request bodies the sandbox checks, from the parameter types of the installed SDK."""

import json
from typing import Any

from openai.types.chat import completion_create_params
from openai.types.conversations import conversation_create_params, conversation_update_params, item_create_params
from openai.types.responses import response_create_params
from pydantic import TypeAdapter

from .as_of import ROOT

TARGET = ROOT / "sandbox" / "wire" / "parameters.json"

ENDPOINTS: dict[str, Any] = {
    "responses.create": response_create_params.ResponseCreateParamsBase,
    "chat.completions.create": completion_create_params.CompletionCreateParamsBase,
    "conversations.create": conversation_create_params.ConversationCreateParams,
    "conversations.update": conversation_update_params.ConversationUpdateParams,
    "conversations.items.create": item_create_params.ItemCreateParams,
}


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
