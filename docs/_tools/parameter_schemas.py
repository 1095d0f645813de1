"""JSON Schemas of the request bodies the sandbox checks, from the parameter types of the installed SDK."""

import json
from typing import Any

from openai.types.chat import completion_create_params
from openai.types.responses import response_create_params
from pydantic import TypeAdapter

from .as_of import ROOT

TARGET = ROOT / "sandbox" / "wire" / "parameters.json"

ENDPOINTS: dict[str, Any] = {
    "responses.create": response_create_params.ResponseCreateParamsBase,
    "chat.completions.create": completion_create_params.CompletionCreateParamsBase,
}


def render() -> str:
    """Return parameters.json: endpoint to JSON Schema. The SDK overloads `stream`; the API takes a boolean."""
    schemas = {}
    for endpoint, params in ENDPOINTS.items():
        schema = TypeAdapter(params).json_schema()
        schema["properties"]["stream"] = {"anyOf": [{"type": "boolean"}, {"type": "null"}]}
        schemas[endpoint] = _without_titles(schema)
    # A message of the API's own reply may be sent back as it came: with annotations, and null where there was nothing.
    assistant = schemas["chat.completions.create"]["$defs"]["ChatCompletionAssistantMessageParam"]["properties"]
    for name in ("audio", "function_call", "refusal", "tool_calls"):
        assistant[name] = {"anyOf": [assistant[name], {"type": "null"}]}
    assistant["annotations"] = {"anyOf": [{"type": "array", "items": {"type": "object"}}, {"type": "null"}]}
    return json.dumps(schemas, indent=1, ensure_ascii=False) + "\n"


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
