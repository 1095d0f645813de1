"""A request for each error of the catalog that nobody pasted word for word."""

import re
from typing import Any, Never

from openai_sandbox.api.shared.mcp_servers import McpServerError
from openai_sandbox.core import Core
from openai_sandbox.http.access import MOST_BYTES

from ...good_requests import (
    BATCH,
    BATCHES,
    CALL_OUTPUT,
    CHAT,
    COMPLETION,
    CONVERSATIONS,
    FLAT_CALL,
    FLAT_FUNCTION,
    HI,
    KEY,
    MODERATIONS,
    NESTED_CALL,
    NESTED_FUNCTION,
    RESPONSE,
    RESPONSES,
    TEXT,
    VECTOR_STORES,
    closed,
    form,
)
from ..client import ask, store_of
from .answers import Answer, answer_of
from .raising import (
    Raising,
    Step,
    broken,
    chat,
    embeddings,
    fault,
    full,
    get,
    in_stream,
    nested,
    post,
    responses,
    schema,
    scripted,
    steps,
    turned_away,
    unreachable,
    unrecorded,
    upload,
    uploaded,
)

TERRA = "gpt-5.6-terra"
STRICT = closed({"x": TEXT})


def said(part: dict[str, Any]) -> dict[str, Any]:
    """Return a message of one part."""
    return {"role": "user", "content": [part]}


CHOICE = {"type": "function", "function": {"name": "g"}}
DEPLOYMENT = "/openai/deployments/mine/chat/completions"
STORE = Step("POST", VECTOR_STORES, {})
BOTH: dict[str, Any] = {"files": [], "file_ids": []}
UPLOAD = {"bytes": 3, "filename": "a.txt", "mime_type": "text/plain", "purpose": "user_data"}


def chunking(size: int, overlap: int) -> dict[str, Any]:
    return {"type": "static", "static": {"max_chunk_size_tokens": size, "chunk_overlap_tokens": overlap}}


def part(content: bytes, path: str = "/v1/uploads/{id}/parts") -> Step:
    """Return the step that sends a part of an upload."""
    sent = form(content, field="data")
    return Step("POST", path, sent["content"], sent["headers"])


def empty_batch() -> Answer:
    """Cancel a batch of files that is complete."""
    core = Core(seed=7, now=0)
    store = ask(core, "POST", VECTOR_STORES, json={}).json()["id"]
    batches = f"{VECTOR_STORES}/{store}/file_batches"
    batch = ask(core, "POST", batches, json={"file_ids": []}).json()["id"]
    return answer_of(ask(core, "POST", f"{batches}/{batch}/cancel"))


def expired_store() -> Answer:
    """Search a store a day after its last day."""
    time = [0.0]
    core = Core(seed=7, now=lambda: time[0])
    expiry = {"expires_after": {"anchor": "last_active_at", "days": 1}}
    store = ask(core, "POST", VECTOR_STORES, json=expiry).json()["id"]
    time[0] = 2 * 86_400.0
    return answer_of(ask(core, "POST", f"{VECTOR_STORES}/{store}/search", json={"query": "x"}))


def without_reasoning() -> Answer:
    """Send a message back without the reasoning before it."""
    core = Core(seed=7, now=0)
    *_, message = ask(core, "POST", RESPONSES, json=RESPONSE).json()["output"]
    told = answer_of(ask(core, "POST", RESPONSES, json=RESPONSE | {"input": [HI, message]}))
    return told._replace(message=re.sub(r"_\w{50}", "_1", told.message))


def wrong_checksum() -> Answer:
    """Complete an upload with the md5 of something else."""
    core = Core(seed=7, now=0)
    path = "/v1/uploads/" + ask(core, "POST", "/v1/uploads", json=UPLOAD).json()["id"]
    sent = ask(core, "POST", f"{path}/parts", **form(b"xyz", field="data")).json()["id"]
    return answer_of(ask(core, "POST", f"{path}/complete", json={"part_ids": [sent], "md5": "0"}))


MCP = {"type": "mcp", "server_label": "a", "server_url": "http://127.0.0.1:1/mcp"}


def locked() -> Answer:
    """Use a conversation while a response of it waits for an MCP server."""
    core = Core(seed=7, now=0)
    conversation = ask(core, "POST", CONVERSATIONS, json={}).json()["id"]
    kept = store_of(core).conversations.get(conversation)
    assert kept
    kept.locked = True
    return answer_of(ask(core, "POST", RESPONSES, json=RESPONSE | {"conversation": conversation}))


class Unreachable:
    """Reaches no MCP server."""

    def list_tools(self, *_: object) -> Never:
        raise McpServerError("Http status code: 404 (Not Found)")

    def call_tool(self, *_: object) -> Never:
        raise McpServerError("gone")


OTHERS: dict[str, Raising] = {
    "empty_string": chat(tools=[{"type": "function", "function": {"name": ""}}]),
    "input_empty": responses(input=""),
    "logprobs_unsupported": responses(top_logprobs=1),
    "cache_retention_only_24h.responses": responses(model=TERRA, prompt_cache_retention="in_memory"),
    "cache_retention_only_24h.chat": chat(model=TERRA, prompt_cache_retention="in_memory"),
    "cache_retention_invalid": chat(prompt_cache_retention="x"),
    "effort_unsupported.chat": chat(reasoning_effort="max"),
    "top_logprobs_too_many": chat(model=TERRA, reasoning_effort="none", logprobs=True, top_logprobs=6),
    "parameter_unsupported.chat": chat(model=TERRA, stop="x"),
    "value_unsupported": responses(reasoning={"effort": "minimal"}),
    "integer_above_max": chat(n=129),
    "array_too_long": chat(model="gpt-4.1", stop=[*"abcde"]),
    "string_too_long": responses(metadata={"a": "x" * 513}),
    "key_too_long": responses(metadata={"x" * 65: "a"}),
    "item_not_found": steps(Step("POST", "/v1/conversations", {}), Step("GET", "/v1/conversations/{id}/items/msg_x")),
    "invalid_json": post(RESPONSES, b"{"),
    "model_retrieve_unknown": get("/v1/models/gpt-9"),
    "model_not_yours": steps(Step("DELETE", "/v1/models/gpt-4.1")),
    "model_deprecated.chat": chat(model="gpt-3.5-turbo-0613"),
    "audio_unsupported": chat(
        model="gpt-5-mini",
        messages=[{"role": "user", "content": [{"type": "input_audio", "input_audio": {"data": "", "format": "mp3"}}]}],
    ),
    "image_format": responses(input=[said({"type": "input_image", "image_url": "data:image/png;base64,bm9uZQ=="})]),
    "file_data_unsupported": responses(
        input=[said({"type": "input_file", "filename": "a.mp3", "file_data": "data:audio/mpeg;base64,SUQz"})]
    ),
    "file_unsupported": responses(input=[said({"type": "input_file", "file_url": "https://example.org/a.mp3"})]),
    "route_unsupported": post("/v1/images/generations", {}),
    "websocket_unsupported": steps(Step("GET", "/v1/realtime", None, KEY | {"upgrade": "websocket"})),
    "tool_output_missing": responses(input=[FLAT_CALL]),
    "duplicate_item": responses(input=[{"role": "user", "content": "Hi", "id": "msg_1"}] * 2),
    "tool_call_missing": responses(input=[CALL_OUTPUT]),
    "reasoning_missing": without_reasoning,
    "reasoning_alone": responses(input=[{"type": "reasoning", "id": "rs_1", "summary": []}]),
    "tool_message_alone": chat(messages=[{"role": "tool", "tool_call_id": "call_1", "content": "4"}]),
    "tool_calls_unanswered": chat(messages=[{"role": "assistant", "tool_calls": [NESTED_CALL]}, HI]),
    "json_word_missing.chat": chat(response_format={"type": "json_object"}),
    "json_word_missing.responses": responses(text={"format": {"type": "json_object"}}),
    "content_missing": chat(messages=[{"role": "user"}]),
    "tools_with_effort": chat(tools=[NESTED_FUNCTION], reasoning_effort="low"),
    "top_logprobs_alone": chat(model="gpt-4.1", top_logprobs=1),
    "tool_choice_without_tools": chat(tool_choice="required"),
    "tool_choice_not_found": responses(tools=[FLAT_FUNCTION], tool_choice={"type": "function", "name": "g"}),
    "tool_choice_not_found.chat": chat(tools=[NESTED_FUNCTION], tool_choice=CHOICE, reasoning_effort="none"),
    "stream_options_without_stream": chat(stream_options={"include_usage": True}),
    "background_needs_store": responses(background=True, store=False),
    "completion_not_found": get("/v1/chat/completions/chatcmpl-x"),
    "embeddings_input_invalid": embeddings(input=7),
    "embeddings_input_empty": embeddings(input=[""]),
    "embeddings_input_too_many": embeddings(input=["a"] * 2049),
    "embeddings_input_too_long": embeddings(input=[[1] * 8193]),
    "embeddings_request_too_long": embeddings(input=[[1] * 8000] * 40),
    "dimensions_unsupported": embeddings(model="text-embedding-ada-002", dimensions=8),
    "dimensions_too_many": embeddings(dimensions=5000),
    "moderation_model_unknown": post(MODERATIONS, {"input": "Hi", "model": "gpt-9"}),
    "invalid_form": steps(Step("POST", "/v1/files", b"x", KEY | {"content-type": "multipart/form-data; boundary=b"})),
    "form_property_missing": uploaded(),
    "form_property_unknown": uploaded(purpose="user_data", more="x"),
    "purpose_unknown": uploaded(purpose="fun"),
    "batch_file_format": uploaded(b"x", "a.txt", purpose="batch"),
    "file_empty": uploaded(b"", purpose="user_data"),
    "file_not_found": get("/v1/files/file-x"),
    "file_sealed": steps(upload(purpose="user_data"), Step("GET", "/v1/files/{id}/content")),
    "id_prefix_wrong": get(f"{VECTOR_STORES}/x"),
    "vector_store_not_found": get(f"{VECTOR_STORES}/vs_x"),
    "vector_store_file_not_found": steps(STORE, Step("GET", f"{VECTOR_STORES}/{{id}}/files/file-x")),
    "file_batch_not_found": steps(STORE, Step("GET", f"{VECTOR_STORES}/{{id}}/file_batches/vsfb_x")),
    "file_batch_not_cancellable": empty_batch,
    "files_or_file_ids": steps(STORE, Step("POST", f"{VECTOR_STORES}/{{id}}/file_batches", BOTH)),
    "vector_store_expired": expired_store,
    "vector_store_not_found.responses": responses(tools=[{"type": "file_search", "vector_store_ids": ["vs_x"]}]),
    "retrieval_unsupported_file": steps(
        upload(b"a,b", "a.csv", purpose="assistants"), Step("POST", VECTOR_STORES, {"file_ids": ["{id}"]})
    ),
    "chunk_overlap_too_large": post(VECTOR_STORES, {"chunking_strategy": chunking(100, 51)}),
    "upload_not_found": post("/v1/uploads/upload_x/cancel", {}),
    "upload_not_pending": steps(
        Step("POST", "/v1/uploads", UPLOAD),
        Step("POST", "/v1/uploads/{id}/cancel", {}),
        Step("POST", "/v1/uploads/{id}/cancel", {}),
    ),
    "upload_part_not_found": steps(
        Step("POST", "/v1/uploads", UPLOAD), Step("POST", "/v1/uploads/{id}/complete", {"part_ids": ["part_x"]})
    ),
    "upload_part_too_large": steps(Step("POST", "/v1/uploads", UPLOAD), part(b"x" * (64 * 1024 * 1024 + 1))),
    "upload_too_large": steps(Step("POST", "/v1/uploads", UPLOAD), part(b"xyzu")),
    "upload_size_differs": steps(
        Step("POST", "/v1/uploads", UPLOAD), Step("POST", "/v1/uploads/{id}/complete", {"part_ids": []})
    ),
    "upload_checksum_differs": wrong_checksum,
    "conversation_locked": locked,
    "mcp_tools_unavailable": post(RESPONSES, RESPONSE | {"tools": [MCP]}, mcp=Unreachable()),
    "batch_not_found": get("/v1/batches/batch_x"),
    "batch_not_cancellable": steps(
        Step("POST", BATCHES, BATCH),
        Step("GET", "/v1/batches/{id}"),
        Step("POST", "/v1/batches/{id}/cancel"),
    ),
    "starting_after_unstreamed": steps(
        Step("POST", RESPONSES, RESPONSE), Step("GET", "/v1/responses/{id}?stream=true")
    ),
    "schema.not_of_type": schema(closed({}, required=None)),
    "schema.type_unknown": schema(closed({"a": {"type": "str"}})),
    "schema.not_a_regex": schema(closed({"a": TEXT | {"pattern": "["}})),
    "schema.not_an_object": schema({"type": "array", "items": TEXT}),
    "schema.union_at_top": schema(STRICT | {"anyOf": [STRICT]}),
    "schema.properties_missing": schema({"type": "object", "additionalProperties": False}),
    "schema.items_missing": schema(closed({"a": {"type": "array"}})),
    "schema.type_missing": schema(closed({"a": {}})),
    "schema.additional_properties": schema({"type": "object", "properties": {}}),
    "schema.required_missing": schema(STRICT | {"required": []}),
    "schema.required_extra": schema(STRICT | {"required": ["x", "y"]}),
    "schema.keyword": schema(closed({"a": {"type": "array", "items": TEXT, "uniqueItems": True}})),
    "schema.format": schema(closed({"a": TEXT | {"format": "uri"}})),
    "schema.enum_value": schema(closed({"a": {"type": "null", "enum": ["x"]}})),
    "schema.beside_reference": schema(closed({"a": {"$ref": "#/$defs/A", "title": "A"}}, **{"$defs": {"A": TEXT}})),
    "schema.reference_elsewhere": schema(closed({"x": TEXT, "y": {"$ref": "#/properties/x"}})),
    "schema.reference_unknown": schema(closed({"a": {"$ref": "#/$defs/A"}})),
    "schema.lookaround": schema(closed({"a": TEXT | {"pattern": "(?=x)"}})),
    "schema.properties_limit": schema(closed({str(number): TEXT for number in range(5001)})),
    "schema.levels_limit": schema(nested(12)),
    "schema.options_limit": schema(closed({"a": TEXT | {"enum": [str(number) for number in range(1001)]}})),
    "schema.options_length": schema(closed({"a": TEXT | {"enum": [f"{number:060}" for number in range(251)]}})),
    "credits": fault("credit_exhausted"),
    "region_unsupported": fault("region_unsupported"),
    "organization_unverified": post(RESPONSES, RESPONSE | {"stream": True}, faults="organization_unverified"),
    "context_length.responses": fault("context_length"),
    "context_length.chat": post(CHAT, COMPLETION, faults="context_length"),
    "stream_failed.responses": in_stream(RESPONSES, RESPONSE),
    "stream_failed.chat": in_stream(CHAT, COMPLETION),
    "deployment_not_found": post(DEPLOYMENT, COMPLETION, faults="deployment_not_found"),
    "azure_resource_not_found": post("/openai/responses?api-version=2024-10-21", RESPONSE),
    "azure_access_denied": steps(Step("POST", DEPLOYMENT, COMPLETION, {"api-key": "wrong"})),
    "http_error": fault("http_error status=409"),
    "fault_unsupported": post("/v1/embeddings", {}, faults="failed_response"),
    "sandbox_over_budget": schema(closed({"x": {"type": "string", "pattern": "(a+)+" * 50_000}})),
    "sandbox_unsupported": responses(input=[{"type": "item_reference", "id": "msg_1"}]),
    "sandbox_failed": broken,
    "sandbox_file_too_large": full,
    "invalid_host": turned_away(host="localhost, evil.example"),
    "site_refused": turned_away(host="localhost", sec_fetch_site="cross-site"),
    "host_refused": turned_away(host="evil.example"),
    "origin_refused": turned_away(
        "OPTIONS", host="localhost", origin="https://evil.example", access_control_request_method="POST"
    ),
    "body_too_large": turned_away(host="localhost", content_length=str(MOST_BYTES + 1)),
    "mcp_not_installed": responses(tools=[{"type": "mcp", "server_label": "it", "server_url": "http://127.0.0.1:1"}]),
    "script_unmatched": post(RESPONSES, RESPONSE, strict=True),
    "script_impossible": scripted,
    "encoding_unsupported": turned_away(host="localhost", content_encoding="gzip"),
    "upstream_failed": unreachable,
    "recording_missing": unrecorded,
}
