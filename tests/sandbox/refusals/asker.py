"""A sandbox that is asked many requests, and endpoints by the names that the schemas give them."""

from collections.abc import Iterable
from typing import Any, NamedTuple

from openai_sandbox.core import Core

from ...good_requests import (
    BATCH,
    BATCHES,
    CHAT,
    CONVERSATIONS,
    EMBEDDINGS,
    HI,
    MODERATIONS,
    RESPONSES,
    SMALL,
    VECTOR_STORES,
)
from ...good_requests import WITHOUT_REASONING as PLAIN
from ..client import ask
from .answers import Answer, answer_of

Body = dict[str, Any]
Told = tuple[int, str | None, str | None, str]
"""Status, code, param and message of a refusal."""

CREATE_RESPONSE, CREATE_COMPLETION, CREATE_EMBEDDINGS = (
    "responses.create",
    "chat.completions.create",
    "embeddings.create",
)

# The path of an endpoint, and a good body.
GOOD: dict[str, tuple[str, Body]] = {
    CREATE_RESPONSE: (RESPONSES, PLAIN | {"input": "Hi"}),
    CREATE_COMPLETION: (CHAT, PLAIN | {"messages": [HI]}),
    CREATE_EMBEDDINGS: (EMBEDDINGS, SMALL | {"input": "Hi"}),
    "responses.input_tokens.count": (f"{RESPONSES}/input_tokens", {}),
    "chat.completions.update": (f"{CHAT}/{{completion}}", {"metadata": {}}),
    "conversations.create": (CONVERSATIONS, {}),
    "conversations.update": (f"{CONVERSATIONS}/{{conversation}}", {"metadata": {}}),
    "conversations.items.create": (f"{CONVERSATIONS}/{{conversation}}/items", {"items": [HI]}),
    "moderations.create": (MODERATIONS, {"input": "Hi"}),
    "batches.create": (BATCHES, BATCH),
    "vector_stores.create": (VECTOR_STORES, {}),
    "vector_stores.update": (f"{VECTOR_STORES}/{{vector_store}}", {}),
    "vector_stores.search": (f"{VECTOR_STORES}/{{vector_store}}/search", {"query": "Hi"}),
}
CHAT_BODY = GOOD[CREATE_COMPLETION][1]


class Case(NamedTuple):
    """A request, and the refusal that is expected."""

    body: Body
    expected: Answer


class Asker:
    """A sandbox with a conversation, a stored completion, a response and a vector store in it."""

    def __init__(self) -> None:
        self.core = Core(seed=7, now=0)
        stored = CHAT_BODY | {"store": True}
        self.made = {
            "conversation": self.send("POST", CONVERSATIONS, {"items": [HI]})["id"],
            "completion": self.send("POST", CHAT, stored)["id"],
            "vector_store": self.send("POST", VECTOR_STORES, {})["id"],
            "response": self.send("POST", RESPONSES, GOOD[CREATE_RESPONSE][1])["id"],
        }

    def send(self, method: str, path: str, body: Any = None) -> Any:
        """Send a request that is answered, and return the parsed reply."""
        reply = ask(self.core, method, path, json=body)
        assert reply.status_code == 200, reply.text
        return reply.json()

    def ask(self, method: str, path: str, body: Any = None) -> Answer:
        """Send a request and return how it is refused."""
        reply = ask(self.core, method, path, json=body)
        self.core.requests.clear()
        return answer_of(reply)

    def post(self, endpoint: str, body: Body) -> Answer:
        """Send a body to an endpoint."""
        return self.ask("POST", GOOD[endpoint][0].format(**self.made), body)

    def told(self, path: str, body: Body) -> Told:
        """Send a body to a path, and return what its sender is told."""
        answer = self.ask("POST", path, body)
        return answer.status, answer.code, answer.param, answer.message

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
