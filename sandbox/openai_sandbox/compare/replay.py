"""Sends recorded requests to the sandbox, as of the day of each recording."""

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any

from ..api.shared.bounded import Charge
from ..api.shared.items import stored_items
from ..api.shared.mcp_servers import McpTool
from ..api.shared.state import State
from ..api.shared.store import Conversation, StoredFile, StoredResponse, VectorStore
from ..api.shared.vector_store import add
from ..core import Core
from ..model.families import as_of
from ..stages.rate_limit import Limiter
from ..wire.errors import APIError
from ..wire.messages import Reply, Request
from .differences import Difference, differences, values_that_differ
from .recording import Recording
from .shapes import Shape, shape

KEY = "sk-sandbox-compare"
REFUSED_KEY = "sk-refused"
UNSUPPORTED = "sandbox_unsupported"
LIMITS = "x-ratelimit-"
MOST_TIER = 5

# What replaces the files that a recording names: a name and the smallest accepted content.
PICTURE = ("picture.png", b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\x01\0\0\0\x01\x08\x06\0\0\0\x1f\x15\xc4\x89")
DOCUMENT = ("document.pdf", b"%PDF-1.4\n1 0 obj <</Type /Page>> endobj\n%%EOF\n")


class StandIn:
    """Replaces every MCP server that a recording names: each has one tool, which answers any question."""

    def list_tools(self, url: str, headers: Mapping[str, str]) -> list[McpTool]:
        """Return the tool."""
        schema = {"type": "object", "properties": {"question": {"type": "string"}}, "required": ["question"]}
        return [McpTool("ask_question", "Tell more about a repository", schema)]

    def call_tool(self, url: str, headers: Mapping[str, str], name: str, arguments: str) -> str:
        """Return an answer."""
        return "Simulated."


@dataclass(frozen=True, slots=True)
class Outcome:
    """The result of one recording: the sandbox's answer, and what differs in structure and in values.

    `unsupported` names what the sandbox says it does not have yet.
    """

    recording: Recording
    here: Shape
    structure: list[Difference]
    values: list[Difference]

    @property
    def same_status(self) -> bool:
        """Tell whether both answers have the same status."""
        return self.recording.live.status == self.here.status

    @property
    def same_structure(self) -> bool:
        """Tell whether nothing differs in structure."""
        return not self.structure

    @property
    def unsupported(self) -> str | None:
        """What the sandbox does not have, in its own words."""
        error = self.here.error or {}
        return str(error.get("param")) if error.get("code") == UNSUPPORTED else None


def replay(recordings: Iterable[Recording], seed: int = 1, *, as_of_today: bool = False) -> Iterator[Outcome]:
    """Send the requests of one file, in order, to one sandbox, and yield the result of each.

    Its clock shows the day of each recording, or today with `as_of_today` or if there is no day. What a request refers
    to and the live API had, such as an earlier response, exists in the sandbox too. A key that was refused is refused.
    """
    noon = 0.0
    recordings = list(recordings)
    limited = any(name.startswith(LIMITS) for recording in recordings for name in recording.live.headers)
    core = Core(seed=seed, now=lambda: noon, tier=MOST_TIER if limited else None, mcp=StandIn())
    for recording in recordings:
        today = as_of() if as_of_today else recording.recorded or as_of()
        noon = datetime(today.year, today.month, today.day, 12, tzinfo=UTC).timestamp()
        core.state = replace(core.state, today=today)
        if recording.live.status < 400:
            _provide(core, recording, noon)
        held = core.state.store.conversations.get(_conversation_of(recording))
        before = dict(held.items) if held else {}
        reply, _ = core.handle(_request(recording))
        if core.limiter:
            core.limiter = Limiter(MOST_TIER)  # one request must not use up what the next one needs
        here = shape(reply.status, reply.headers.get("content-type"), _bytes(reply), reply.headers)
        live = recording.live
        yield Outcome(recording, here, differences(live, here), values_that_differ(live, here))
        if recording.answer and live.status < 400:
            _keep(core, recording, recording.answer, before)


def _request(recording: Recording) -> Request:
    refused = recording.live.status == 401
    body = recording.body
    return Request(
        method=recording.method,
        path=recording.path,
        headers={
            "authorization": f"Bearer {REFUSED_KEY if refused else KEY}",
            "api-key": REFUSED_KEY if refused else KEY,
            "content-type": recording.content_type if isinstance(body, bytes) else "application/json",
        },
        body=body if isinstance(body, bytes) else b"" if body is None else json.dumps(body).encode(),
        query=recording.query,
    )


def _bytes(reply: Reply) -> bytes:
    return reply.body if isinstance(reply.body, bytes) else b"".join(piece for _, piece in reply.body)


def _provide(core: Core, recording: Recording, now: float) -> None:
    """Create what a request refers to, if the live API had it and the sandbox does not."""
    body = recording.body if isinstance(recording.body, dict) else {}
    store = core.state.store
    previous = body.get("previous_response_id")
    if isinstance(previous, str) and store.responses.get(previous) is None:
        store.responses.add(StoredResponse({"id": previous, "output": _calls(body)}, []))
    id = _conversation_of(recording)
    if id and store.conversations.get(id) is None:
        made = Conversation(id, int(now), {})
        made.items.update((item["id"], item) for item in _calls(body))
        store.conversations.add(made)

    for store_id in _named_stores(body):
        if store.vector_stores.get(store_id) is None:
            store.vector_stores.add(_vector_store(core.state, store_id, body))
    for file_id, kind in _named_files(body):
        if store.files.get(file_id) is None:
            name, content = PICTURE if kind == "input_image" else DOCUMENT
            store.files.add(StoredFile(file_id, int(now), name, "user_data", content))


def _vector_store(state: State, id: str, body: Mapping[str, Any]) -> VectorStore:
    """Return a store with a file whose text is the request's first question."""
    now = int(state.now())
    made = VectorStore(id, now, None, None, {}, None, now, Charge(state.store.vector_stores.ledger, 0))
    given = body.get("input")
    text = json.dumps(given[:1] if isinstance(given, list) else given).encode()
    add(state, made, StoredFile(f"file-of-{id}", now, "document.txt", "assistants", text), None, None)
    return made


def _named_stores(body: Mapping[str, Any]) -> Iterator[str]:
    """Yield the vector stores that a request searches, even if other parts of it are wrong."""
    tools = body.get("tools")
    for tool in tools if isinstance(tools, list) else ():
        ids = tool.get("vector_store_ids") if isinstance(tool, dict) else None
        yield from (id for id in ids if isinstance(id, str)) if isinstance(ids, list) else ()


def _conversation_of(recording: Recording) -> str:
    """Return the id of the conversation that a request continues, or an empty string."""
    given = recording.body.get("conversation") if isinstance(recording.body, dict) else None
    id = given.get("id") if isinstance(given, dict) else given
    return id if isinstance(id, str) else ""


def _named_files(value: Any, kind: str = "") -> Iterator[tuple[str, str]]:
    """Yield the files that a request names, and the kind of part that names each."""
    if isinstance(value, dict):
        if isinstance(value.get("file_id"), str):
            yield value["file_id"], str(value.get("type") or kind)
        for inner in value.values():
            yield from _named_files(inner, str(value.get("type") or kind))
    elif isinstance(value, list):
        for inner in value:
            yield from _named_files(inner, kind)


def _calls(body: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Return the function calls that a request answers but does not send."""
    given = body.get("input")
    items = [item for item in given if isinstance(item, dict)] if isinstance(given, list) else []
    sent = {item.get("call_id") for item in items if item.get("type") == "function_call"}
    return [
        {"type": "function_call", "id": f"fc_{number}", "call_id": item["call_id"], "name": "tool", "arguments": "{}"}
        for number, item in enumerate(items)
        if item.get("type") == "function_call_output" and item.get("call_id") not in (None, *sent)
    ]


def _keep(core: Core, recording: Recording, answer: dict[str, Any], before: Mapping[str, dict[str, Any]]) -> None:
    """Keep the live API's answer under its own id, because later requests in a file refer to that.

    `before` has the conversation's items from before the request: the sandbox's answer does not belong there.
    """
    store = core.state.store
    if answer.get("object") == "response" and isinstance(answer.get("output"), list):
        body = recording.body if isinstance(recording.body, dict) else {}
        previous = store.responses.get(str(body.get("previous_response_id")))
        given = _given(core, body)
        store.responses.add(StoredResponse(answer, given, previous))
        if held := store.conversations.get(_conversation_of(recording)):
            held.items.clear()
            held.items.update(before)
            held.items.update((str(item.get("id")), item) for item in [*given, *answer["output"]])
    elif answer.get("object") == "conversation":
        store.conversations.add(Conversation(answer["id"], answer.get("created_at") or 0, answer.get("metadata") or {}))


def _given(core: Core, body: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Return the items of a request as the sandbox would keep them, or none if it does not know one of them."""
    try:
        return stored_items(core.state.ids, body.get("input") or [], "input")
    except (APIError, KeyError, TypeError, AttributeError):
        return []
