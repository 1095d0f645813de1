"""What each mock is asked, and how its replies are judged: the same for all.

Nothing but the standard library is imported: for a mock that works inside a process, this file is run in its own
environment. A probe returns whether the mock does the thing. What it cannot do shows as a status, a missing member or a
broken connection, all of which are a no.
"""

import base64
import json
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol

MODEL = "gpt-4o"
EMBEDDING_MODEL = "text-embedding-3-small"
ANSWER = "Foxes: naïve, 1,234,567 of them; ¡más rápido! 狐は速い。"
ANSWER_TOKENS = 25
PROMPT_TOKENS = 5
FRAMING = 12
"""How many tokens more than its text a prompt may have: those of roles and separators."""
WAIT = 0.3
LONGEST = 8.0
"""How many seconds something that is done in the background may take."""

SAY = "Say something about foxes"
CALL = "What is the weather in Paris?"
MISFIT = "Give me a ticket that is wrong"
LIMITED = "Please be rate limited"
BROKEN = "Please fail with a server error"
CUT = "Please break off"
SLOW = "Please take your time"
OTHER = "Anything else"
TOOL_OUTPUT = "21 degrees"
AFTER_TOOL = "It is warm."

PARAMETERS = {
    "type": "object",
    "properties": {"city": {"type": "string"}},
    "required": ["city"],
    "additionalProperties": False,
}
TICKET = {
    "type": "object",
    "properties": {"title": {"type": "string"}, "priority": {"type": "integer"}},
    "required": ["title", "priority"],
    "additionalProperties": False,
}
LOOSE = {"type": "object", "properties": {"title": {"type": "string"}}}
WRONG_TICKET = '{"headline": 5}'


@dataclass(frozen=True, slots=True)
class Reply:
    """A reply. `whole` is False where the connection broke in the middle of it. Header names are in lower case."""

    status: int
    headers: Mapping[str, str]
    body: bytes
    whole: bool = True

    def json(self) -> Any:
        """Return the body."""
        return json.loads(self.body)

    def events(self) -> list[Any]:
        """Return the data of a stream's events. The mark at the end of chat streams is a text."""
        lines = [line[5:].strip() for line in self.body.decode().splitlines() if line.startswith("data:")]
        return [line if line == "[DONE]" else json.loads(line) for line in lines]


class Mock(Protocol):
    """A running mock."""

    def arrange(self, prompt: str) -> None:
        """See to it that the next request, which has this prompt, is answered as the prompt is meant to be."""

    def send(self, method: str, path: str, body: Any = None, *, key: bool = True) -> Reply:
        """Send a request. A mapping whose `file` is bytes is sent as a form."""


@dataclass
class Probing:
    """A mock that is asked, and what it said that is looked at later."""

    mock: Mock
    kept: dict[str, Any] = field(default_factory=dict)

    def post(self, path: str, body: Any, prompt: str = OTHER, *, key: bool = True) -> Reply:
        """Send a request for which an answer was arranged."""
        self.mock.arrange(prompt)
        return self.mock.send("POST", path, body, key=key)

    def get(self, path: str) -> Reply:
        """Get something."""
        return self.mock.send("GET", path)

    def responses(self, prompt: Any, asked: str = "", **more: Any) -> Reply:
        """Ask the model by the Responses API. `asked` is the prompt to arrange for, where input is not a text."""
        given = {} if prompt is None else {"input": prompt}
        said = asked or (prompt if isinstance(prompt, str) else OTHER)
        return self.post("/responses", {"model": MODEL, **given, **more}, said)

    def chat(self, prompt: Any, asked: str = "", **more: Any) -> Reply:
        """Ask the model by Chat Completions."""
        messages = [{"role": "user", "content": prompt}] if isinstance(prompt, str) else prompt
        given = {} if messages is None else {"messages": messages}
        said = asked or (prompt if isinstance(prompt, str) else OTHER)
        return self.post("/chat/completions", {"model": MODEL, **given, **more}, said)


Probe = Callable[[Probing], bool]
PROBES: dict[str, dict[str, Probe]] = {}
"""All probes, by what they are about and by name."""


def probe(about: str, name: str) -> Callable[[Probe], Probe]:
    """Register a probe."""

    def register(function: Probe) -> Probe:
        PROBES.setdefault(about, {})[name] = function
        return function

    return register


def results(mock: Mock) -> tuple[dict[str, dict[str, bool]], dict[str, Any]]:
    """Run all probes. Returns what each found, and the replies to be looked at later."""
    probing = Probing(mock)
    return {about: {name: _holds(one, probing) for name, one in some.items()} for about, some in PROBES.items()}, (
        probing.kept
    )


def _holds(one: Probe, probing: Probing) -> bool:
    try:
        return bool(one(probing))
    except (ArithmeticError, AttributeError, LookupError, TypeError, ValueError, OSError):
        return False  # a reply of another form, or none at all


# What the two APIs say and refuse.


def text_of(response: Any) -> str:
    """Return what a response says."""
    parts = [part for item in response["output"] if item["type"] == "message" for part in item["content"]]
    return "".join(part["text"] for part in parts)


def said_by(completion: Any) -> Any:
    """Return what a chat completion says."""
    return completion["choices"][0]["message"]["content"]


@probe("apis", "responses")
def _(api: Probing) -> bool:
    reply = api.responses(SAY).json()
    api.kept["responses"] = reply
    return text_of(reply) == ANSWER


@probe("apis", "chat")
def _(api: Probing) -> bool:
    reply = api.chat(SAY).json()
    api.kept["chat"] = reply
    return bool(said_by(reply) == ANSWER)


def _answered(reply: Reply) -> bool:
    return 200 <= reply.status < 300 and "error" not in {k for k, v in reply.json().items() if v}


def _refused(reply: Reply, *statuses: int) -> bool:
    return reply.status in (statuses or (400, 404, 422)) and bool(reply.json()["error"]["message"])


def _function(parameters: Any = PARAMETERS, **more: Any) -> dict[str, Any]:
    return {"type": "function", "name": "get_weather", "parameters": parameters, **more}


def _format(schema: Any) -> dict[str, Any]:
    return {"format": {"type": "json_schema", "name": "ticket", "strict": True, "schema": schema}}


def _chat_format(schema: Any) -> dict[str, Any]:
    return {"type": "json_schema", "json_schema": {"name": "ticket", "strict": True, "schema": schema}}


# A request counts as refused only if the mock answers the same request without the mistake.
REFUSED_RESPONSES: dict[str, Callable[[Probing], Reply]] = {
    "an unknown model": lambda api: api.post("/responses", {"model": "gpt-nothing", "input": OTHER}),
    "a temperature that is a text": lambda api: api.responses(OTHER, temperature="hot"),
    "a temperature of 3": lambda api: api.responses(OTHER, temperature=3),
    "no input": lambda api: api.responses(None),
    "an unknown parameter": lambda api: api.responses(OTHER, mood="good"),
    "a strict schema that is not closed": lambda api: api.responses(OTHER, text=_format(LOOSE)),
    "a tool's output without its call": lambda api: api.responses(
        [{"type": "function_call_output", "call_id": "call_unknown", "output": "1"}]
    ),
    "a cap of one output token": lambda api: api.responses(OTHER, max_output_tokens=1),
}
REFUSED_CHAT: dict[str, Callable[[Probing], Reply]] = {
    "an unknown model": lambda api: api.post(
        "/chat/completions", {"model": "gpt-nothing", "messages": [{"role": "user", "content": OTHER}]}
    ),
    "a temperature that is a text": lambda api: api.chat(OTHER, temperature="hot"),
    "a temperature of 3": lambda api: api.chat(OTHER, temperature=3),
    "no messages": lambda api: api.chat(None),
    "an unknown parameter": lambda api: api.chat(OTHER, mood="good"),
    "a strict schema that is not closed": lambda api: api.chat(OTHER, response_format=_chat_format(LOOSE)),
    "a tool's output without its call": lambda api: api.chat(
        [{"role": "user", "content": OTHER}, {"role": "tool", "tool_call_id": "call_unknown", "content": "1"}], OTHER
    ),
    "five stop sequences": lambda api: api.chat(OTHER, stop=["a", "b", "c", "d", "e"]),
}


def _refuses(request: Callable[[Probing], Reply], good: Callable[[Probing], Reply]) -> Probe:
    return lambda api: _answered(good(api)) and _refused(request(api))


for _name, _request in REFUSED_RESPONSES.items():
    probe("refused_responses", _name)(_refuses(_request, lambda api: api.responses(OTHER)))
for _name, _request in REFUSED_CHAT.items():
    probe("refused_chat", _name)(_refuses(_request, lambda api: api.chat(OTHER)))


@probe("key", "refuses a request without a key")
def _(api: Probing) -> bool:
    body = {"model": MODEL, "messages": [{"role": "user", "content": OTHER}]}
    good, bad = api.post("/chat/completions", body), api.post("/chat/completions", body, key=False)
    return _answered(good) and _refused(bad, 401)


# State.


@probe("state", "a response can be continued, and one that was never made cannot")
def _(api: Probing) -> bool:
    first = api.responses(OTHER).json()
    second = api.responses(OTHER, previous_response_id=first["id"])
    return _answered(second) and _refused(api.responses(OTHER, previous_response_id=f"resp_{'0' * 48}"))


@probe("state", "a conversation has the items of its turns")
def _(api: Probing) -> bool:
    id = api.post("/conversations", {}).json()["id"]
    api.responses(SAY, conversation=id)
    texts = json.dumps(api.get(f"/conversations/{id}/items").json(), ensure_ascii=False)
    return SAY in texts and ANSWER in texts


@probe("state", "a response can be retrieved")
def _(api: Probing) -> bool:
    made = api.responses(SAY).json()
    return text_of(api.get(f"/responses/{made['id']}").json()) == ANSWER


@probe("state", "a deleted response is gone")
def _(api: Probing) -> bool:
    path = f"/responses/{api.responses(OTHER).json()['id']}"
    return api.get(path).status == 200 and api.mock.send("DELETE", path).status == 200 and api.get(path).status == 404


@probe("state", "the input of a response can be listed")
def _(api: Probing) -> bool:
    items = api.get(f"/responses/{api.responses(SAY).json()['id']}/input_items").json()["data"]
    return SAY in json.dumps(items)


@probe("state", "a file comes back as it was sent")
def _(api: Probing) -> bool:
    content = b'{"custom_id": "a"}\n'
    id = _upload(api, content, "batch")
    same = api.get(f"/files/{id}").json()["bytes"] == len(content)
    return same and api.get(f"/files/{id}/content").body == content


def _upload(api: Probing, content: bytes, purpose: str) -> str:
    name = "data.jsonl" if purpose == "batch" else "notes.txt"
    made = api.mock.send("POST", "/files", {"purpose": purpose, "filename": name, "file": content}).json()
    return str(made["id"])


# Usage, streams, tools, schemas.


@probe("usage", "output")
def _(api: Probing) -> bool:
    return bool(api.chat(SAY).json()["usage"]["completion_tokens"] == ANSWER_TOKENS)


@probe("usage", "input")
def _(api: Probing) -> bool:
    counted: int = api.chat(SAY).json()["usage"]["prompt_tokens"]
    longer = api.chat([{"role": "system", "content": ANSWER}, {"role": "user", "content": SAY}], SAY).json()
    more: int = longer["usage"]["prompt_tokens"] - counted
    return PROMPT_TOKENS <= counted <= PROMPT_TOKENS + FRAMING and ANSWER_TOKENS <= more <= ANSWER_TOKENS + FRAMING


STREAM = (
    "response.created",
    "response.in_progress",
    "response.output_item.added",
    "response.content_part.added",
    "response.output_text.delta",
    "response.output_text.done",
    "response.content_part.done",
    "response.output_item.done",
    "response.completed",
)


@probe("streams", "responses")
def _(api: Probing) -> bool:
    events = api.responses(SAY, stream=True).events()
    kinds = list(dict.fromkeys(event["type"] for event in events))
    once = all(sum(event["type"] == kind for event in events) == 1 for kind in STREAM if not kind.endswith("delta"))
    said = "".join(event["delta"] for event in events if event["type"] == "response.output_text.delta")
    return tuple(kinds) == STREAM and once and said == ANSWER


@probe("streams", "numbers")
def _(api: Probing) -> bool:
    events = api.responses(SAY, stream=True).events()
    return [event["sequence_number"] for event in events] == list(range(len(events))) != []


@probe("streams", "chat")
def _(api: Probing) -> bool:
    *chunks, end = api.chat(SAY, stream=True).events()
    choices = [chunk["choices"][0] for chunk in chunks]
    said = "".join(choice["delta"].get("content") or "" for choice in choices)
    reasons = [choice.get("finish_reason") for choice in choices]
    role = choices[0]["delta"].get("role") == "assistant"
    return role and end == "[DONE]" and said == ANSWER and reasons[-1] == "stop" and not any(reasons[:-1])


@probe("tools", "responses")
def _(api: Probing) -> bool:
    first = api.responses(CALL, tools=[_function(strict=True)]).json()
    (call,) = (item for item in first["output"] if item["type"] == "function_call")
    output = {"type": "function_call_output", "call_id": call["call_id"], "output": TOOL_OUTPUT}
    asked = [{"role": "user", "content": CALL}, call, output]
    second = api.responses(asked, AFTER_TOOL, tools=[_function(strict=True)]).json()
    return json.loads(call["arguments"]) == {"city": "Paris"} and text_of(second) == AFTER_TOOL


@probe("tools", "chat")
def _(api: Probing) -> bool:
    tools = [{"type": "function", "function": {"name": "get_weather", "parameters": PARAMETERS}}]
    message = api.chat(CALL, tools=tools).json()["choices"][0]["message"]
    (call,) = message["tool_calls"]
    output = {"role": "tool", "tool_call_id": call["id"], "content": TOOL_OUTPUT}
    second = api.chat([{"role": "user", "content": CALL}, message, output], AFTER_TOOL, tools=tools).json()
    return json.loads(call["function"]["arguments"]) == {"city": "Paris"} and bool(said_by(second) == AFTER_TOOL)


@probe("schemas", "an answer that nobody scripted fits the schema")
def _(api: Probing) -> bool:
    made = json.loads(said_by(api.chat(OTHER, "", response_format=_chat_format(TICKET)).json()))
    return set(made) == {"title", "priority"} and isinstance(made["title"], str) and isinstance(made["priority"], int)


@probe("schemas", "a scripted answer that does not fit the schema is an error")
def _(api: Probing) -> bool:
    given = api.chat(MISFIT)
    asked = api.chat(MISFIT, response_format=_chat_format(TICKET))
    return said_by(given.json()) == WRONG_TICKET and asked.status >= 400


# Failures.


@probe("faults", "status 429 with Retry-After")
def _(api: Probing) -> bool:
    reply = api.chat(LIMITED)
    return reply.status == 429 and float(reply.headers["retry-after"]) > 0


@probe("faults", "status 500")
def _(api: Probing) -> bool:
    return api.chat(BROKEN).status == 500


@probe("faults", "a stream that breaks off")
def _(api: Probing) -> bool:
    reply = api.chat(CUT, stream=True)
    return reply.status == 200 and b'"delta"' in reply.body and b"[DONE]" not in reply.body


@probe("faults", "an answer that takes its time")
def _(api: Probing) -> bool:
    begun = time.perf_counter()
    reply = api.chat(SLOW, stream=True)
    return reply.status == 200 and b"[DONE]" in reply.body and time.perf_counter() - begun >= WAIT


# Other resources.


@probe("resources", "embeddings")
def _(api: Probing) -> bool:
    reply = api.post("/embeddings", {"model": EMBEDDING_MODEL, "input": ["a", "b"], "encoding_format": "float"})
    vectors = [one["embedding"] for one in reply.json()["data"]]
    return len(vectors) == 2 and all(isinstance(value, int | float) for vector in vectors for value in vector)


@probe("resources", "embeddings of the right length, also as base64")
def _(api: Probing) -> bool:
    asked = {"model": EMBEDDING_MODEL, "input": "a", "encoding_format": "base64"}
    (one,) = api.post("/embeddings", asked).json()["data"]
    return len(base64.b64decode(one["embedding"])) == 1536 * 4


@probe("resources", "files")
def _(api: Probing) -> bool:
    id = _upload(api, b"text", "user_data")
    return any(one["id"] == id for one in api.get("/files").json()["data"])


@probe("resources", "batches")
def _(api: Probing) -> bool:
    line = {"model": MODEL, "messages": [{"role": "user", "content": SAY}]}
    asked = {"custom_id": "one", "method": "POST", "url": "/v1/chat/completions", "body": line}
    file = _upload(api, json.dumps(asked).encode(), "batch")
    wanted = {"input_file_id": file, "endpoint": "/v1/chat/completions", "completion_window": "24h"}
    id = api.post("/batches", wanted).json()["id"]
    *_, batch = _polled(api, f"/batches/{id}")
    written = api.get(f"/files/{batch['output_file_id']}/content").json()
    return bool(written["custom_id"] == "one" and said_by(written["response"]["body"]))


def _polled(api: Probing, path: str) -> Iterator[Any]:
    """Yield an object until it is completed or failed, for a while."""
    patience = time.monotonic() + LONGEST
    status = ""
    while status not in ("completed", "failed") and time.monotonic() < patience:
        found = api.get(path).json()
        status = found["status"]
        yield found
        time.sleep(0.1)


@probe("resources", "vector stores")
def _(api: Probing) -> bool:
    id = api.post("/vector_stores", {"name": "notes"}).json()["id"]
    return bool(api.get(f"/vector_stores/{id}").json()["name"] == "notes")


@probe("resources", "search in a vector store")
def _(api: Probing) -> bool:
    id = api.post("/vector_stores", {"name": "notes"}).json()["id"]
    file = _upload(api, b"Foxes are quick and brown.", "user_data")
    api.post(f"/vector_stores/{id}/files", {"file_id": file})
    list(_polled(api, f"/vector_stores/{id}/files/{file}"))
    found = api.post(f"/vector_stores/{id}/search", {"query": "Which animals are quick?"}).json()["data"]
    return "Foxes" in json.dumps(found)


@probe("resources", "background responses")
def _(api: Probing) -> bool:
    made = api.responses(SAY, background=True).json()
    seen = [made["status"], *(one["status"] for one in _polled(api, f"/responses/{made['id']}"))]
    return seen[0] in ("queued", "in_progress") and seen[-1] == "completed"


@probe("resources", "moderations")
def _(api: Probing) -> bool:
    (result,) = api.post("/moderations", {"model": "omni-moderation-latest", "input": "a"}).json()["results"]
    return isinstance(result["flagged"], bool)


@probe("others", "images")
def _(api: Probing) -> bool:
    return bool(api.post("/images/generations", {"model": "gpt-image-1", "prompt": "A fox"}).json()["data"])


@probe("others", "speech")
def _(api: Probing) -> bool:
    reply = api.post("/audio/speech", {"model": "gpt-4o-mini-tts", "voice": "alloy", "input": "A fox"})
    return reply.status == 200 and len(reply.body) > 0


@probe("others", "anthropic")
def _(api: Probing) -> bool:
    body = {"model": "claude-sonnet-4-5", "max_tokens": 64, "messages": [{"role": "user", "content": SAY}]}
    said = [api.post(path, body, SAY) for path in ("/messages", "/../anthropic/v1/messages")]
    return any(one.status == 200 and one.json()["content"][0]["text"] == ANSWER for one in said)
