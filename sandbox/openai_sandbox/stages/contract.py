"""Contract mode: every documented call gets an answer in the right form, whatever it asks for.

Any key, id and model will do. What the sandbox can answer is answered as usual. What it would refuse (an id it never
gave, a model or feature it does not know) is answered as if it had been a different, valid request, and the reply uses
the caller's names. So you can test what a client sends and how it reads answers, without state.
"""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from typing import Any

from ..api.routes import endpoint
from ..api.shared.call import Call
from ..api.shared.result import Result
from ..api.shared.state import State
from ..model import families
from ..model.completion_models import completion_models
from ..wire.errors import APIError
from ..wire.events import Event
from ..wire.form import Form, Upload

MODEL = "gpt-4.1"
LEGACY_MODEL = "gpt-3.5-turbo-instruct"
LEGACY_DAY = min(model.shutdown for model in completion_models().values()) - timedelta(days=1)
"""The last day on which a model for legacy completions answered."""
HELLO = {"role": "user", "content": "Say hello"}

# A valid request for every route. If it names a model, the reply has the caller's name for it instead.
GOOD: dict[str, dict[str, Any]] = {
    "/v1/responses": {"model": MODEL, "input": "Say hello"},
    "/v1/responses/input_tokens": {"model": MODEL, "input": "Say hello"},
    "/v1/chat/completions": {"model": MODEL, "messages": [HELLO]},
    "/v1/chat/completions/{completion_id}": {"metadata": {}},
    "/v1/conversations": {},
    "/v1/conversations/{conversation_id}": {"metadata": {}},
    "/v1/conversations/{conversation_id}/items": {"items": [HELLO]},
    "/v1/completions": {"model": LEGACY_MODEL, "prompt": "Say hello"},
    "/v1/responses/compact": {"model": MODEL, "input": "Say hello"},
    "/v1/embeddings": {"model": "text-embedding-3-small", "input": "Say hello"},
    "/v1/moderations": {"input": "Say hello"},
    "/openai/deployments/{deployment}/chat/completions": {"messages": [HELLO]},
    "/openai/responses": {"model": MODEL, "input": "Say hello"},
    "/v1/batches": {"endpoint": "/v1/responses", "completion_window": "24h"},
    "/v1/uploads": {"bytes": 1, "filename": "a.txt", "mime_type": "text/plain", "purpose": "user_data"},
    "/v1/uploads/{upload_id}/complete": {"part_ids": []},
    "/v1/vector_stores": {},
    "/v1/vector_stores/{vector_store_id}": {},
    "/v1/vector_stores/{vector_store_id}/search": {"query": "Say hello"},
    "/v1/vector_stores/{vector_store_id}/files/{file_id}": {"attributes": {}},
}
LINE = b'{"custom_id": "1", "method": "POST", "url": "/v1/responses", "body": {"model": "gpt-4.1", "input": "Hi"}}'
FILE = Form({"purpose": "batch"}, {"file": Upload("requests.jsonl", LINE)})
TEXT = Form({"purpose": "assistants"}, {"file": Upload("hello.txt", b"Say hello")})
PART = Form({}, {"data": Upload("part", b"x")})
STORES = "/v1/vector_stores"

# What the caller still decides when a valid request replaces theirs.
KEPT: dict[str, tuple[str, ...]] = {
    "/v1/responses": ("stream", "background"),
    "/v1/chat/completions": ("stream", "n"),
    "/openai/deployments/{deployment}/chat/completions": ("stream", "n"),
    "/openai/responses": ("stream", "background"),
    "/v1/completions": ("stream", "n"),
    "/v1/embeddings": ("encoding_format",),
}


def answer(state: State, method: str, template: str, call: Call) -> Result:
    """Answer a request to a route in the form of the SDK's types, if need be with a valid request in its place."""
    if (method, template) == ("DELETE", "/v1/models/{model}"):
        return Result({"id": call.ids[0], "object": "model", "deleted": True})
    return _as_typed(_answered(state, method, template, call), template)


def _as_typed(result: Result, template: str) -> Result:
    """Return a result in the form of the SDK's types where the live API differs from them.

    The types require an answer's role where questions are listed, no user messages where a conversation was compacted,
    and a finish reason in each chunk of a legacy completion.
    """
    body = result.body
    if template.endswith("/messages") and isinstance(body, dict):
        return replace(result, body=body | {"data": [row | {"role": "assistant"} for row in body["data"]]})
    if template == "/v1/responses/compact" and isinstance(body, dict):
        return replace(result, body=body | {"output": body["output"][-1:]})
    if isinstance(body, dict) and body.get("object") == "vector_store.file_batch":
        return replace(result, body=body | {"object": "vector_store.files_batch"})
    if isinstance(body, dict) and template.startswith(STORES):
        return replace(result, body=body | {"name": body["name"] or ""} if "name" in body else body)
    if template == "/v1/completions" and isinstance(body, Iterator):
        return replace(result, body=_finished(body))
    return result


def _finished(events: Iterator[Event]) -> Iterator[Event]:
    for event in events:
        choices = [choice | {"finish_reason": choice["finish_reason"] or "stop"} for choice in event.data["choices"]]
        yield event._replace(data=event.data | {"choices": choices})


def _answered(state: State, method: str, template: str, call: Call) -> Result:
    answering = endpoint(method, template)
    if template == "/v1/completions":
        state = replace(state, today=min(state.today, LEGACY_DAY))
    try:
        return answering(state, call)
    except APIError:
        pass
    named = {}
    made = _made(state, template)
    if made:
        named = dict(zip(made, call.ids, strict=False))
        call = call._replace(ids=made)
    for attempt in (
        call,
        call._replace(body=_on_known_model(call.body), query={}),
        _good(state, template, call),
    ):
        try:
            result = answering(state, attempt)
        except APIError:
            continue
        if call.body and isinstance(call.body.get("model"), str):
            named |= dict.fromkeys(_names(state, attempt.body or {}), call.body["model"])
        return _renamed(result, named)
    return answering(state, call)


def _on_known_model(body: dict[str, Any] | None) -> dict[str, Any] | None:
    """Return a request on a model that takes most parameters, without the state it names."""
    if body is None:
        return None
    kept = {key: value for key, value in body.items() if key not in ("conversation", "previous_response_id", "prompt")}
    return kept | {"model": MODEL} if "model" in body else kept


def _good(state: State, template: str, call: Call) -> Call:
    """Return a valid request to a route, with as much of the caller's request as does no harm."""
    if template == "/v1/files":
        return Call(call.ids, None, {}, FILE)
    if template == "/v1/uploads/{upload_id}/parts":
        return Call(call.ids, None, {}, PART)
    body = dict(GOOD.get(template, {}))
    if template.endswith("/{vector_store_id}/files"):
        body["file_id"] = _text(state)
    elif template.endswith("/file_batches"):
        body["file_ids"] = [_text(state)]
    elif template.endswith("/complete"):
        upload = state.store.uploads.get(call.ids[0])
        body["part_ids"] = [*upload.parts] if upload else []
    if template == "/v1/batches":
        body["input_file_id"] = _id(endpoint("POST", "/v1/files")(state, Call((), None, {}, FILE)))
    body |= {key: call.body[key] for key in KEPT.get(template, ()) if call.body and key in call.body}
    query = {key: value for key, value in call.query.items() if key == "stream"}
    return Call(call.ids, body or None, query, fault=call.fault)


def _made(state: State, template: str) -> tuple[str, ...]:
    """Create what a route refers to, and return the ids."""

    def create(collection: str, **more: Any) -> str:
        body = GOOD[collection] | more
        return _id(endpoint("POST", collection)(state, Call((), body, {})))

    if template.startswith("/v1/responses/{"):
        return (create("/v1/responses", background=True),)
    if template.startswith("/v1/chat/completions/{"):
        return (create("/v1/chat/completions", store=True),)
    if template.startswith("/v1/conversations/{"):
        conversation = create("/v1/conversations", items=[HELLO])
        if "{item_id}" not in template:
            return (conversation,)
        items = endpoint("GET", "/v1/conversations/{conversation_id}/items")(state, Call((conversation,), None, {}))
        return (conversation, items.body["first_id"])  # type: ignore[call-overload, index]
    if template.startswith(("/v1/files/{", "/v1/batches/{")):
        file = _id(endpoint("POST", "/v1/files")(state, Call((), None, {}, FILE)))
        return (create("/v1/batches", input_file_id=file),) if template.startswith("/v1/batches") else (file,)
    if template.startswith("/v1/uploads/{"):
        upload = create("/v1/uploads")
        if template.endswith("/complete"):
            endpoint("POST", "/v1/uploads/{upload_id}/parts")(state, Call((upload,), None, {}, PART))
        return (upload,)
    if template.startswith(f"{STORES}/{{"):
        file = _text(state)
        store = create(STORES, file_ids=[file])
        if "{file_id}" in template:
            return (store, file)
        if "{batch_id}" in template:
            path = f"{STORES}/{{vector_store_id}}/file_batches"
            return (store, _id(endpoint("POST", path)(state, Call((store,), {"file_ids": [file]}, {}))))
        return (store,)
    return (MODEL,) if template == "/v1/models/{model}" else ()


def _text(state: State) -> str:
    """Upload a text, and return the id of the file."""
    return _id(endpoint("POST", "/v1/files")(state, Call((), None, {}, TEXT)))


def _id(result: Result) -> str:
    assert isinstance(result.body, dict)  # noqa: S101 - narrows the type
    return str(result.body["id"])


def _names(state: State, body: dict[str, Any]) -> list[str]:
    """Return the names that a reply may have for a request's model: its own or its snapshot's."""
    known = families.find(body.get("model", ""), state.today)
    return [body["model"], *([known.snapshot] if known else [])] if "model" in body else []


def _renamed(result: Result, names: dict[str, str]) -> Result:
    """Return a result in which values have the caller's names."""

    def rename(value: Any) -> Any:
        if isinstance(value, str):
            return names.get(value, value)
        if isinstance(value, dict):
            return {key: rename(inner) for key, inner in value.items()}
        return [rename(inner) for inner in value] if isinstance(value, list) else value

    def renamed(events: Iterator[Event]) -> Iterator[Event]:
        for event in events:
            yield event._replace(data=rename(event.data))

    if isinstance(result.body, dict):
        return replace(result, body=rename(result.body))
    return replace(result, body=renamed(result.body)) if isinstance(result.body, Iterator) else result
