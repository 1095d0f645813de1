"""The table of routes: which endpoint answers which method and path."""

import re
from collections import defaultdict
from collections.abc import Callable
from contextlib import suppress
from functools import cache
from importlib import import_module

from ..model import tokens
from ..wire.errors import error
from .shared.call import Call
from .shared.result import Result
from .shared.state import State

Endpoint = Callable[[State, Call], Result]

ENDPOINTS: dict[tuple[str, str], str | Endpoint] = {
    ("POST", "/v1/responses"): "responses.create.create",
    ("GET", "/v1/responses/{response_id}"): "responses.stored.retrieve",
    ("DELETE", "/v1/responses/{response_id}"): "responses.stored.delete",
    ("POST", "/v1/responses/{response_id}/cancel"): "responses.stored.cancel",
    ("GET", "/v1/responses/{response_id}/input_items"): "responses.stored.list_input_items",
    ("POST", "/v1/responses/input_tokens"): "responses.create.count_input_tokens",
    ("POST", "/v1/responses/compact"): "responses.compact.compact",
    ("POST", "/v1/chat/completions"): "chat_completions.create.create",
    ("GET", "/v1/chat/completions"): "chat_completions.stored.list_stored",
    ("GET", "/v1/chat/completions/{completion_id}"): "chat_completions.stored.retrieve",
    ("POST", "/v1/chat/completions/{completion_id}"): "chat_completions.stored.update",
    ("DELETE", "/v1/chat/completions/{completion_id}"): "chat_completions.stored.delete",
    ("GET", "/v1/chat/completions/{completion_id}/messages"): "chat_completions.stored.list_messages",
    ("POST", "/v1/conversations"): "conversations.create",
    ("GET", "/v1/conversations/{conversation_id}"): "conversations.retrieve",
    ("POST", "/v1/conversations/{conversation_id}"): "conversations.update",
    ("DELETE", "/v1/conversations/{conversation_id}"): "conversations.delete",
    ("POST", "/v1/conversations/{conversation_id}/items"): "conversations.create_items",
    ("GET", "/v1/conversations/{conversation_id}/items"): "conversations.list_items",
    ("GET", "/v1/conversations/{conversation_id}/items/{item_id}"): "conversations.retrieve_item",
    ("DELETE", "/v1/conversations/{conversation_id}/items/{item_id}"): "conversations.delete_item",
    ("POST", "/v1/completions"): "completions.create",
    ("POST", "/v1/embeddings"): "embeddings.create",
    ("POST", "/v1/moderations"): "moderations.create",
    ("POST", "/v1/files"): "files.create",
    ("GET", "/v1/files"): "files.list",
    ("GET", "/v1/files/{file_id}"): "files.retrieve",
    ("DELETE", "/v1/files/{file_id}"): "files.delete",
    ("GET", "/v1/files/{file_id}/content"): "files.content",
    ("POST", "/v1/uploads"): "uploads.create",
    ("POST", "/v1/uploads/{upload_id}/parts"): "uploads.create_part",
    ("POST", "/v1/uploads/{upload_id}/complete"): "uploads.complete",
    ("POST", "/v1/uploads/{upload_id}/cancel"): "uploads.cancel",
    ("POST", "/v1/vector_stores"): "vector_stores.stores.create",
    ("GET", "/v1/vector_stores"): "vector_stores.stores.list",
    ("GET", "/v1/vector_stores/{vector_store_id}"): "vector_stores.stores.retrieve",
    ("POST", "/v1/vector_stores/{vector_store_id}"): "vector_stores.stores.update",
    ("DELETE", "/v1/vector_stores/{vector_store_id}"): "vector_stores.stores.delete",
    ("POST", "/v1/vector_stores/{vector_store_id}/search"): "vector_stores.stores.search_store",
    ("POST", "/v1/vector_stores/{vector_store_id}/files"): "vector_stores.files.create",
    ("GET", "/v1/vector_stores/{vector_store_id}/files"): "vector_stores.files.list",
    ("GET", "/v1/vector_stores/{vector_store_id}/files/{file_id}"): "vector_stores.files.retrieve",
    ("POST", "/v1/vector_stores/{vector_store_id}/files/{file_id}"): "vector_stores.files.update",
    ("DELETE", "/v1/vector_stores/{vector_store_id}/files/{file_id}"): "vector_stores.files.delete",
    ("GET", "/v1/vector_stores/{vector_store_id}/files/{file_id}/content"): "vector_stores.files.content",
    ("POST", "/v1/vector_stores/{vector_store_id}/file_batches"): "vector_stores.file_batches.create",
    ("GET", "/v1/vector_stores/{vector_store_id}/file_batches/{batch_id}"): "vector_stores.file_batches.retrieve",
    ("POST", "/v1/vector_stores/{vector_store_id}/file_batches/{batch_id}/cancel"): "vector_stores.file_batches.cancel",
    ("GET", "/v1/vector_stores/{vector_store_id}/file_batches/{batch_id}/files"): "vector_stores.file_batches.files",
    ("POST", "/v1/batches"): "batches.create",
    ("GET", "/v1/batches"): "batches.list",
    ("GET", "/v1/batches/{batch_id}"): "batches.retrieve",
    ("POST", "/v1/batches/{batch_id}/cancel"): "batches.cancel",
    ("GET", "/v1/models"): "models.list",
    ("GET", "/v1/models/{model}"): "models.retrieve",
    ("DELETE", "/v1/models/{model}"): "models.delete",
    ("POST", "/openai/deployments/{deployment}/chat/completions"): "azure.create_chat_completion",
    ("POST", "/openai/responses"): "azure.create_response",
}
"""Endpoints: a function in a module next to this one, loaded when it is first called, because most never are."""


def endpoint(method: str, template: str) -> Endpoint:
    """Return the function for a route in `ENDPOINTS`."""
    found = ENDPOINTS[method, template]
    return _loaded(found) if isinstance(found, str) else found


@cache
def _loaded(name: str) -> Endpoint:
    module, _, function = name.rpartition(".")
    found: Endpoint = getattr(import_module(f".{module}", __package__), function)
    return found


OTHER = "nothing yet; `--upstream` passes requests on to a server that supports this resource"
UNSIMULATED: dict[str, str] = {
    "audio": OTHER,
    "containers": OTHER,
    "evals": OTHER,
    "fine_tuning": OTHER,
    "images": "images as input to `responses` and `chat/completions`",
    "organization": OTHER,
    "realtime": "streams of `responses` and `chat/completions`",
    "videos": OTHER,
}
"""API resources that the sandbox does not have yet, and what there is instead.

Saying so helps more than an "unknown address" error. Assistants are not among them, because the API itself no longer
has them.
"""
_UNSIMULATED = re.compile(rf"/openai/|/v1/(?P<resource>{'|'.join(UNSIMULATED)})(?:$|/)")

_PLAIN = frozenset(route for route in ENDPOINTS if "{" not in route[1])
_PATTERNS: dict[str, list[tuple[re.Pattern[str], str]]] = defaultdict(list)
for _method, _path in ENDPOINTS:
    if (_method, _path) not in _PLAIN:
        _PATTERNS[_method].append((re.compile(re.sub(r"{\w+}", "([^/]+)", _path)), _path))


def find(method: str, path: str) -> tuple[str, tuple[str, ...]]:
    """Return the route for a path as in ENDPOINTS, and the ids in the path, in order.

    Raises:
        APIError: the API has no such route, or the sandbox does not simulate it.
    """
    if (method, path) in _PLAIN:
        return path, ()
    for pattern, template in _PATTERNS.get(method, ()):
        if match := pattern.fullmatch(path):
            return template, match.groups()
    if found := _UNSIMULATED.match(path):
        instead = UNSIMULATED.get(found["resource"] or "", OTHER).replace("`", "")
        raise error("route_unsupported", param=f"{method} {path}", instead=instead)
    raise error("unknown_route", method=method, path=path)


def warm_up() -> None:
    """Load what requests need: the tokenizer's ranks, the request schemas and all endpoints.

    If the system has no file descriptors left, the rest is loaded when it is first needed.
    """
    with suppress(OSError):
        tokens.warm_up()
        for api in ("responses", "chat_completions"):
            import_module(f".{api}.checks", __package__).VALIDATOR.schema  # noqa: B018
        for method, template in ENDPOINTS:
            endpoint(method, template)
