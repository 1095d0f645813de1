"""Makes JSON Schemas for the request bodies that the sandbox checks, from the installed SDK's parameter types.

Where the live API has been observed to differ from the types, the schemas follow the API, with the source next to each
difference. Keywords of this project say what JSON Schema cannot express about the API's error messages:

- `x-called`: what the API says it expects here, or several such phrases by what it got (`""` means anything else).
- `x-types`: the types that the API lists when an object has an unknown `type`.
- `x-here`: those of them that are allowed here, listed when an object has one of the others.
- `x-whole`: an error in `type` or `role` names the object, not the member, and a missing one is read as empty.
- `x-otherwise`: the type that an object is read as if its `type` is missing or unknown.
- `x-open`: on an enum, that other values are refused elsewhere.
- `x-extra`: on an object, that the API accepts unknown members and ignores them.
"""

import json
from collections.abc import Iterator
from typing import Any, get_type_hints

from openai.types import (
    batch_create_params,
    embedding_create_params,
    file_create_params,
    moderation_create_params,
    upload_complete_params,
    upload_create_params,
    vector_store_create_params,
    vector_store_search_params,
    vector_store_update_params,
)
from openai.types import (
    completion_create_params as legacy_create_params,
)
from openai.types.chat import completion_create_params, completion_update_params
from openai.types.conversations import conversation_create_params, conversation_update_params, item_create_params
from openai.types.responses import (
    ResponseInputAudioParam,
    input_token_count_params,
    response_compact_params,
    response_create_params,
)
from openai.types.vector_stores import file_batch_create_params, file_update_params
from openai.types.vector_stores import file_create_params as vector_store_file_create_params
from pydantic import TypeAdapter
from typing_extensions import TypedDict

from ..data.generated import generates
from ..data.json_form import compact

# The fields that come with an uploaded file. The file itself has no JSON Schema.
UPLOAD_FIELDS = get_type_hints(file_create_params.FileCreateParams, include_extras=True)
del UPLOAD_FIELDS["file"]
FileFields = TypedDict("FileFields", UPLOAD_FIELDS, total=False)  # type: ignore[misc]

# A file's store is in the path, although the SDK takes it as a parameter.
UPDATE_FIELDS = get_type_hints(file_update_params.FileUpdateParams, include_extras=True)
del UPDATE_FIELDS["vector_store_id"]
FileUpdateFields = TypedDict("FileUpdateFields", UPDATE_FIELDS, total=False)  # type: ignore[misc]

ENDPOINTS: dict[str, Any] = {
    "responses.create": response_create_params.ResponseCreateParamsBase,
    "chat.completions.create": completion_create_params.CompletionCreateParamsBase,
    "completions.create": legacy_create_params.CompletionCreateParamsBase,
    "chat.completions.update": completion_update_params.CompletionUpdateParams,
    "responses.compact": response_compact_params.ResponseCompactParams,
    "responses.input_tokens.count": input_token_count_params.InputTokenCountParams,
    "conversations.create": conversation_create_params.ConversationCreateParams,
    "conversations.update": conversation_update_params.ConversationUpdateParams,
    "conversations.items.create": item_create_params.ItemCreateParams,
    "embeddings.create": embedding_create_params.EmbeddingCreateParams,
    "moderations.create": moderation_create_params.ModerationCreateParams,
    "files.create": FileFields,
    "batches.create": batch_create_params.BatchCreateParams,
    "uploads.create": upload_create_params.UploadCreateParams,
    "uploads.complete": upload_complete_params.UploadCompleteParams,
    "vector_stores.create": vector_store_create_params.VectorStoreCreateParams,
    "vector_stores.update": vector_store_update_params.VectorStoreUpdateParams,
    "vector_stores.search": vector_store_search_params.VectorStoreSearchParams,
    "vector_stores.files.create": vector_store_file_create_params.FileCreateParams,
    "vector_stores.files.update": FileUpdateFields,
    "vector_stores.file_batches.create": file_batch_create_params.FileBatchCreateParams,
}


def words(text: str) -> list[str]:
    """Split a text into words: a long list is easier to read without quotes."""
    return text.split()


# The order in which the endpoints check their fields, and the words, orders and limits below, were measured on the live
# API with gpt-5.6-terra, 2026-08-30 to 2026-09-04, kangminlee-maker/local-OAuth-CLI-API-adapter,
# docs/conformance-matrix.md and the two tests of validation parity. Fields that are not named follow in the SDK's
# order.
CHECK_ORDER: dict[str, list[str]] = {
    "chat.completions.create": words("""
        model messages functions function_call tools tool_choice parallel_tool_calls max_completion_tokens n
        temperature top_p presence_penalty frequency_penalty logprobs top_logprobs user seed moderation
        safety_identifier prompt_cache_options prompt_cache_key prompt_cache_retention response_format service_tier
        max_tokens reasoning_effort logit_bias stop stream stream_options store metadata prediction verbosity
    """),
    "responses.create": words("""
        model input previous_response_id conversation prompt moderation include tools tool_choice metadata text
        temperature top_p presence_penalty frequency_penalty parallel_tool_calls stream stream_options background
        max_output_tokens max_tool_calls reasoning user safety_identifier prompt_cache_options prompt_cache_key
        prompt_cache_retention truncation instructions store service_tier top_logprobs context_management
    """),
}


# Lists that the API gives in a different order from the SDK's type, or shorter: of the tiers, it omits `scale` and
# `ultrafast`.
TIERS = ["auto", "default", "fast", "flex", "priority"]
SUMMARIES = ["concise", "detailed", "auto"]
MESSAGES = ["System", "Assistant", "User", "Function", "Tool", "Developer"]
CHAT_FORMATS = ["JSONObject", "JSONSchema", "Text"]
RESPONSES_FORMATS = ["JSONObject", "Text", "TextJSONSchemaConfigParam"]

# The parts of a message's content: all that the API lists, those it accepts from a user and those from an assistant.
PARTS = ["input_text", "input_image", "input_audio", "output_text", "refusal", "input_file"]
PARTS += ["computer_screenshot", "summary_text", "encrypted_content"]
USER_PARTS = ["input_text", "input_image", "input_file", "scoped_content", "input_audio"]
ASSISTANT_PARTS = ["output_text", "refusal"]

# What may replace an assistant's content. On other messages, the API accepts it and does nothing with it.
FOR_CONTENT = ("audio", "function_call", "refusal", "tool_calls")

EFFORT_CALLED = {
    "an integer": "one of 'minimal', 'low', 'medium', or 'high'",
    "": "one of one of 'none', 'minimal', 'low', 'medium', 'high', 'xhigh', or 'max' or integer",
}


@generates("sandbox/openai_sandbox/validation/parameters.json")
def render() -> str:
    """Return parameters.json: a JSON Schema for each endpoint, with shared parts under `$defs`."""
    types = ENDPOINTS | {"input_audio": ResponseInputAudioParam}
    inputs = [(name, "validation", TypeAdapter(params)) for name, params in types.items()]
    references, shared = TypeAdapter.json_schemas(inputs)  # type: ignore[arg-type]
    definitions = _without_titles(shared["$defs"])
    schemas = {endpoint: _without_titles(references[endpoint, "validation"]) for endpoint in ENDPOINTS}
    for endpoint, schema in schemas.items():
        schemas[endpoint] = definitions.pop(schema["$ref"].rpartition("/")[2]) if "$ref" in schema else schema
    _change_functions(definitions)
    # As in an answer recorded 2025-12-10, pydantic/pydantic-ai; the SDK's type for requests lacks it.
    call = definitions["ResponseFileSearchToolCallParam"]["properties"]["results"]
    results = definitions[_name(_branch(call, "array")["items"])]
    results["properties"]["vector_store_id"] = {"type": "string"}
    # The SDK's type says only that the filters in a filter are objects.
    definitions["CompoundFilter"]["properties"]["filters"]["items"] = {
        "anyOf": [_ref("ComparisonFilter"), _ref("CompoundFilter")]
    }
    _change_tools(definitions)
    _change_items([*schemas.values()], definitions)
    _change_messages(definitions)
    _change_chat(schemas["chat.completions.create"]["properties"])
    _change_responses(schemas["responses.create"]["properties"], definitions)
    schemas["completions.create"]["properties"]["stream"] = _or_null({"type": "boolean"})
    for schema in schemas.values():
        if "metadata" in schema["properties"]:
            _branch(schema["properties"]["metadata"], "object")["x-called"] = "a metadata object"
    for endpoint, order in CHECK_ORDER.items():
        fields = schemas[endpoint]["properties"]
        # The SDK overloads `stream`; the API takes a boolean.
        fields["stream"] = _or_null({"type": "boolean"})
        _branch(fields["service_tier"], "string")["enum"] = TIERS
        names = [*order, *(name for name in fields if name not in order)]
        schemas[endpoint]["properties"] = {name: fields[name] for name in names}
    text = json.dumps([schemas, definitions])
    definitions = {name: schema for name, schema in definitions.items() if f'"#/$defs/{name}"' in text}
    defined = [f"{compact(name)}: {_typed(schema)}" for name, schema in definitions.items()]
    bodies = [f"{compact(name)}: {_typed(schema)}" for name, schema in schemas.items()]
    return "{\n" + ",\n".join([*bodies, '"$defs": {\n' + ",\n".join(defined) + "\n}"]) + "\n}\n"


def _typed(schema: dict[str, Any]) -> str:
    """Return a schema as JSON text, one property per line, so that a diff shows the SDK's changes property by
    property."""
    members = []
    for key, value in schema.items():
        text = compact(value)
        if key == "properties" and value:
            text = "{\n  " + ",\n  ".join(f"{compact(name)}: {compact(part)}" for name, part in value.items()) + "}"
        members.append(f"{compact(key)}: {text}")
    return "{" + ", ".join(members) + "}"


def _change_functions(definitions: dict[str, Any]) -> None:
    # The API accepts a function without these, whatever the SDK's type says.
    definitions["FunctionToolParam"]["required"] = ["name", "type"]
    for name in ("FunctionToolParam", "FunctionDefinition"):
        definitions[name]["properties"]["name"]["minLength"] = 1
    # Recorded in public test cassettes, October 2025 and January 2026: calls sent back with the index of a stream they
    # came in, and functions with members of the caller's own.
    definitions["ChatCompletionMessageFunctionToolCallParam"]["properties"]["index"] = {"type": "integer"}
    definitions["FunctionDefinition"]["x-extra"] = True


def _change_tools(definitions: dict[str, Any]) -> None:
    """Add what libraries send in tools and the API accepts although the SDK's types lack it."""
    # Domains that are excluded from a search (pydantic-ai 2.68; vercel/ai#18035 ran it on the live API, July 2026).
    filters, search = definitions["Filters"]["properties"], definitions["WebSearchToolParam"]["properties"]
    filters["blocked_domains"] = filters["allowed_domains"]
    # What a search returns (openai-agents 0.24). Recorded in answers since July 2026, see members.json.
    kinds = {"items": {"enum": ["text", "image"], "type": "string"}, "type": "array"}
    pictures = {"properties": {"caption": {"type": "boolean"}, "max_results": {"type": "integer"}}, "type": "object"}
    search |= {"image_settings": _or_null(pictures), "search_content_types": _or_null(kinds)}
    # Choosing a search by the tool's own name (openai-agents 0.24).
    definitions["ToolChoiceTypesParam"]["properties"]["type"]["enum"] += search["type"]["enum"]
    # The SDK's type names the call by `id` alone; the API takes `call_id` (openai-agents-python#1855, October 2025).
    output = definitions["LocalShellCallOutput"]
    output["properties"]["call_id"] = {"type": "string"}
    output["required"].remove("id")


def _change_items(schemas: list[Any], definitions: dict[str, Any]) -> None:
    """Tell messages apart by role alone, and add what the API says about items."""
    # The SDK's own examples leave these out.
    definitions["ResponseInputImageParam"]["required"] = ["type"]
    definitions["ResponseInputImageParam"]["properties"]["image_url"]["x-called"] = "an image URL"
    definitions["ResponseOutputTextParam"]["required"] = ["text", "type"]
    # Clients that keep their own state send reasoning back without its id (recorded, August 2026).
    definitions["ResponseReasoningItemParam"]["required"].remove("id")
    # Clients send custom calls and their outputs back as they came, with a status (openai-agents 0.24); the SDK's types
    # of what is sent lack it.
    for name in ("ResponseCustomToolCallParam", "ResponseCustomToolCallOutputParam"):
        status = definitions["ResponseFunctionToolCallParam"]["properties"]["status"]
        definitions[name]["properties"]["status"] = status
    # A picture may be sent back without its data (recorded, September 2025).
    definitions["ImageGenerationCall"]["required"] = ["id", "type"]
    given, replied = definitions["EasyInputMessageParam"], definitions["ResponseOutputMessageParam"]
    text, parts = given["properties"]["content"]["anyOf"]
    # The SDK has a type for this part, but does not list it among those that a message accepts.
    taken = {"anyOf": [*parts["items"]["anyOf"], _ref("ResponseInputAudioParam")]}
    common = {name: replied["properties"][name] for name in ("id", "status", "type")}
    definitions["InputMessage"] = {
        "properties": {
            "content": {"anyOf": [text, parts | {"items": taken | {"x-types": PARTS, "x-here": USER_PARTS}}]},
            "role": {"enum": ["system", "developer", "user"], "type": "string"},
        }
        | common,
        "required": ["content", "role"],
        "type": "object",
    }
    parts = replied["properties"]["content"]
    definitions["AssistantMessage"] = {
        "properties": {
            "content": {
                "anyOf": [text, parts | {"items": parts["items"] | {"x-types": PARTS, "x-here": ASSISTANT_PARTS}}]
            },
            "role": {"const": "assistant", "type": "string"},
            "phase": replied["properties"]["phase"],
        }
        | common,
        "required": ["content", "role"],
        "type": "object",
    }
    old = [_ref(name) for name in ("EasyInputMessageParam", "Message", "ResponseOutputMessageParam")]
    for array in [array for schema in schemas for array in _arrays_of(schema, old[0])]:
        others = [ref for ref in array["items"]["anyOf"] if ref not in old]
        names = [_name(ref) for ref in others]
        kinds = ["message", *(branch["const"] for name in names for branch in _kinds(definitions[name]))]
        array["x-called"] = "an array of input items"
        array["items"] = {
            "anyOf": [_ref("AssistantMessage"), _ref("InputMessage"), *others],
            "x-called": "an input item",
            "x-types": sorted(kinds),
            "x-whole": True,
        }


def _change_messages(definitions: dict[str, Any]) -> None:
    # A message of the API's own reply may be sent back as it came: with annotations, and null where there was nothing.
    assistant = definitions["ChatCompletionAssistantMessageParam"]["properties"]
    stands = {name: _or_null(assistant[name]) for name in FOR_CONTENT}
    assistant["annotations"] = _or_null({"type": "array", "items": {"type": "object"}})
    for role in MESSAGES:
        message = definitions[f"ChatCompletion{role}MessageParam"]
        message["properties"] |= stands
        # Content is checked last and has its own error. Only developer messages have it checked here.
        if role not in ("Assistant", "Developer"):
            message["required"].remove("content")
            message["properties"]["content"] = _or_null(message["properties"]["content"])
    # Recorded for tool messages, July 2025 to May 2026.
    definitions["ChatCompletionToolMessageParam"]["properties"]["name"] = {"type": "string"}
    calls = _branch(stands["tool_calls"], "array")
    assistant["tool_calls"] = _or_null(calls | {"minItems": 1})


def _change_chat(fields: dict[str, Any]) -> None:
    fields["messages"]["items"]["anyOf"] = [_ref(f"ChatCompletion{role}MessageParam") for role in MESSAGES]
    fields["response_format"]["anyOf"] = [_ref(f"ResponseFormat{name}") for name in CHAT_FORMATS]
    fields["functions"]["x-called"] = "an array of function definitions"
    fields["tool_choice"]["x-otherwise"] = "function"
    # The endpoint checks these two, because their errors have their own wording.
    fields["reasoning_effort"] = {}
    _branch(fields["prompt_cache_retention"], "string")["x-open"] = True


def _change_responses(fields: dict[str, Any], definitions: dict[str, Any]) -> None:
    fields |= {name: {"type": "number"} for name in ("presence_penalty", "frequency_penalty")}
    for name in fields.keys() - {"input", "model"}:
        fields[name] = _or_null(fields[name])
    fields["tool_choice"]["x-called"] = "one of an object or 'none', 'auto', or 'required'"
    _branch(fields["tools"], "array")["x-called"] = "an array of tools"
    text = definitions["ResponseTextConfigParam"]["properties"]
    text["format"]["anyOf"] = [_ref(f"ResponseFormat{name}") for name in RESPONSES_FORMATS]
    reasoning = definitions[_name(_branch(fields["reasoning"]))]["properties"]
    del reasoning["generate_summary"]
    reasoning["effort"]["x-called"] = EFFORT_CALLED
    _branch(reasoning["summary"], "string")["enum"] = SUMMARIES


def _ref(name: str) -> dict[str, str]:
    return {"$ref": f"#/$defs/{name}"}


def _name(reference: dict[str, str]) -> str:
    return reference["$ref"].rpartition("/")[2]


def _or_null(schema: dict[str, Any]) -> dict[str, Any]:
    null = {"type": "null"}
    if "anyOf" not in schema:
        return {"anyOf": [schema, null]}
    return schema if null in schema["anyOf"] else schema | {"anyOf": [*schema["anyOf"], null]}


def _branch(schema: dict[str, Any], type: str | None = None) -> Any:
    """Return the alternative of that type, or the one that is a reference."""
    return next(part for part in schema.get("anyOf", [schema]) if part.get("type") == type)


def _kinds(schema: dict[str, Any]) -> list[dict[str, Any]]:
    kind = schema["properties"]["type"]
    return [part for part in kind.get("anyOf", [kind]) if "const" in part]


def _arrays_of(schema: Any, reference: dict[str, str]) -> Iterator[dict[str, Any]]:
    """Yield the array types, at any level, whose items are one of several types, including the referenced one."""
    if isinstance(schema, dict):
        items = schema.get("items")
        if isinstance(items, dict) and reference in items.get("anyOf", ()):
            yield schema
    for part in schema.values() if isinstance(schema, dict) else schema if isinstance(schema, list) else ():
        yield from _arrays_of(part, reference)


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
