"""Asking a sandbox in process, and what it answers when it refuses: for tests that send many requests."""

from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple

from pydantic_core import from_json, to_json

from openai_sandbox.core import Core, Request

Body = dict[str, Any]

KEY = {"authorization": "Bearer sk-sandbox"}
BAD = "invalid_request_error"
HI = {"role": "user", "content": "Hi"}
RESPONSES, CHAT, EMBEDDINGS = "responses.create", "chat.completions.create", "embeddings.create"

# The path of an endpoint, and a good body.
GOOD: dict[str, tuple[str, Body]] = {
    RESPONSES: ("/v1/responses", {"model": "gpt-4.1", "input": "Hi"}),
    CHAT: ("/v1/chat/completions", {"model": "gpt-4.1", "messages": [HI]}),
    EMBEDDINGS: ("/v1/embeddings", {"model": "text-embedding-3-small", "input": "Hi"}),
    "responses.input_tokens.count": ("/v1/responses/input_tokens", {}),
    "chat.completions.update": ("/v1/chat/completions/{completion}", {"metadata": {}}),
    "conversations.create": ("/v1/conversations", {}),
    "conversations.update": ("/v1/conversations/{conversation}", {"metadata": {}}),
    "conversations.items.create": ("/v1/conversations/{conversation}/items", {"items": [HI]}),
    "moderations.create": ("/v1/moderations", {"input": "Hi"}),
    "batches.create": (
        "/v1/batches",
        {"input_file_id": "file-x", "endpoint": "/v1/responses", "completion_window": "24h"},
    ),
}
CHAT_BODY = GOOD[CHAT][1]


class Answer(NamedTuple):
    """A refusal: its status, and the members of the error object. Status 200 and nothing else where there is none."""

    status: int
    type: str | None = None
    code: str | None = None
    param: str | None = None
    message: str = ""


class Case(NamedTuple):
    """A request, and the refusal that is expected."""

    body: Body
    expected: Answer


def listing(options: Sequence[str], word: str = "and") -> str:
    """Join options as the API does: `'a' and 'b'`, but `'a', 'b', and 'c'`."""
    quoted = [f"'{option}'" for option in options]
    if len(quoted) < 3:
        return f" {word} ".join(quoted)
    return f"{', '.join(quoted[:-1])}, {word} {quoted[-1]}"


def refused(code: str | None, param: str | None, message: str, status: int = 400) -> Answer:
    return Answer(status, BAD, code, param, message)


def missing(param: str) -> Answer:
    return refused("missing_required_parameter", param, f"Missing required parameter: '{param}'.")


def bad_value(param: str, value: str, options: Sequence[str]) -> Answer:
    return refused("invalid_value", param, f"Invalid value: '{value}'. Supported values are: {listing(options)}.")


def wrong_type(param: str, expected: str, got: str) -> Answer:
    return refused("invalid_type", param, f"Invalid type for '{param}': expected {expected}, but got {got} instead.")


def unknown(param: str, near: Sequence[str] = ()) -> Answer:
    hint = f" Did you mean {listing(near, 'or')}?" if near else ""
    return refused("unknown_parameter", param, f"Unknown parameter: '{param}'.{hint}")


class Asker:
    """A sandbox with a conversation and a stored completion in it."""

    def __init__(self) -> None:
        self.core = Core(seed=7, now=0)
        stored = CHAT_BODY | {"store": True}
        self.made = {
            "conversation": self.send("POST", "/v1/conversations", {"items": [HI]})[1]["id"],
            "completion": self.send("POST", "/v1/chat/completions", stored)[1]["id"],
            "response": self.send("POST", "/v1/responses", GOOD[RESPONSES][1])[1]["id"],
        }

    def send(self, method: str, path: str, body: Any = None, query: str = "") -> tuple[int, Any]:
        """Send a request and return status and parsed reply, None for one that is streamed or no JSON."""
        raw = b"" if body is None else to_json(body)
        reply = self.core.handle(Request(method, path, KEY, raw, query))
        self.core.requests.clear()
        return reply.status, from_json(reply.body) if isinstance(reply.body, bytes) else None

    def ask(self, method: str, path: str, body: Any = None, query: str = "") -> Answer:
        """Send a request and return how it is refused."""
        status, parsed = self.send(method, path, body, query)
        if status == 200:
            return Answer(200)
        error = parsed["error"]
        assert error.keys() == {"message", "type", "param", "code"}
        return Answer(status, error["type"], error["code"], error["param"], error["message"])

    def post(self, endpoint: str, body: Body) -> Answer:
        """Send a body to an endpoint."""
        return self.ask("POST", GOOD[endpoint][0].format(**self.made), body)

    def differing(self, endpoint: str, cases: Iterable[Case]) -> list[str]:
        """Send the cases, and report those whose answer is not the expected one."""
        answers = ((case, self.post(endpoint, case.body)) for case in cases)
        return [report(case.body, case.expected, got) for case, got in answers if got != case.expected]


def report(asked: object, expected: object, got: object) -> str:
    return f"{str(asked)[:300]}\n  expected: {expected}\n  got:      {got}"


def check(wrong: list[str], number: int, least: int) -> None:
    """Fail if something is wrong, or if there were fewer cases than there have to be."""
    assert not wrong, f"{len(wrong)} of {number}:\n" + "\n".join(wrong[:20])
    assert number >= least
